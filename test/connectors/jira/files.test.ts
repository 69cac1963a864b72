import { createHash, randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generatedContent } from '../../../sandbox/jira/file-content.ts';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import type { Desk, FileContent } from '../../../src/connector.ts';
import type { OnceOnlyAction } from '../../../src/domain/action.ts';
import type { Attachment, Ref } from '../../../src/domain/ticket.ts';
import { connectTo, connectToSandbox, signal } from './connected.ts';

const note = { text: 'Файл из OTRS', subject: '', visibility: 'internal' } as const;

const file = (name: string, bytes: Buffer, contentType = 'application/pdf'): FileContent => ({
  name,
  contentType,
  size: bytes.length,
  open: () => Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]),
});

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const collect = () => {
  const hash = createHash('sha256');
  let size = 0;
  const into = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done();
    },
  });
  return { into, size: () => size, sha256: () => hash.digest('hex') };
};

describe.each(['datacenter', 'cloud'] as const)('files of %s', (dialect) => {
  let sandbox: SandboxJira;
  let desk: Desk;
  let ref: Ref;
  beforeEach(async () => {
    sandbox = await startSandboxJira({ dialect });
    desk = connectToSandbox(sandbox, dialect).desk;
    const { id, key } = sandbox.createIssue({ summary: 'Задача' });
    ref = { system: 'jira', id, key };
  });
  afterEach(async () => {
    await desk.close();
    await sandbox.stop();
  });

  const attachmentsOf = async () => (await desk.read(ref, signal)).attachments;
  const attachAction = (content: FileContent, besides: readonly string[] = []): OnceOnlyAction => ({
    do: 'attach',
    key: 'attach:otrs:1/1',
    ref,
    file: content,
    source: { text: '' },
    note,
    besides,
  });

  test('a file arrives byte for byte, and no name can break out of its header', async () => {
    const bytes = randomBytes(70_001);
    const name = 'папка/Отчёт «за 100%» "итог"\r\nX-Evil: 1\r\n\r\n: 😀.pdf';

    const { id } = await desk.attach(ref, file(name, bytes), note, 'attach:otrs:1/1', signal);

    const [attached] = sandbox.issue(ref.id).attachments;
    expect(attached).toMatchObject({ id, content: { size: bytes.length, sha256: hashOf(bytes) } });
    expect(attached?.name).toBe("Отчёт «за 100_» 'итог'X-Evil_ 1_ 😀.pdf");
    const snapshot = await attachmentsOf();
    expect(snapshot).toMatchObject([{ id, size: bytes.length, contentType: 'application/pdf', isOwn: true }]);
    const got = collect();
    await desk.fetch(ref, snapshot[0] as Attachment, got.into, signal);
    expect(got.sha256()).toBe(hashOf(bytes));
    expect(got.into.writableFinished).toBe(true);
  });

  test('the upload is one call with its length, and the limit is asked for once', async () => {
    await desk.attach(ref, file('a.pdf', randomBytes(10)), note, 'k', signal);
    await desk.attach(ref, file('b.pdf', Buffer.alloc(0)), note, 'k', signal);

    const paths = sandbox.calls.map(({ method, path }) => `${method} ${path}`);
    expect(paths.filter((path) => path === 'GET /attachment/meta')).toHaveLength(1);
    const uploads = sandbox.calls.filter(({ method }) => method === 'POST');
    expect(uploads).toHaveLength(2);
    expect(uploads[0]?.headers).toMatchObject({
      'x-atlassian-token': 'no-check',
      'content-length': expect.stringMatching(/^\d+$/),
    });
    expect(uploads[0]?.headers['transfer-encoding']).toBeUndefined();
    expect(sandbox.issue(ref.id).attachments[1]?.content.size).toBe(0);
  });

  test('too large a file is refused before it is sent, and so is every file where they are switched off', async () => {
    sandbox.setUploadLimit(100);
    await expect(desk.attach(ref, file('a.pdf', randomBytes(101)), note, 'k', signal)).rejects.toMatchObject({
      code: 'FILE_REFUSED',
      disposition: 'dead',
      details: { reason: 'too-large-for-target' },
    });
    expect(sandbox.calls.some(({ method }) => method === 'POST')).toBe(false);

    sandbox.setAttachments(false);
    const other = connectToSandbox(sandbox, dialect).desk;
    await expect(other.attach(ref, file('a.pdf', randomBytes(1)), note, 'k', signal)).rejects.toMatchObject({
      code: 'FILE_REFUSED',
      details: { reason: 'attachments-disabled' },
    });
    await other.close();
  });

  test('a limit that was lowered meanwhile is a refusal and no outage', async () => {
    await desk.attach(ref, file('a.pdf', randomBytes(10)), note, 'k', signal);
    sandbox.setUploadLimit(100);

    await expect(desk.attach(ref, file('b.pdf', randomBytes(101)), note, 'k', signal)).rejects.toMatchObject({
      code: 'FILE_REFUSED',
      details: { reason: 'too-large-for-target' },
    });
  });

  test.each(['reset-after-effect', 'bad-gateway-after-effect', 'login-page'] as const)(
    'after «%s» the file is in doubt',
    async (kind) => {
      sandbox.failNext({ kind }, { method: 'POST' });
      const sent = file('Отчёт.pdf', randomBytes(1_000));

      await expect(desk.attach(ref, sent, note, 'k', signal)).rejects.toMatchObject({ disposition: 'in-doubt' });

      const [attached] = sandbox.issue(ref.id).attachments;
      expect(await desk.find(attachAction(sent), signal)).toMatchObject(
        attached === undefined ? { outcome: 'unclear' } : { outcome: 'present', ref: { id: attached.id } },
      );
    },
  );

  test('only a file of the bridge itself, of this name and size, and none that is known already, is found', async () => {
    const sent = file('схема: 1.png', randomBytes(77));
    sandbox.attach(ref.id, { name: 'схема_ 1.png', bytes: randomBytes(77) });
    expect(await desk.find(attachAction(sent), signal)).toMatchObject({ outcome: 'unclear' });

    const first = await desk.attach(ref, sent, note, 'k', signal);
    await desk.attach(ref, file('схема: 1.png', randomBytes(78)), note, 'k', signal);
    expect(await desk.find(attachAction(sent), signal)).toEqual({ outcome: 'present', ref: first });
    expect(await desk.find(attachAction(sent, [first.id]), signal)).toMatchObject({ outcome: 'unclear' });
  });

  test('files of people are not taken for the bridge’s own', async () => {
    sandbox.attach(ref.id, { name: 'чужой.pdf', bytes: 'x' });

    expect((await attachmentsOf())[0]).not.toHaveProperty('isOwn');
  });

  test('a file that was deleted is refused as gone', async () => {
    const { id } = sandbox.attach(ref.id, { name: 'был.pdf', bytes: 'x' });
    const [attachment] = await attachmentsOf();
    sandbox.deleteFile(ref.id, id);

    await expect(desk.fetch(ref, attachment as Attachment, collect().into, signal)).rejects.toMatchObject({
      code: 'FILE_REFUSED',
      details: { reason: 'gone' },
    });
  });

  test('a large file goes both ways', async () => {
    const size = 16 * 1024 * 1024 + 1;
    sandbox.setUploadLimit(2 * size);
    sandbox.attach(ref.id, { name: 'большой.zip', size });
    const [attachment] = await attachmentsOf();
    const got = collect();
    await desk.fetch(ref, attachment as Attachment, got.into, signal);
    expect(got.sha256()).toBe(sandbox.issue(ref.id).attachments[0]?.content.sha256);

    const content = generatedContent(size);
    const sent = { name: 'обратно.zip', contentType: 'application/zip', size, open: () => content.open() as Readable };
    await desk.attach(ref, sent, note, 'k', signal);
    expect(sandbox.issue(ref.id).attachments[1]?.content.sha256).toBe(content.sha256);
  });

  test('giving up ends a download half-way', async () => {
    sandbox.setUploadLimit(500_000_000);
    sandbox.attach(ref.id, { name: 'большой.zip', size: 500_000_000 });
    const [attachment] = await attachmentsOf();
    const giveUp = new AbortController();
    const into = new Writable({
      write(_chunk, _encoding, done) {
        giveUp.abort();
        setTimeout(done, 20);
      },
    });

    await expect(desk.fetch(ref, attachment as Attachment, into, giveUp.signal)).rejects.toMatchObject({
      code: 'SYSTEM_UNREACHABLE',
    });
    expect(into.writableFinished).toBe(false);
  });
});

