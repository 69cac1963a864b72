import { createHash, randomBytes } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { contentOf, generatedContent } from '../../../sandbox/jira/file-content.ts';
import type { FileContent } from '../../../src/connector.ts';
import type { Action } from '../../../src/domain/action.ts';
import type { Attachment, Ref } from '../../../src/domain/ticket.ts';
import { type Connected, connectSandbox, transports } from './connected.ts';

const signal = new AbortController().signal;
const note = { text: 'Файл из JIRA', subject: 'JIRA: файл', visibility: 'internal' } as const;

const collect = () => {
  const chunks: Buffer[] = [];
  const hash = createHash('sha256');
  let size = 0;
  const into = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      if (size < 1_000_000) {
        chunks.push(Buffer.from(chunk));
      }
      done();
    },
  });
  return { into, bytes: () => Buffer.concat(chunks), size: () => size, sha256: () => hash.digest('hex') };
};

const file = (name: string, bytes: Buffer, contentType = 'application/pdf'): FileContent => ({
  name,
  contentType,
  size: bytes.length,
  open: () => Readable.from([bytes.subarray(0, 5), bytes.subarray(5, 4_000), bytes.subarray(4_000)]),
});

let connected: Connected;
afterEach(() => connected.stop());

const attachmentsOf = async (ref: Ref) => (await connected.desk.read(ref, signal)).attachments;
const named = (attachments: readonly Attachment[], name: string) => {
  const found = attachments.filter((each) => each.name === name);
  expect(found).toHaveLength(1);
  return found[0] as Attachment;
};

