import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Fault } from '../yaml.ts';

/** What a file of the mappings folder says, with Unix line ends and without a byte order mark; or why it cannot be read. */
export type MappingText = { readonly text: string } | { readonly fault: Fault };

/** No mapping that people write is longer, and a longer one would hold the bridge up while it is compiled. */
const LONGEST = 256_000;

const reasons: Readonly<Record<string, readonly [message: string, help: string]>> = {
  ENOENT: [
    'the file is missing',
    'Put it there, or point `mappings` of the configuration (or --mappings) at the right folder.',
  ],
  EISDIR: ['this is a folder and not a file', 'Put a file of this name in its place.'],
  ELOOP: ['the link leads back to itself', 'Put the file itself there, or mend the link.'],
  EACCES: ['the file cannot be read (EACCES)', 'Let the bridge’s account read it.'],
};

/** Reads one file of the mappings folder. Throws nothing: whatever lies there is a text or a fault. */
export async function readMappingText(place: string): Promise<MappingText> {
  const file = shownName(place);
  try {
    // Without `O_NONBLOCK` a named pipe would be waited for without end.
    await using handle = await open(place, constants.O_RDONLY | constants.O_NONBLOCK);
    const about = await handle.stat();
    if (!about.isFile()) {
      return fault(file, reasons.EISDIR ?? ['this is not a file', '']);
    }
    if (about.size > LONGEST) {
      return fault(file, [
        `the file is too long: ${about.size} bytes`,
        `Keep it below ${LONGEST} bytes; is it the right file?`,
      ]);
    }
    return decode(await handle.readFile(), file);
  } catch (thrown) {
    const { code = 'unknown' } = thrown as NodeJS.ErrnoException;
    return fault(file, reasons[code] ?? [`the file cannot be read (${code})`, 'Let the bridge’s account read it.']);
  }
}

/** The name to show in faults: relative to where the command was given, where that is shorter. */
export function shownName(place: string): string {
  const near = relative(process.cwd(), resolve(place));
  return near.startsWith('..') ? place : near;
}

function decode(bytes: Buffer, file: string): MappingText {
  const text = new TextDecoder('utf-8').decode(bytes).replaceAll('\r\n', '\n');
  if (isUtf8(bytes)) {
    return { text };
  }

  const before = text.slice(0, Math.max(0, text.indexOf('\uFFFD'))).split('\n');
  const column = (before.at(-1) ?? '').length + 1;
  return fault(file, ['the file is not UTF-8 text', 'Save it as UTF-8.'], before.length, column);
}

function fault(file: string, [message, help]: readonly [string, string], line = 1, column = 1): MappingText {
  return { fault: { file, line, column, path: '', message, help } };
}
