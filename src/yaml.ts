import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { ZodType } from 'zod';
import { BridgeError, toSentence } from './errors.ts';
import { type Path, showPath } from './schema-shape.ts';
import { explainIssues } from './yaml-faults.ts';

/** One defect of a YAML file, in words for the person who edits it. Never quotes the value of an option. */
export interface Fault {
  readonly file: string;
  /** Counted from 1, as is the column. */
  readonly line: number;
  readonly column: number;
  /** Where in the document, e.g. `otrs.base_url` or `rules[2].priority`; empty for the document as a whole. */
  readonly path: string;
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly help: string;
}

export type Parsed<Value> = { readonly value: Value } | { readonly faults: readonly Fault[] };

/** What a file says, before any schema, and the way from a path back to its line. */
export interface YamlFile {
  /** An empty file says `{}`. */
  readonly data: unknown;
  /** Defects of the YAML itself. */
  readonly faults: readonly Fault[];
  /** False if the YAML is so broken that checking `data` against a schema would only add noise. */
  readonly readable: boolean;
  /** A fault at the value of the path, or at its key, or at the nearest section that is there. */
  fault(path: Path, at: 'key' | 'value', message: string, help: string): Fault;
}

/**
 * Reads YAML text and checks it against a schema. All faults are found at once, each with line and column.
 * `file` is the name to show in faults. Throws nothing.
 */
export function parseYaml<Value>(text: string, file: string, schema: ZodType<Value>): Parsed<Value> {
  return checkYaml(readYaml(text, file), schema);
}

/** Checks what was read against a schema; `data` takes the place of `source.data`, e.g. after substitution. */
export function checkYaml<Value>(source: YamlFile, schema: ZodType<Value>, data: unknown = source.data): Parsed<Value> {
  if (!source.readable) {
    return { faults: source.faults };
  }

  const result = schema.safeParse(data);

  if (result.success && source.faults.length === 0) {
    return { value: result.data };
  }

  const found = result.success ? [] : explainIssues(result.error.issues, schema, data, source);
  return { faults: [...source.faults, ...found].sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** Reads YAML text without a schema. Throws nothing: `faults` tells what is wrong with the YAML. */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  const positioned = (offset: number, path: string, message: string, help: string): Fault => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), path, message, help };
  };

  const isDoubled = document.errors.some(({ code }) => code === 'DUPLICATE_KEY');
  const doubles = isDoubled ? explainDoubles(document, lines) : undefined;
  const faults = withoutConsequences(document.errors).map((error) => {
    const [message, help] =
      doubles?.get(error.pos[0]) ?? explainSyntax(/end with a [\]}]/.test(error.message) ? UNCLOSED : error.code);
    return positioned(error.pos[0], '', message, help);
  });
  const onlyDoubled = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  const content = onlyDoubled ? toData(document) : undefined;

  if (onlyDoubled && content === undefined) {
    const undefinedAlias = findUndefinedAlias(document);
    const [message, help] =
      undefinedAlias === undefined
        ? ['aliases multiply without end', 'Write the values out.']
        : explainSyntax('BAD_ALIAS');
    faults.push(positioned(undefinedAlias ?? 0, '', message, help));
  }

  return {
    data: content?.data ?? {},
    faults,
    readable: content !== undefined,
    fault: (path, at, message, help) => positioned(offsetOf(document, path, at), showPath(path), message, help),
  };
}

/** The faults that a `CONFIGURATION_INVALID` carries; none for any other error. */
export function faultsOf(error: unknown): readonly Fault[] {
  const faults = error instanceof BridgeError ? error.details.faults : undefined;
  return Array.isArray(faults) ? faults : [];
}

/** `file:line:column path: what. what to do`, on one line. */
export function describeFault(fault: Fault): string {
  const place = fault.path === '' ? '' : ` ${fault.path}`;
  const text = `${fault.file}:${fault.line}:${fault.column}${place}: ${toSentence(fault.message)} ${fault.help}`;

  return text.replaceAll('\n', ' ').trimEnd();
}

/** Undefined where aliases cannot be resolved within reason. */
function toData(document: Document): { readonly data: unknown } | undefined {
  try {
    return { data: document.toJS({ maxAliasCount: 100 }) ?? {} };
  } catch {
    return undefined;
  }
}

/** Where an alias stands whose anchor does not exist, if there is one. */
function findUndefinedAlias(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      offset ??= alias.resolve(document) === undefined ? alias.range?.[0] : undefined;
    },
  });
  return offset;
}