describe('a download that is none', () => {
  let server: Server;
  let elsewhere: Server;
  let heard: { readonly url: string | undefined; readonly authorization: string | undefined }[];
  let desk: Desk;
  const servers: Server[] = [];

  const listen = async (listener: RequestListener) => {
    const started = createServer(listener);
    servers.push(started);
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    return started;
  };
  const addressOf = (each: Server) => `http://127.0.0.1:${(each.address() as AddressInfo).port}`;

  /** A JIRA whose file is served by the listener. */
  const serve = async (serveFile: RequestListener, content = (base: string) => `${base}/secure/attachment/7/a.pdf`) => {
    heard = [];
    elsewhere = await listen((request, response) => {
      heard.push({ url: request.url, authorization: request.headers.authorization });
      response.writeHead(200, { 'content-disposition': 'attachment' }).end('0123456789');
    });
    server = await listen((request, response) => {
      if (request.url === '/jira/rest/api/2/serverInfo') {
        response.end('{"version":"10.3.0","deploymentType":"Server"}');
      } else if (request.url === '/jira/rest/api/2/attachment/7') {
        response.end(JSON.stringify({ id: '7', content: content(`${addressOf(server)}/jira`) }));
      } else {
        serveFile(request, response);
      }
    });
    ({ desk } = connectTo(`${addressOf(server)}/jira`));
  };
  afterEach(async () => {
    await desk.close();
    for (const each of servers.splice(0)) {
      each.closeAllConnections();
      await new Promise((resolve) => each.close(resolve));
    }
  });

  const fetched = async () => {
    const attachment = { id: '7', name: 'a.pdf', contentType: 'application/pdf', size: 10 };
    const got = collect();
    await desk.fetch({ system: 'jira', id: '1' }, attachment, got.into, signal);
    return got.size();
  };
  const good = { 'content-disposition': 'attachment; filename=a.pdf' };

  test('credentials go to no other host, neither by a redirect nor by what JIRA names', async () => {
    await serve((_request, response) => response.writeHead(302, { location: `${addressOf(elsewhere)}/x` }).end());
    await expect(fetched()).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE' });
    expect(heard).toEqual([]);

    await desk.close();
    await serve(
      (_request, response) => response.writeHead(200, good).end('0123456789'),
      () => `${addressOf(elsewhere)}/secure/attachment/7/a.pdf`,
    );
    expect(await fetched()).toBe(10);
    expect(heard).toEqual([]);

    await desk.close();
    await serve(
      (_request, response) => response.writeHead(200, good).end('0123456789'),
      () => `${addressOf(elsewhere)}/elsewhere`,
    );
    await expect(fetched()).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE' });
    expect(heard).toEqual([]);
  });

  test('a redirect within JIRA is followed, and one without end is not', async () => {
    await serve(({ url = '' }, response) =>
      url.endsWith('second')
        ? response.writeHead(200, good).end('0123456789')
        : response.writeHead(302, { location: '/jira/second' }).end(),
    );
    expect(await fetched()).toBe(10);

    await desk.close();
    await serve((_request, response) => response.writeHead(302, { location: '/jira/again' }).end());
    await expect(fetched()).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE', disposition: 'outage' });
  });

  test.each<readonly [string, RequestListener, object]>([
    [
      'a login page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html;charset=UTF-8' }).end('<html>вход'),
      { code: 'ANSWER_UNREADABLE', disposition: 'outage' },
    ],
    [
      'an answer to nobody',
      (_, response) =>
        response.writeHead(200, { ...good, 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' }).end('0123456789'),
      { code: 'LOGIN_REFUSED' },
    ],
    ['another length', (_, response) => response.writeHead(200, good).end('01234'), { code: 'ANSWER_UNREADABLE' }],
    [
      'fewer bytes than there should be',
      (_, response) => {
        response.writeHead(200, { ...good, 'content-length': '10' });
        response.write('01234', () => response.destroy());
      },
      { code: 'SYSTEM_UNREACHABLE' },
    ],
    [
      'fewer bytes without a length',
      (_, response) => {
        response.writeHead(200, good);
        response.write('01');
        response.end('234');
      },
      { code: 'ANSWER_UNREADABLE', disposition: 'again' },
    ],
    [
      'more bytes without a length',
      (_, response) => {
        response.writeHead(200, good);
        response.write('0123456789');
        response.end('0123456789');
      },
      { code: 'ANSWER_UNREADABLE', disposition: 'again' },
    ],
    [
      'a file that is gone',
      (_, response) => response.writeHead(404, { 'content-type': 'application/json' }).end('{"errorMessages":["нет"]}'),
      { code: 'FILE_REFUSED', details: { reason: 'gone' } },
    ],
    ['an outage', (_, response) => response.writeHead(503).end('<html>'), { code: 'SYSTEM_FAILING' }],
    ['a broken connection', (_, response) => response.destroy(), { code: 'SYSTEM_UNREACHABLE' }],
  ])('%s is an error and no file', async (_, listener, expected) => {
    await serve(listener);

    await expect(fetched()).rejects.toMatchObject(expected);
  });

  test('what the other end fails with is what is thrown', async () => {
    await serve((_request, response) => response.writeHead(200, good).end('0123456789'));
    const into = new Writable({ write: (_chunk, _encoding, done) => done(new Error('диск полон')) });
    const attachment = { id: '7', name: 'a.pdf', contentType: 'application/pdf', size: 10 };

    await expect(desk.fetch({ system: 'jira', id: '1' }, attachment, into, signal)).rejects.toThrow('диск полон');
  });
});
