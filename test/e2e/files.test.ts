import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { otrs } from '../../connectors/otrs/connector.ts';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import type { Desk } from '../../src/connector.ts';
import type { Action } from '../../src/domain/action.ts';
import type { Attachment, Ref } from '../../src/domain/ticket.ts';
import { connectToSandbox } from '../connectors/jira/connected.ts';
import { carryFile } from '../support/carry-file.ts';
import { type Otrs, startOtrs } from './otrs/set-up.ts';

const signal = new AbortController().signal;
const note = { text: 'Файл из JIRA', subject: 'JIRA: файл', visibility: 'internal' } as const;

let real: Otrs;
let jira: SandboxJira;
let desks: Readonly<Record<'otrs' | 'jira', Desk>>;

beforeAll(async () => {
  real = await startOtrs();
  jira = await startSandboxJira();
  jira.setUploadLimit(100_000_000);
}, 300_000);

afterAll(async () => {
  await jira.stop();
  await real.stop();
});

const connect = (settings: object) => {
  const options = otrs.options.parse({
    base_url: real.baseUrl,
    login: real.bridge.login,
    password: real.bridge.password,
    time_zone: real.timeZone,
    ...settings,
  });
  const context = { log: pino({ level: 'silent' }), system: 'otrs', now: () => DateTime.now() };
  return { otrs: otrs.connect(options, context).desk, jira: connectToSandbox(jira).desk };
};

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const openTicket = async (attachments: readonly { name: string; contentType: string; content: Buffer }[] = []) => {
  const { id } = await real.people.agent('petrova.2l').open({
    queue: 'NTTM::2ЛТП',
    customer: 'user.volga',
    title: 'Заявка с файлами',
    body: 'Файлы приложены',
    type: 'Инцидент',
    service: 'NTTM: Техническая поддержка',
    priority: '3 Средний',
    attachments,
  });
  return { system: 'otrs', id } satisfies Ref;
};

const carry = (from: Ref, to: Ref, attachment: Attachment) => {
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
  return carryFile(action, desks, { content: 'ignored' });
};

describe.each([
  ['REST', () => ({ web_service: real.webService })],
  ['SOAP', () => ({ transport: 'soap', web_service: real.soapWebService })],
])('files between a real help desk over %s and the sandbox JIRA', (_, settings) => {
  beforeAll(() => {
    desks = connect(settings());
  });
  afterAll(async () => {
    await desks.otrs.close();
    await desks.jira.close();
  });

  test('files of a ticket arrive byte for byte, each as the one it is', async () => {
    const files = [
      { name: 'Отчёт «за ноябрь» № 1.pdf', contentType: 'application/pdf', content: randomBytes(5_000_001) },
      { name: 'Отчёт 2.pdf', contentType: 'application/pdf', content: randomBytes(5_000_001) },
    ];
    const later = {
      name: 'журнал обмена.log',
      contentType: 'text/plain',
      content: Buffer.from('строка\r\n'.repeat(9)),
    };
    const ticket = await openTicket(files);
    await real.people.agent('petrova.2l').write(ticket.id, {
      subject: 'Ещё',
      body: 'Ещё',
      public: true,
      attachments: [later],
    });
    const { id } = jira.createIssue({ summary: 'Задача' });
    const { attachments } = await desks.otrs.read(ticket, signal);

    for (const attachment of attachments) {
      await carry(ticket, { system: 'jira', id }, attachment);
    }

    const arrived = jira.issue(id).attachments.map(({ name, content }) => ({ name, sha256: content.sha256 }));
    const sent = [...files, later].map(({ name, content }) => ({ name, sha256: hashOf(content) }));
    expect(arrived.toSorted((one, other) => one.name.localeCompare(other.name))).toEqual(
      sent.toSorted((one, other) => one.name.localeCompare(other.name)),
    );
  });

  test('files of an issue arrive byte for byte with their note, and are known as the bridge’s own', async () => {
    const { id } = jira.createIssue({ summary: 'Задача' });
    const sizes = [3_000_002, 1, 0];
    const contents = sizes.map((size) => randomBytes(size));
    for (const [at, bytes] of contents.entries()) {
      jira.attach(id, { name: `Схема стенда (${at}) ёЁ.png`, bytes, contentType: 'image/png' });
    }
    const issue = { system: 'jira', id } satisfies Ref;
    const ticket = await openTicket();
    const effects: Ref[] = [];

    for (const attachment of (await desks.jira.read(issue, signal)).attachments) {
      effects.push((await carry(issue, ticket, attachment)).ref);
    }

    const { attachments, comments } = await desks.otrs.read(ticket, signal);
    expect(attachments.map(({ id: own }) => own)).toEqual(effects.map(({ id: own }) => own));
    expect(attachments).toMatchObject(
      sizes.map((size, at) => ({ name: `Схема стенда (${at}) ёЁ.png`, contentType: 'image/png', size, isOwn: true })),
    );
    expect(comments.at(-1)).toMatchObject({ text: note.text, visibility: 'internal' });
    const { id: copy } = jira.createIssue({ summary: 'Обратно' });
    for (const attachment of attachments) {
      await carry(ticket, { system: 'jira', id: copy }, attachment);
    }
    expect(jira.issue(copy).attachments.map(({ content }) => content.sha256)).toEqual(contents.map(hashOf));
  });
});