function offsetOf(document: Document, path: Path, at: 'key' | 'value'): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;

  for (const [depth, step] of path.entries()) {
    const section: unknown = isAlias(node) ? node.resolve(document) : node;
    const pair = isMap(section)
      ? section.items.findLast((item) => isScalar(item.key) && String(item.key.value ?? '') === String(step))
      : undefined;
    const child: unknown = isSeq(section) ? section.items[Number(step)] : pair?.value;
    const key = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
    const isLast = depth === path.length - 1;

    if (pair === undefined && child === undefined) {
      return offset;
    }

    node = isNode(child) ? child : null;
    const value = isScalar(node) && node.source === '' ? undefined : node?.range?.[0];
    offset = (isLast && at === 'key' ? key : (value ?? key)) ?? offset;
  }

  return offset;
}

function isNode(value: unknown): value is Node {
  return isAlias(value) || isScalar(value) || isMap(value) || isSeq(value);
}

/** A tab or a wrong indentation makes the parser stumble over lines that are right: the first one tells all there is to tell. */
function withoutConsequences(errors: Document['errors']): Document['errors'] {
  const tab = errors.find(({ code }) => code === 'TAB_AS_INDENT');
  const indent = errors.find(({ code }) => code === 'BAD_INDENT');
  return tab === undefined ? errors.filter((error) => error.code !== 'BAD_INDENT' || error === indent) : [tab];
}

/** For each key that stands in its section already, by its offset: what is wrong. */
function explainDoubles(document: Document, lines: LineCounter): ReadonlyMap<number, readonly [string, string]> {
  const found = new Map<number, readonly [string, string]>();
  visit(document, {
    Map: (_key, { items }) => {
      const first = new Map<unknown, number>();
      for (const { key } of items) {
        const offset = isScalar(key) ? key.range?.[0] : undefined;
        const earlier = isScalar(key) ? first.get(key.value) : undefined;
        if (!isScalar(key) || offset === undefined) {
          continue;
        }
        if (earlier === undefined) {
          first.set(key.value, offset);
        } else {
          const { line } = lines.linePos(earlier);
          found.set(offset, [
            `the key \`${String(key.value)}\` stands in line ${line} already`,
            'Remove one of the two.',
          ]);
        }
      }
    },
  });
  return found;
}

/** The library has no code of its own for it. */
const UNCLOSED = 'UNCLOSED';

/** The library's own texts quote the source, which may be a secret: each code gets a text of ours. */
function explainSyntax(code: string): readonly [message: string, help: string] {
  const known: Readonly<Record<string, readonly [string, string]>> = {
    DUPLICATE_KEY: ['the same key stands twice in one section', 'Remove one of the two.'],
    TAB_AS_INDENT: ['a tab is used as indentation', 'Indent with spaces.'],
    BAD_INDENT: ['the indentation does not fit the lines above', 'Align it with the other keys of its section.'],
    [UNCLOSED]: ['a bracket that opens here or above is not closed', 'Close it with ] or }.'],
    MISSING_CHAR: ['a quote, bracket, comma or space is missing', 'Close it, or put the whole value in quotes.'],
    BAD_DQ_ESCAPE: ['an unknown escape in double quotes', 'Write \\\\ for a backslash, or use single quotes.'],
    BAD_SCALAR_START: ['a value begins with a reserved character', 'Put the value in quotes.'],
    BAD_ALIAS: ['an alias without a name, or one that is not defined', 'Put a value that begins with * in quotes.'],
    MULTILINE_IMPLICIT_KEY: ['a key goes over several lines', 'Look for a colon that is missing here or a line above.'],
    BLOCK_AS_IMPLICIT_KEY: ['a second `key:` on one line', 'Put the value in quotes, or begin a new line.'],
    MULTIPLE_DOCS: ['the file holds several documents', 'Remove the line ---.'],
    TAG_RESOLVE_FAILED: ['an unknown tag', 'Put a value that begins with ! in quotes.'],
    BLOCK_IN_FLOW: ['an indented section inside brackets', 'Write the list or section without brackets.'],
    RESOURCE_EXHAUSTION: ['the sections are nested too deeply', 'Is this the right file?'],
    UNEXPECTED_TOKEN: ['something stands here that YAML does not expect', 'Check the line above, quotes and brackets.'],
  };

  return known[code] ?? [`broken YAML (${code})`, 'Check this line and the one above.'];
}
