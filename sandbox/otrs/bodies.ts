import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createIntake, type FileContent } from '../jira/file-content.ts';
import { fromBase64, toBase64 } from './base64.ts';

/** A request whose files were read as they came: each stands in the text as `Content: "file:<number>"`. */
export interface Body {
  readonly text: string;
  readonly files: readonly FileContent[];
}

const BEGIN = '"Content":"';

/** Reads the body of a request and keeps of its files what the sandbox keeps of files. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const files: FileContent[] = [];
  const parts: string[] = [];
  let pending = '';
  let intake: ReturnType<typeof createIntake> | undefined;
  let decode = fromBase64();
  let isEmpty = true;

  /** Goes on as far as the characters reach; false asks for more. */
  const step = (): boolean => {
    if (intake === undefined) {
      const begin = pending.indexOf(BEGIN);
      const safe = begin < 0 ? Math.max(0, pending.length - BEGIN.length) : begin + BEGIN.length;
      parts.push(pending.slice(0, safe));
      pending = pending.slice(safe);
      intake = begin < 0 ? undefined : createIntake();
      return begin >= 0;
    }

    const end = pending.indexOf('"');
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

/** Sends JSON in which every content of a file is written as base64 while it is read. */
export async function sendJson(response: ServerResponse, status: number, value: object): Promise<void> {
  const contents: FileContent[] = [];
  const place = `content-${randomUUID()}`;
  const text = JSON.stringify(value, (key, each) => {
    if (key !== 'Content' || typeof each !== 'object') {
      return each;
    }
    contents.push(each as FileContent);
    return place;
  });
  const parts = text.split(place);
  response.writeHead(status, { 'Content-Type': 'application/json; charset=UTF-8' });
  await pipeline(Readable.from(written(parts, contents)), response);
}

async function* written(parts: readonly string[], contents: readonly FileContent[]): AsyncGenerator<string> {
  for (const [at, part] of parts.entries()) {
    yield part;
    const bytes = contents[at]?.open();
    yield* bytes === undefined ? [] : toBase64(bytes);
  }
}
