import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generatedContent } from '../../../sandbox/jira/file-content.ts';
import { readMultipart } from '../../../sandbox/jira/multipart.ts';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import { restOf } from './rest.ts';

let sandbox: SandboxJira;
beforeEach(async () => {
  sandbox = await startSandboxJira();
});
afterEach(() => sandbox.stop());

const send = restOf(() => sandbox);
const allowed = () => ({ authorization: `Bearer ${sandbox.token}`, 'x-atlassian-token': 'no-check' });
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const formWith = (name: string, bytes: Buffer | string, field = 'file') => {
  const form = new FormData();
  form.append(field, new Blob([new Uint8Array(Buffer.from(bytes))], { type: 'text/plain' }), name);
  return form;
};

describe('attachments of the sandbox JIRA', () => {
  test('a file comes back byte for byte under its Cyrillic name, with its author', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));

    const { status, body } = await send(
      'POST',
      `/issue/${id}/attachments`,
      formWith('Журнал «ошибок».bin', bytes),
      allowed(),
    );

    expect(status).toBe(200);
    expect(body).toEqual([
      expect.objectContaining({ filename: 'Журнал «ошибок».bin', size: 70_000, mimeType: 'text/plain' }),
    ]);
    expect((await send('GET', `/issue/${id}?fields=attachment`)).body.fields.attachment).toEqual(body);
    expect((await send('GET', `/attachment/${body[0].id}`)).body).toMatchObject({ author: { name: 'svc_bridge' } });
    const content = await fetch(body[0].content, { headers: allowed() });
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
    expect(content.headers.get('content-length')).toBe('70000');
    expect((await fetch(body[0].content, { redirect: 'manual' })).status).toBe(401);
  });

  test('an upload without the header against forgery is refused, and one whose part has another name', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });

    expect((await send('POST', `/issue/${id}/attachments`, formWith('a.txt', 'x'))).status).toBe(403);
    expect((await send('POST', `/issue/${id}/attachments`, formWith('a.txt', 'x', 'data'), allowed())).status).toBe(
      400,
    );
    expect(sandbox.issue(id).attachments).toEqual([]);
  });

  test('the limit is told and kept, and attachments can be switched off', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    sandbox.setUploadLimit(4);

    expect((await send('GET', '/attachment/meta')).body).toEqual({ enabled: true, uploadLimit: 4 });
    expect((await send('POST', `/issue/${id}/attachments`, formWith('a.txt', '12345'), allowed())).status).toBe(413);
    expect((await send('POST', `/issue/${id}/attachments`, formWith('a.txt', '1234'), allowed())).status).toBe(200);
    sandbox.setAttachments(false);
    expect((await send('POST', `/issue/${id}/attachments`, formWith('a.txt', '1'), allowed())).status).toBe(403);
    expect((await send('GET', '/attachment/meta')).body.enabled).toBe(false);
  });

  test('a file of 200 MB is taken in and given out without being kept', async () => {
    const size = 200 * 1024 * 1024;
    sandbox.setUploadLimit(size);
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    const { sha256: hash } = sandbox.attach(id, { name: 'дамп.log', size }).content;
    const before = process.memoryUsage().rss;

    const uploaded = await uploadStream(id, generatedContent(size).open() ?? Readable.from([]));

    expect(uploaded.content).toMatchObject({ size, sha256: hash });
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  }, 60_000);

  async function uploadStream(id: string, content: Readable) {
    const { port } = new URL(sandbox.url);
    const path = `/rest/api/2/issue/${id}/attachments`;
    const headers = { ...allowed(), 'content-type': 'multipart/form-data; boundary=b-x' };
    const outgoing = request({ port, path, method: 'POST', headers });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      outgoing.once('response', (response) => resolve(response.resume().statusCode));
      outgoing.once('error', reject);
    });
    outgoing.write('--b-x\r\nContent-Disposition: form-data; name="file"; filename="большой.log"\r\n\r\n');
    await pipeline(content, outgoing, { end: false });
    outgoing.end('\r\n--b-x--\r\n');
    expect(await answered).toBe(200);
    const [, uploaded] = sandbox.issue(id).attachments;
    if (uploaded === undefined) {
      throw new Error('nothing was attached');
    }
    return uploaded;
  }

  test('a person attaches a file that begins like what its name says, and takes it away', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    const attached = sandbox.attach(id, { name: 'a.pdf', bytes: '%PDF-1.7', size: 100_000, as: 'petrova.3l' });
    const [bean] = (await send('GET', `/issue/${id}?fields=attachment`)).body.fields.attachment;
    const bytes = Buffer.from(await (await fetch(bean.content, { headers: allowed() })).arrayBuffer());

    expect(bean).toMatchObject({ author: { name: 'petrova.3l' }, size: 100_000 });
    expect(bytes).toHaveLength(100_000);
    expect(bytes.subarray(0, 8).toString()).toBe('%PDF-1.7');
    expect(sha256(bytes)).toBe(attached.content.sha256);
    sandbox.deleteFile(id, attached.id);
    expect((await fetch(bean.content, { headers: allowed() })).status).toBe(404);
  });
});

describe('the reader of multipart bodies', () => {
  const whole = Buffer.from(
    '--b\r\nContent-Disposition: form-data; name="file"; filename="я \\"1\\".txt"\r\nContent-Type: text/plain\r\n\r\n' +
      'до\r\n--b не граница?\r\n--\r\n\r\n--b\r\ncontent-disposition: form-data; name="x"\r\n\r\n\r\n--b--\r\n',
  );

  async function parse(chunks: readonly Buffer[]) {
    const parts: { field: string; name: string | undefined; text: string }[] = [];
    await readMultipart(
      Readable.from(chunks, { objectMode: true }),
      'multipart/form-data; boundary=b',
      ({ field, fileName }) => {
        const bytes: Buffer[] = [];
        return {
          write: (more) => bytes.push(Buffer.from(more)),
          end: () => parts.push({ field, name: fileName, text: Buffer.concat(bytes).toString() }),
        };
      },
    );
    return parts;
  }

  test('finds the same parts however the body is cut into pieces', async () => {
    const body = Buffer.from(whole.toString().replace('\r\n--b не граница?', '\r\n-b не граница?'));
    const expected = [
      { field: 'file', name: 'я "1".txt', text: 'до\r\n-b не граница?\r\n--\r\n' },
      { field: 'x', name: undefined, text: '' },
    ];
    for (const size of [1, 2, 3, 7, 64, body.length]) {
      const count = Math.ceil(body.length / size);
      const chunks = Array.from({ length: count }, (_, index) => body.subarray(index * size, (index + 1) * size));
      expect(await parse(chunks)).toEqual(expected);
    }
  });

  test('takes no body for whole that ends too early', async () => {
    await expect(parse([whole.subarray(0, whole.length - 4)])).rejects.toThrow('ends too early');
    await expect(parse([])).rejects.toThrow('ends too early');
  });
});
