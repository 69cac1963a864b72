import { fileTypeFromBuffer } from 'file-type';
import type { FileLook } from '../domain/file-content.ts';
import type { Spool } from './spool.ts';
import { readZipDirectory } from './zip-directory.ts';

/** Bytes from the beginning that tell what a file is. */
const HEAD = 64 * 1024;

/** Other names that `file-type` has for what is refused or permitted in the same way. */
const aliases: Readonly<Record<string, string>> = { apng: 'png', 'tar.gz': 'gz', dng: 'tif', shortcut: 'lnk' };

/** How a zip archive begins; the second one is empty, the third one was split. */
const packed = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'];

/** What a file is, by its bytes and not by its name; an archive by its own list, nothing is unpacked. */
export async function lookAt(spool: Spool): Promise<FileLook> {
  const head = await spool.part(0, HEAD);
  const kind = await kindOf(head);
  return kind === 'zip' ? { kind, archive: await readZipDirectory(spool) } : { kind };
}

async function kindOf(head: Buffer): Promise<string> {
  if (packed.includes(head.toString('latin1', 0, 4))) {
    return 'zip';
  }

  const detected = await fileTypeFromBuffer(head);
  if (detected !== undefined && detected.ext !== 'xml') {
    return aliases[detected.ext] ?? detected.ext;
  }

  const known = magic.find(({ begin }) => head.subarray(0, begin.length).equals(begin));
  return known?.kind ?? kindOfText(head);
}

const magic = [
  { begin: Buffer.from('MZ'), kind: 'exe' },
  { begin: Buffer.from('BM'), kind: 'bmp' },
  { begin: Buffer.from('#!'), kind: 'script' },
] as const;

function kindOfText(head: Buffer): string {
  const text = decode(head);
  if (text === undefined) {
    return 'unknown';
  }

  const begin = text
    .slice(0, 4_096)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (/^(?:<!doctype\s+html|<(?:html|head|body|script|iframe|title|meta)[\s>])/i.test(begin)) {
    return 'html';
  }

  const root = begin
    .replaceAll(/<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!doctype[^>[]*(?:\[[^\]]*\])?[^>]*>/gi, '')
    .trimStart();
  if (/^<(?:\w+:)?svg[\s>]/i.test(root)) {
    return 'svg';
  }

  return /^<(?:\w+:)?html[\s>]/i.test(root) ? 'html' : /^<\?xml/i.test(begin) ? 'xml' : 'text';
}

/** The text, whatever its alphabet; undefined for bytes that are none. What Windows calls Unicode begins with a mark. */
function decode(head: Buffer): string | undefined {
  const mark = head.toString('latin1', 0, 2);
  if (mark === '\xff\xfe' || mark === '\xfe\xff') {
    return new TextDecoder(mark === '\xff\xfe' ? 'utf-16le' : 'utf-16be').decode(head);
  }

  return head.includes(0) ? undefined : head.toString('utf8');
}
