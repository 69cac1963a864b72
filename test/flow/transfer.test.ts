import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { contentOf, generatedContent } from '../../sandbox/jira/file-content.ts';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import type { Desk } from '../../src/connector.ts';
import type { Action } from '../../src/domain/action.ts';
import type { Attachment, Ref } from '../../src/domain/ticket.ts';
import { connectToSandbox } from '../connectors/jira/connected.ts';
import { type Connected, connectSandbox } from '../connectors/otrs/connected.ts';
import { carryFile } from '../support/carry-file.ts';

const signal = new AbortController().signal;
const note = { text: 'Файл', subject: 'Файл', visibility: 'internal' } as const;

let otrs: Connected;
let jira: SandboxJira;
let desks: Readonly<Record<string, Desk>>;
let issue: Ref;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'transfer-test-'));
  otrs = await connectSandbox();
  jira = await startSandboxJira();
  jira.setUploadLimit(100_000_000);
  desks = { otrs: otrs.desk, jira: connectToSandbox(jira).desk };
  const { id, key } = jira.createIssue({ summary: 'Задача' });
  issue = { system: 'jira', id, key };
});

afterEach(async () => {
  expect(readdirSync(folder)).toEqual([]);
  await desks.jira?.close();
  await otrs.stop();
  await jira.stop();
  await rm(folder, { recursive: true });
});

const deskOf = (system: string) => desks[system] as Desk;
const carry = async (from: Ref, to: Ref, attachment: Attachment, options: Parameters<typeof carryFile>[2] = {}) => {
  const { name, contentType, size } = attachment;
  const action: Extract<Action, { do: 'attach' }> = {
    do: 'attach',
    key: `attach:${from.system}:${attachment.id}`,
    ref: to,
    file: { name, contentType, size },
    source: { from, attachment },
    note,
    besides: [],
  };
  return carryFile(action, desks, { folder, ...options });
};

/** A ticket with one file, and that file as a read shows it. */
const ticketWith = async (name: string, bytes: Buffer | { readonly size: number }) => {
  const file = Buffer.isBuffer(bytes) ? { content: contentOf(bytes) } : bytes;
  const ref = otrs.open({ attachments: [{ name, contentType: 'application/octet-stream', ...file }] });
  const [attachment] = (await otrs.desk.read(ref, signal)).attachments;
  return { ref, attachment: attachment as Attachment };
};

describe('carrying a file', () => {
  test('a file of a ticket comes into the issue byte for byte, and its hash is told', async () => {
    const { ref, attachment } = await ticketWith('Журнал обмена.txt', { size: 16_777_217 });

    const { ref: effect, detail } = await carry(ref, issue, attachment);

    const { sha256 } = generatedContent(16_777_217);
    const [arrived] = jira.issue(issue.id).attachments;
    expect(arrived).toMatchObject({ id: effect.id, name: 'Журнал обмена.txt', content: { sha256 } });
    expect(detail).toEqual({ file: 'Журнал обмена.txt', size: 16_777_217, sha256 });
  });

  test('a file of an issue comes into the ticket byte for byte', async () => {
    jira.attach(issue.id, { name: 'Схема обмена.txt', size: 16_777_217 });
    const [attachment] = (await deskOf('jira').read(issue, signal)).attachments;
    const ref = otrs.open();

    await carry(issue, ref, attachment as Attachment);

    const [article] = otrs.sandbox.ticket(ref.id).articles.slice(-1);
    expect(article?.attachments).toMatchObject([
      { name: 'Схема обмена.txt', content: { sha256: generatedContent(16_777_217).sha256 } },
    ]);
  });

  test('a text that was too long goes as a file', async () => {
    const text = 'Очень длинный текст 😀\n'.repeat(10_000);
    const file = { name: 'полный текст.txt', contentType: 'text/plain', size: Buffer.byteLength(text) };
    const action = { do: 'attach', key: 'text:1', ref: issue, file, source: { text }, note, besides: [] } as const;

    await carryFile(action, desks);

    expect(jira.issue(issue.id).attachments[0]?.content.sha256).toBe(contentOf(Buffer.from(text)).sha256);
  });

  test('a file without room for it waits, and nothing is asked for', async () => {
    const { ref, attachment } = await ticketWith('a.txt', { size: 10 });
    const before = otrs.sandbox.calls.length;

    await expect(carry(ref, issue, { ...attachment, size: 2 ** 50 })).rejects.toMatchObject({
      code: 'SPOOL_UNAVAILABLE',
      disposition: 'again',
    });
    await expect(carry(ref, issue, attachment, { folder: join(folder, 'missing') })).rejects.toMatchObject({
      code: 'SPOOL_UNAVAILABLE',
    });
    expect(otrs.sandbox.calls).toHaveLength(before);
  });

  test('a source that breaks off sends nothing on', async () => {
    const { ref, attachment } = await ticketWith('a.txt', { size: 100_000 });
    const body = '{"Ticket":[{"Article":[{"Attachment":[{"Content":"aaaa';
    otrs.sandbox.failNext({ status: 200, body, query: /GetAttachmentContents=1/ });

    await expect(carry(ref, issue, attachment)).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE' });
    expect(jira.issue(issue.id).attachments).toEqual([]);
  });
});

