import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createIntake, type FileContent } from '../../jira/file-content.ts';
import { fromBase64, toBase64 } from './base64.ts';

/** A request whose files were read as they came: each stands in the text as `file:<number>` in place of its content. */
export interface Body {
  readonly text: string;
  readonly files: readonly FileContent[];
}

/** Where the base64 of a file begins, and the character that ends it. */
export interface Framing {
  readonly begin: RegExp;
  readonly end: string;
}

export const JSON_FILES: Framing = { begin: /"Content"\s*:\s*"/, end: '"' };
export const XML_FILES: Framing = { begin: /<(?:[\w.-]+:)?Content(?:\s[^<>]*[^<>/])?>/, end: '<' };

/** Characters that the longest beginning may have. */
const LONGEST_BEGIN = 256;

/** Reads the body of a request and keeps of its files what the sandbox keeps of files. */
export async function readBody(request: IncomingMessage, { begin, end: terminator }: Framing): Promise<Body> {
  const files: FileContent[] = [];
  const parts: string[] = [];
  let pending = '';
  let intake: ReturnType<typeof createIntake> | undefined;
  let decode = fromBase64();
  let isEmpty = true;

  /** Goes on as far as the characters reach; false asks for more. */
  const step = (): boolean => {
    if (intake === undefined) {
      const found = begin.exec(pending);
      const safe = found === null ? Math.max(0, pending.length - LONGEST_BEGIN) : found.index + found[0].length;
      parts.push(pending.slice(0, safe));
      pending = pending.slice(safe);
      intake = found === null ? undefined : createIntake();
      return found !== null;
    }

    const end = pending.indexOf(terminator);
    isEmpty &&= pending === '' || end === 0;
    intake.write(decode(end < 0 ? pending : pending.slice(0, end)));
    pending = end < 0 ? '' : pending.slice(end);
    if (end < 0) {
      return false;
    }

    intake.write(decode());
    intake.end();
    // Nothing at all is refused, so it has to stay nothing.
    parts.push(isEmpty ? '' : `file:${files.length}`);
    files.push(...(isEmpty ? [] : [intake.content()]));
    intake = undefined;
    decode = fromBase64();
    isEmpty = true;
    return true;
  };

  for await (const chunk of request) {
    pending += (chunk as Buffer).toString('latin1');
    while (step()) {}
  }
  parts.push(pending);
  return { text: Buffer.from(parts.join(''), 'latin1').toString('utf8'), files };
}

/** A text with a file between each part and the next. */
export interface Answer {
  readonly parts: readonly string[];
  readonly contents: readonly FileContent[];
}

/** JSON in which every content of a file stands as base64. */
export function toJson(value: object): Answer {
  const contents: FileContent[] = [];
  const place = `content-${randomUUID()}`;
  const text = JSON.stringify(value, (key, each) => {
    if (key !== 'Content' || typeof each !== 'object') {
      return each;
    }
    contents.push(each as FileContent);
    return place;
  });
  return { parts: text.split(place), contents };
}

/** The text with its files, which are encoded while they are read. */
export function sendable(answer: Answer): Readable {
  return Readable.from(written(answer));
}

/** Sends an answer whose files are encoded while they are read. */
export async function sendAnswer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  answer: Answer,
): Promise<void> {
  response.writeHead(status, { ...headers, 'Content-Length': lengthOf(answer) });
  await pipeline(sendable(answer), response);
}

export function lengthOf({ parts, contents }: Answer): number {
  const ofFiles = contents.map((content) => (content.open() === undefined ? 0 : Math.ceil(content.size / 3) * 4));
  return [...parts.map((part) => Buffer.byteLength(part)), ...ofFiles].reduce((sum, bytes) => sum + bytes, 0);
}

async function* written({ parts, contents }: Answer): AsyncGenerator<string> {
  for (const [at, part] of parts.entries()) {
    yield part;
    const bytes = contents[at]?.open();
    yield* bytes === undefined ? [] : toBase64(bytes);
  }
}