describe.each(Object.entries(transports))('reading a file of a ticket over %s', (_, transport) => {
  beforeEach(async () => {
    connected = await connectSandbox(transport);
  });

  test('the right one of many comes, whatever the order of keys, with every byte', async () => {
    const bytes = [randomBytes(100_000), randomBytes(100_000), Buffer.from('Жёлтый "лист"\n'), Buffer.alloc(0)];
    const ref = connected.open({
      attachments: [
        { name: 'Отчёт № 1 «итог».pdf', contentType: 'application/pdf', content: contentOf(bytes[0] as Buffer) },
        { name: 'второй.pdf', contentType: 'application/pdf', content: contentOf(bytes[1] as Buffer) },
      ],
    });
    connected.sandbox.addArticle(ref.id, {
      text: 'Ещё "Content":"обман"',
      attachments: [
        { name: 'лист.txt', contentType: 'text/plain', content: contentOf(bytes[2] as Buffer) },
        { name: 'пустой.txt', contentType: 'text/plain', content: contentOf(bytes[3] as Buffer) },
      ],
    });
    const attachments = await attachmentsOf(ref);

    expect(attachments).toHaveLength(4);
    for (const [at, attachment] of attachments.entries()) {
      for (let round = 0; round < 5; round += 1) {
        const got = collect();
        await connected.desk.fetch(ref, attachment, got.into, signal);

        expect(got.bytes().equals(bytes[at] as Buffer)).toBe(true);
        expect(got.into.writableFinished).toBe(true);
      }
    }
  });

  test('only as many articles are asked for as it takes to reach the file', async () => {
    const ref = connected.open({ attachments: [{ name: 'первый.pdf', contentType: 'a/b', size: 10 }] });
    for (let count = 0; count < 20; count += 1) {
      connected.sandbox.addArticle(ref.id, {
        text: `${count}`,
        attachments: [{ name: `${count}.pdf`, contentType: 'a/b', size: 50_000_000 }],
      });
    }
    connected.sandbox.addArticle(ref.id, {
      text: 'конец',
      attachments: [{ name: 'последний.pdf', contentType: 'a/b', size: 10 }],
    });
    const got = collect();
    const before = connected.sandbox.sentBytes;

    await connected.desk.fetch(ref, named(await attachmentsOf(ref), 'первый.pdf'), got.into, signal);

    expect(got.size()).toBe(10);
    expect(connected.sandbox.sentBytes - before).toBeLessThan(1_000_000);
  });

  test('a small file comes from beside a large one', async () => {
    const attachments = [
      { name: 'большой.zip', contentType: 'a/b', size: 5_000_000 },
      { name: 'малый.txt', contentType: 'text/plain', content: contentOf(Buffer.from('малый')) },
      { name: 'большой.zip', contentType: 'a/b', size: 5_000_000 },
    ];
    const ref = connected.open({ attachments });
    const got = collect();

    await connected.desk.fetch(ref, named(await attachmentsOf(ref), 'малый.txt'), got.into, signal);

    expect(got.bytes().toString('utf8')).toBe('малый');
  });

  test('where the ticket was just read, one call brings the file and what is wanted next, and nothing is listed anew', async () => {
    const { sandbox, desk } = connected;
    const ref = connected.open({ attachments: [{ name: 'первый.txt', contentType: 'a/b', size: 100_000 }] });
    sandbox.addArticle(ref.id, {
      text: 'ещё',
      attachments: [
        { name: 'второй.txt', contentType: 'a/b', size: 50_000 },
        { name: 'второй.txt', contentType: 'a/b', size: 50_000 },
        { name: 'пустой.txt', contentType: 'a/b', size: 0 },
        { name: 'лишний.txt', contentType: 'a/b', size: 10 },
      ],
    });
    const of = await desk.read(ref, signal);
    const [first, ...rest] = of.attachments as [Attachment, ...Attachment[]];
    const isSuperfluous = ({ name }: Attachment) => name === 'лишний.txt';
    // OTRS lists the files of an article by their names.
    const others = [...rest.filter((each) => !isSuperfluous(each)), ...rest.filter(isSuperfluous)];
    const got = others.map((attachment) => ({ attachment, ...collect() }));
    const next = got.slice(0, 3).map(({ attachment, into }) => ({ attachment, open: async () => into }));
    const calls = sandbox.calls.length;
    const into = collect();

    await desk.fetch(ref, first, into.into, signal, { of, next });

    expect(sandbox.calls.slice(calls)).toEqual(['TicketGet']);
    expect([into, ...got].map(({ size }) => size())).toEqual([100_000, 50_000, 50_000, 0, 0]);
    expect(got.map(({ into: each }) => each.writableFinished)).toEqual([true, true, false, false]);
  });

  test('what is wanted next and cannot be kept does not fail the file', async () => {
    const { desk } = connected;
    const ref = connected.open({
      attachments: ['a', 'b', 'c', 'd'].map((name) => ({ name, contentType: 'a/b', size: 100_000 })),
    });
    const of = await desk.read(ref, signal);
    const [first, second, third, fourth] = of.attachments as [Attachment, Attachment, Attachment, Attachment];
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('диск полон')) }).on(
      'error',
      () => {},
    );
    const last = collect();
    const next = [
      { attachment: second, open: async () => full },
      { attachment: third, open: () => Promise.reject(new Error('диск полон')) },
      { attachment: fourth, open: async () => last.into },
    ];

    for (let round = 0; round < 5; round += 1) {
      const into = collect();
      await desk.fetch(ref, first, into.into, signal, { of, next: round === 0 ? next : next.slice(0, 2) });
      expect(into.size()).toBe(100_000);
    }
    expect(last.size()).toBe(100_000);
  });

  test('a ticket that is not as it was read any more is looked at again', async () => {
    const { sandbox, desk } = connected;
    const ref = connected.open({ attachments: [{ name: 'первый.txt', contentType: 'a/b', size: 10 }] });
    sandbox.addArticle(ref.id, {
      text: 'ещё',
      attachments: [{ name: 'второй.txt', contentType: 'a/b', content: contentOf(Buffer.from('второй')) }],
    });
    const of = await desk.read(ref, signal);
    const attachment = named(of.attachments, 'второй.txt');
    const into = collect();
    // An article that was read is gone, so the second one is looked for in the wrong place.
    const shifted = { ...of, comments: of.comments.slice(1) };
    await desk.fetch(ref, attachment, into.into, signal, { of: shifted, next: [] });
    expect(String(into.bytes())).toBe('второй');

    const gone = { ...attachment, id: `${attachment.commentId}/7` };
    const asRead = { ...of, attachments: [...of.attachments, gone] };
    await expect(desk.fetch(ref, gone, collect().into, signal, { of: asRead, next: [] })).rejects.toMatchObject({
      code: 'FILE_REFUSED',
      details: { reason: 'gone' },
    });
  });

  test('a file that is gone is refused', async () => {
    const ref = connected.open({ attachments: [{ name: 'был.pdf', contentType: 'a/b', size: 10 }] });
    const attachment = { ...named(await attachmentsOf(ref), 'был.pdf'), id: '1/2' };

    await expect(connected.desk.fetch(ref, attachment, collect().into, signal)).rejects.toMatchObject({
      code: 'FILE_REFUSED',
      details: { reason: 'gone' },
    });
  });

  test('a session that died is replaced, and an error in HTTP 200 is not taken for a file', async () => {
    const ref = connected.open({ attachments: [{ name: 'a.pdf', contentType: 'a/b', size: 100_000 }] });
    const attachment = named(await attachmentsOf(ref), 'a.pdf');
    connected.sandbox.expireSessions();
    const got = collect();
    await connected.desk.fetch(ref, attachment, got.into, signal);
    expect(got.size()).toBe(100_000);

    const result = { Error: { ErrorCode: 'TicketGet.AccessDenied', ErrorMessage: 'no access' } };
    connected.sandbox.failNext({ status: 200, result, operation: 'TicketGet' });
    await expect(connected.desk.fetch(ref, attachment, collect().into, signal)).rejects.toMatchObject({
      code: 'RECORD_NOT_READABLE',
    });
  });

  const early = {
    rest: '{"Ticket":[{"Article":[{"ArticleID":1,"Attachment":[{"Conte',
    soap: '<Envelope><Body><TicketGetResponse><Ticket><Article><ArticleID>1</ArticleID><Attachment><Conte',
  };

  test.each<[string, object, string]>([
    ['an HTML page', { body: '<html>login</html>' }, 'ANSWER_UNREADABLE'],
    ['JSON that ends early', { body: early.rest }, 'ANSWER_UNREADABLE'],
    ['an envelope that ends early', { body: early.soap }, 'ANSWER_UNREADABLE'],
    ['a ticket without the file', { result: { Ticket: [{ TicketID: 1 }] } }, 'ANSWER_UNREADABLE'],
    [
      'an error of the session twice',
      { result: { Error: { ErrorCode: 'TicketGet.AuthFail', ErrorMessage: 'x' } } },
      'LOGIN_REFUSED',
    ],
  ])('%s instead of the contents is an error, and nothing is written', async (_title, answer, code) => {
    const ref = connected.open({ attachments: [{ name: 'a.pdf', contentType: 'a/b', size: 100_000 }] });
    const attachment = named(await attachmentsOf(ref), 'a.pdf');
    const got = collect();
    const query = /GetAttachmentContents=1/;
    connected.sandbox.failNext({ status: 200, contentType: 'text/html', query, ...answer }, 2);

    await expect(connected.desk.fetch(ref, attachment, got.into, signal)).rejects.toMatchObject({ code });
    expect(got.size()).toBe(0);
    expect(got.into.writableFinished).toBe(false);
  });

  test('giving up ends the call half-way', async () => {
    const ref = connected.open({ attachments: [{ name: 'a.pdf', contentType: 'a/b', size: 300_000_000 }] });
    const attachment = named(await attachmentsOf(ref), 'a.pdf');
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort(), 200);
    const got = collect();

    await expect(connected.desk.fetch(ref, attachment, got.into, giveUp.signal)).rejects.toMatchObject({
      code: 'SYSTEM_UNREACHABLE',
    });
    expect(got.size()).toBeLessThan(300_000_000);
    expect(got.into.writableFinished).toBe(false);
  });
});