describe('the content of a file', () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const cfb = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1_000)]);
  const jpg = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), randomBytes(100)]);
  const exe = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
  const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n');
  const rar = Buffer.concat([Buffer.from('Rar!\x1a\x07\x01\x00', 'latin1'), randomBytes(50)]);
  const bmp = Buffer.concat([Buffer.from('BM'), Buffer.alloc(100)]);
  const docx = zip({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w/>' });

  test.each<readonly [string, Buffer]>([
    ['снимок.png', png],
    ['снимок.bmp', bmp],
    ['фото.JPG', jpg],
    ['письмо.msg', cfb],
    ['старый.doc', cfb],
    ['старый.doc', Buffer.from('{\\rtf1\\ansi текст}')],
    ['отчёт.docx', docx],
    ['таблица.xls', cfb],
    ['скан.pdf', pdf],
    ['архив.zip', zip({ 'папка/журнал.log': 'строка\n'.repeat(100), 'пусто/': '' })],
    ['архив.zip', zip({})],
    ['архив.zip', docx],
    ['архив.rar', rar],
    ['обмен.xml', Buffer.from('\ufeff<?xml version="1.0"?>\n<обмен/>')],
    ['журнал.log', Buffer.from('2026-11-27 <html> не страница\n')],
    ['журнал.txt', Buffer.from('Проверка кодировки', 'utf16le').fill('\xff\xfe', 0, 2, 'latin1')],
    ['windows-1251.csv', Buffer.from('cff0eee2e5f0eae0', 'hex')],
    ['данные.json', Buffer.from('{"ключ": 1}')],
    ['пустой.pdf', Buffer.alloc(0)],
    ['чертёж.dwg', randomBytes(100)],
  ])('%s may be what it is', async (name, bytes) => {
    const { ref, attachment } = await ticketWith(name, bytes);

    await carry(ref, issue, attachment);

    expect(jira.issue(issue.id).attachments).toHaveLength(1);
  });

  test.each<readonly [string, string, Buffer, string]>([
    ['a program', 'отчёт.pdf', exe, 'content-differs'],
    ['a program', 'чертёж.dwg', exe, 'content-differs'],
    ['a program', 'журнал.log', exe, 'content-differs'],
    ['a page', 'снимок.png', Buffer.from('<!DOCTYPE html><html><script>1</script>'), 'content-differs'],
    [
      'a drawing with scripts',
      'снимок.jpg',
      Buffer.from('<?xml version="1.0"?><svg onload="x()"/>'),
      'content-differs',
    ],
    ['a page', 'таблица.xls', Buffer.from('<html><table>'), 'content-differs'],
    ['an archive', 'снимок.bmp', zip({ 'a.txt': 'a' }), 'content-differs'],
    ['an archive', 'отчёт.docx', zip({ 'a.txt': 'a' }), 'content-differs'],
    ['another image', 'снимок.png', jpg, 'content-differs'],
    ['bytes', 'журнал.txt', Buffer.from([1, 2, 0, 3]), 'content-differs'],
    ['bytes', 'архив.zip', randomBytes(100), 'content-differs'],
    ['a document with a password', 'отчёт.docx', cfb, 'encrypted'],
    ['an archive with a password', 'архив.zip', zip({ 'a.txt': 'a' }, { flags: 0x801 }), 'encrypted'],
    ['an archive with a program', 'архив.zip', zip({ 'a.txt': 'a', 'папка/Счёт.pdf.exe': 'a' }), 'archive-unsafe'],
    [
      'an archive with macros',
      'отчёт.docx',
      zip({ '[Content_Types].xml': '', 'word/vbaProject.bin': 'a' }),
      'archive-unsafe',
    ],
    ['an archive in an archive', 'архив.zip', zip({ 'ещё.zip': 'a' }), 'archive-unsafe'],
    ['an archive that leads outside', 'архив.zip', zip({ '../../etc/cron.d/a.txt': 'a' }), 'archive-unsafe'],
    ['an archive bomb', 'архив.zip', zip({ 'a.txt': 'a' }, { size: 0xfffffff0 }), 'archive-unsafe'],
    ['an archive without an end', 'архив.zip', zip({ 'a.txt': 'a' }).subarray(0, -30), 'archive-unsafe'],
    ['an archive of many', 'архив.zip', zip(many(10_001)), 'archive-unsafe'],
    ['an archive with an empty list', 'архив.zip', pointing(zip({ 'a.exe': 'a' }), { length: 0 }), 'archive-unsafe'],
    [
      'an archive with a list that is nowhere',
      'архив.zip',
      pointing(zip({ 'a.exe': 'a' }), { offset: 0xf0_00_00_00 }),
      'archive-unsafe',
    ],
    ['an archive with two lists', 'архив.zip', twoLists(), 'archive-unsafe'],
  ])('%s under the name %s is refused and sent nowhere', async (_, name, bytes, reason) => {
    const { ref, attachment } = await ticketWith(name, bytes);

    await expect(carry(ref, issue, attachment)).rejects.toMatchObject({ code: 'FILE_REFUSED', details: { reason } });
    expect(jira.issue(issue.id).attachments).toEqual([]);
    await carry(ref, issue, attachment, { content: 'ignored' });
    expect(jira.issue(issue.id).attachments).toHaveLength(1);
  });
});

function many(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}.txt`, '']));
}

/** An archive as any program writes one; `size` lies about the size of what is in it. */
function zip(files: Record<string, string>, { flags = 0x800, size }: { flags?: number; size?: number } = {}): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const packed = deflateRawSync(Buffer.from(text));
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(size ?? Buffer.byteLength(text), 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, tail, Buffer.from(name)]));
    bodies.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  const listed = Buffer.concat(directory);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, listed, end]);
}

/** The archive with an end that tells other things about its list. */
function pointing(archive: Buffer, { length, offset }: { length?: number; offset?: number }): Buffer {
  const told = Buffer.from(archive);
  told.writeUInt32LE(length ?? told.readUInt32LE(told.length - 10), told.length - 10);
  told.writeUInt32LE(offset ?? told.readUInt32LE(told.length - 6), told.length - 6);
  return told;
}

/** The end points to the list of a harmless archive; many programs take the one that stands right before it. */
function twoLists(): Buffer {
  const harmless = zip({ 'a.txt': 'a' });
  const offset = harmless.readUInt32LE(harmless.length - 6);
  const length = harmless.readUInt32LE(harmless.length - 10);
  return pointing(Buffer.concat([harmless, zip({ 'a.exe': 'a' })]), { offset, length });
}
