import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FileContent } from '../../../src/connector.ts';

/** A body that is made as it is sent; its length is known before. */
export interface MultipartBody {
  readonly contentType: string;
  readonly length: number;
  open(): Readable;
}

/** A form with one file, as JIRA wants it: the name in plain UTF-8, which is what browsers send. */
export function multipartOf(file: FileContent): MultipartBody {
  const boundary = `otrs-jira-bridge-${randomUUID()}`;
  const disposition = `form-data; name="file"; filename="${storedName(file.name)}"`;
  const head = [`--${boundary}`, `Content-Disposition: ${disposition}`, `Content-Type: ${mediaTypeOf(file)}`, '', ''];
  const before = Buffer.from(head.join('\r\n'), 'utf8');
  const behind = Buffer.from(`\r\n--${boundary}--\r\n`, 'utf8');
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: before.length + file.size + behind.length,
    open: () => Readable.from(partsOf(before, file, behind), { objectMode: false }),
  };
}

async function* partsOf(before: Buffer, file: FileContent, behind: Buffer): AsyncGenerator<Buffer> {
  yield before;
  yield* file.open();
  yield behind;
}

/**
 * The name under which a file is sent and found again: no folders, nothing that ends a header or its quotes, nothing that
 * JIRA refuses or replaces. Letters of any alphabet stay.
 */
export function storedName(name: string): string {
  const clean = name
    .toWellFormed()
    .normalize('NFC')
    .replace(/^.*[/\\]/u, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '')
    .replaceAll('"', "'")
    .replaceAll(/[:?*<>|%$]/g, '_')
    .trim();
  return clean === '' ? 'file' : cut(clean);
}

/** JIRA's column has 255 characters; the extension stays. */
const LONGEST = 250;

function cut(name: string): string {
  const letters = [...name];
  return letters.length <= LONGEST ? name : `${letters.slice(0, LONGEST - 40).join('')}…${letters.slice(-39).join('')}`;
}

function mediaTypeOf({ contentType }: FileContent): string {
  return /^[\w.+-]+\/[\w.+-]+/.exec(contentType)?.[0] ?? 'application/octet-stream';
}
