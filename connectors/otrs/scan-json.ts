import type { DocumentReader, Sink } from './document.ts';
import { createJsonText } from './json-text.ts';

const DEEPEST = 100;
const LONGEST_TOKEN = 40;

const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Reads a JSON document as it comes, in the memory of one piece of it. It is lenient about commas: what is wrong there
 * OTRS does not write. Throws a `SyntaxError` for what is no JSON, and for a document that ends too early.
 */
export async function scanJson(chunks: AsyncIterable<Buffer>, reader: DocumentReader): Promise<void> {
  const place = createPlace(reader);
  const text = createJsonText();
  let target: Sink | 'keep' | 'skip' | 'key' | undefined;

  const beginString = () => {
    target = place.expectsKey() ? 'key' : reader.string(place.path());
    text.begin(target === 'key' ? 'keep' : target);
  };
  const endString = () => {
    if (target === 'key') {
      place.takeKey(text.kept());
    } else {
      place.takeString(target === 'keep' ? text.kept() : undefined);
    }
    target = undefined;
  };

  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      if (target !== undefined) {
        const { next, isEnd } = await text.take(chunk, at);
        at = next;
        if (isEnd) {
          endString();
        }
        continue;
      }

      const byte = chunk[at] ?? 0;
      at += 1;
      if (byte === QUOTE) {
        beginString();
      } else {
        await place.step(byte);
      }
    }
  }
  place.finish(target !== undefined);
}

interface Container {
  readonly path: string;
  readonly kind: 'object' | 'list';
  key: string | undefined;
}

/** Where in the document the reading is, and everything outside of strings. */
function createPlace(reader: DocumentReader) {
  const stack: Container[] = [];
  const token = createToken();
  let isOver = false;

  const path = () => {
    const top = stack.at(-1);
    return top?.kind === 'object' ? join(top.path, top.key ?? '') : (top?.path ?? '');
  };
  const finishValue = () => {
    isOver = stack.length === 0;
    const top = stack.at(-1);
    if (top?.kind === 'object') {
      top.key = undefined;
    }
  };
  const finishToken = () => {
    const value = token.take();
    if (value !== undefined) {
      reader.value(path(), value);
      finishValue();
    }
  };
  const open = (kind: Container['kind']) => {
    const top = { path: path(), kind, key: undefined };
    stack.push(top);
    if (stack.length > DEEPEST) {
      throw new SyntaxError(`more than ${DEEPEST} levels`);
    }
    return kind === 'object' ? reader.begin?.(top.path) : undefined;
  };
  const close = (kind: Container['kind']) => {
    finishToken();
    const top = stack.pop();
    if (top?.kind !== kind) {
      throw new SyntaxError('brackets that do not match');
    }
    finishValue();
    return kind === 'object' ? reader.end?.(top.path) : undefined;
  };
  return {
    path,
    expectsKey: () => stack.at(-1)?.kind === 'object' && stack.at(-1)?.key === undefined,
    takeKey(key: string) {
      const top = stack.at(-1);
      if (top !== undefined) {
        top.key = key;
      }
    },
    takeString(kept: string | undefined) {
      if (kept !== undefined) {
        reader.value(path(), kept);
      }
      finishValue();
    },
    step(byte: number): Promise<void> | void {
      switch (byte) {
        case OPEN_OBJECT:
          return open('object');
        case OPEN_LIST:
          return open('list');
        case CLOSE_OBJECT:
          return close('object');
        case CLOSE_LIST:
          return close('list');
        case COMMA:
        case COLON:
          return finishToken();
        default:
          return byte <= BLANK ? finishToken() : token.add(byte, isOver);
      }
    },
    finish(isInString: boolean) {
      finishToken();
      if (!isOver || isInString) {
        throw new SyntaxError('the document ends too early');
      }
    },
  };
}

/** What stands outside of strings and brackets: a number or one of three words. */
function createToken() {
  let token = '';
  return {
    add(byte: number, isOver: boolean) {
      if (isOver || token.length > LONGEST_TOKEN) {
        throw new SyntaxError('characters that belong to no value');
      }
      token += String.fromCharCode(byte);
    },
    take(): string | undefined {
      const taken = token;
      token = '';
      if (taken !== '' && !/^(?:true|false|null|-?\d[\d.eE+-]*)$/.test(taken)) {
        throw new SyntaxError(`«${taken}» is no JSON`);
      }
      return taken === '' ? undefined : taken;
    },
  };
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
