import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Places that are remembered: the same fault, met again and again, is looked up once. */
const REMEMBERED = 500;

const LONGEST_LINE = 1_000;

/** Only the lines of places are searched, and no longer words than a path: a message can be of any length and make. */
const LINE = /^ {4}at .+$/gm;
const PLACE = /(?:file:\/\/)?(\/[^\s():]{1,300}\.js):(\d+):(\d+)/;

/**
 * Tells places in the one shipped program as places in its sources, where `npm run build` left the maps beside it. Node
 * does the same with `--enable-source-maps`, but keeps the maps in memory from then on, some 60 MB of them.
 */
export function createStackReader(): (stack: string) => string {
  const known = new Map<string, string>();

  return (stack) => {
    const maps = new Map<string, SourceMap | undefined>();
    const read = (place: string, file: string, line: string, column: string) => {
      const remembered = known.get(place);
      if (remembered !== undefined) {
        return remembered;
      }

      const map = maps.has(file) ? maps.get(file) : mapOf(file);
      maps.set(file, map);
      const source = map === undefined ? place : (sourceOf(map, Number(line), Number(column)) ?? place);
      if (known.size >= REMEMBERED) {
        known.clear();
      }
      known.set(place, source);
      return source;
    };
    return stack.replaceAll(LINE, (line) => (line.length > LONGEST_LINE ? line : line.replace(PLACE, read)));
  };
}

/** Nothing about a stack is worth an error of its own. */
function mapOf(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload);
  } catch {
    return undefined;
  }
}

function sourceOf(map: SourceMap, line: number, column: number): string | undefined {
  const origin = map.findOrigin(line, column);
  return 'fileName' in origin ? `${pathOf(origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}` : undefined;
}

function pathOf(source: string): string {
  return source.startsWith('file://') ? fileURLToPath(source) : source.replace(/^(?:\.\.\/)+/, '');
}