describe.each(Object.entries(transports))('writing a file into a ticket over %s', (_, transport) => {
  beforeEach(async () => {
    connected = await connectSandbox(transport);
  });

  test('it arrives byte for byte under its name, with the note and the mark, in one call', async () => {
    const ref = connected.open();
    const bytes = randomBytes(10_001);
    const name = 'Отчёт «за ноябрь» "итог"\\/..\\схема 😀.pdf';
    await connected.desk.read(ref, signal);
    const before = connected.sandbox.calls.length;

    const attached = await connected.desk.attach(ref, file(name, bytes), note, 'attach:jira:17', signal);

    expect(connected.sandbox.calls.slice(before)).toEqual(['TicketUpdate']);
    const snapshot = await connected.desk.read(ref, signal);
    expect(snapshot.attachments).toEqual([
      {
        id: attached.id,
        name: 'схема 😀.pdf',
        contentType: 'application/pdf',
        size: bytes.length,
        commentId: attached.id.split('/')[0],
        isOwn: true,
        marker: 'attach:jira:17',
      },
    ]);
    expect(snapshot.comments.at(-1)).toMatchObject({
      text: note.text,
      visibility: 'internal',
      marker: 'attach:jira:17',
    });
    const got = collect();
    await connected.desk.fetch(ref, snapshot.attachments[0] as Attachment, got.into, signal);
    expect(got.bytes().equals(bytes)).toBe(true);
  });

  test.each([0, 1, 2, 3, 49_152, 49_153])('%i bytes arrive', async (size) => {
    const ref = connected.open();
    const bytes = randomBytes(size);

    await connected.desk.attach(ref, file('a.bin', bytes, 'нечто'), note, 'attach:jira:1', signal);

    const [article] = connected.sandbox.ticket(ref.id).articles.slice(-1);
    expect(article?.attachments[0]).toMatchObject({
      contentType: 'application/octet-stream',
      content: { size, sha256: createHash('sha256').update(bytes).digest('hex') },
    });
  });

  test('a lost answer is in doubt, and the file is found by its mark', async () => {
    const ref = connected.open();
    const sent = file('a.pdf', randomBytes(100));
    const action: Action = {
      do: 'attach',
      key: 'attach:jira:5',
      ref,
      file: sent,
      source: { text: '' },
      note,
      besides: [],
    };
    expect(await connected.desk.find(action, signal)).toMatchObject({ outcome: 'unclear' });
    connected.sandbox.loseNextAnswer('TicketUpdate');

    await expect(connected.desk.attach(ref, sent, note, action.key, signal)).rejects.toMatchObject({
      disposition: 'in-doubt',
    });

    const [attachment] = await attachmentsOf(ref);
    expect(await connected.desk.find(action, signal)).toEqual({
      outcome: 'present',
      ref: { system: 'otrs', id: attachment?.id },
    });
  });

  test('an article whose file is not there yet proves nothing', async () => {
    const ref = connected.open();
    const action: Action = {
      do: 'attach',
      key: 'attach:jira:6',
      ref,
      file: file('a.pdf', randomBytes(3)),
      source: { text: '' },
      note,
      besides: [],
    };
    await connected.desk.comment(ref, note, action.key, signal);

    expect(await connected.desk.find(action, signal)).toMatchObject({ outcome: 'unclear' });
  });

  test('too large a file is refused before anything is sent, or when OTRS says so', async () => {
    await connected.stop();
    connected = await connectSandbox({ ...transport, max_file_megabytes: 2 }, { maxLength: 1_000_000 });
    const ref = connected.open();
    const refusal = { code: 'FILE_REFUSED', details: { reason: 'too-large-for-target' } };
    const before = connected.sandbox.calls.length;

    const large = file('a.pdf', Buffer.alloc(2_097_153));
    await expect(connected.desk.attach(ref, large, note, 'attach:jira:1', signal)).rejects.toMatchObject(refusal);
    expect(connected.sandbox.calls).toHaveLength(before);

    const larger = file('a.pdf', Buffer.alloc(1_000_000));
    await expect(connected.desk.attach(ref, larger, note, 'attach:jira:1', signal)).rejects.toMatchObject(refusal);
  });

  test('a large file goes through both ways', async () => {
    const ref = connected.open({ attachments: [{ name: 'большой.zip', contentType: 'a/b', size: 16_777_217 }] });
    const attachment = named(await attachmentsOf(ref), 'большой.zip');
    const got = collect();
    await connected.desk.fetch(ref, attachment, got.into, signal);
    expect(got.sha256()).toBe(generatedContent(16_777_217).sha256);

    const content = generatedContent(16_777_217);
    const sent = { ...attachment, open: () => content.open() ?? Readable.from([]) };
    await connected.desk.attach(ref, sent, note, 'attach:jira:1', signal);
    const [article] = connected.sandbox.ticket(ref.id).articles.slice(-1);
    expect(article?.attachments[0]?.content.sha256).toBe(content.sha256);
  });
});
