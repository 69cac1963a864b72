import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { otrs } from '../../connectors/otrs/connector.ts';
import { startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import { buildAddon } from '../../scripts/build-addon.ts';
import type { Connection, Hint } from '../../src/connector.ts';
import { linkRequests } from '../connectors/otrs/link-requests.ts';
import { noProofs, openDoor } from '../http/door.ts';
import { type Administrator, administer, partsOf } from './otrs/addon.ts';
import type { People, TicketDraft } from './otrs/agent.ts';
import { type HookListener, type ReceivedHook, startHanging, startHookListener } from './otrs/hook-listener.ts';
import { type Otrs, startOtrs } from './otrs/set-up.ts';
import { reached } from './rig.ts';

const KEY = 'ключ подписи, key-of-the-signature';
const signal = new AbortController().signal;
const shown = { title: 'Связанная заявка', url: 'https://desk.example.test/4711' };

let real: Otrs;
let administrator: Administrator;
let people: People;
let bridge: HookListener;
let connection: Connection;

beforeAll(async () => {
  bridge = await startHookListener();
  real = await startOtrs();
  people = real.people;
  administrator = administer(real);
  connection = otrs.connect(
    otrs.options.parse({
      base_url: real.baseUrl,
      web_service: real.webService,
      login: real.bridge.login,
      password: real.bridge.password,
      user_id: real.bridge.userId,
      time_zone: real.timeZone,
      operations: { link_add: {} },
    }),
    { log: pino({ level: 'silent' }), system: 'otrs', now: () => DateTime.now() },
  );
}, 900_000);

afterAll(async () => {
  await connection?.desk.close();
  await people?.stop();
  await real?.stop();
  await bridge?.stop();
}, 60_000);

const incident: TicketDraft = {
  queue: 'NTTM::2ЛТП',
  customer: 'user.volga',
  title: 'Совершенно тайный заголовок',
  body: 'Совершенно тайный текст',
  type: 'Инцидент',
  service: 'NTTM: Техническая поддержка',
  priority: '3 Средний',
};

const open = async (draft: Partial<TicketDraft> = {}) => {
  const { id, number } = await people.agent('petrova.2l').open({ ...incident, ...draft });
  return { system: 'otrs', id, key: number };
};

const link = (from: { id: string; system: string }, to: { id: string; system: string }, type?: string) =>
  connection.desk.relate(from, to, type === undefined ? shown : { ...shown, type }, signal);

async function call(route: string, data: object, login = 'bridge', at?: { url: string; password: string }) {
  const answer = await fetch(`${at?.url ?? real.baseUrl}/nph-genericinterface.pl/Webservice/otrs-jira-bridge${route}`, {
    method: route === '/TicketLink' ? 'POST' : 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ UserLogin: login, Password: at?.password ?? real.passwords[login], ...data }),
  });
  const body: Record<string, unknown> = JSON.parse(await answer.text());
  return body;
}

/** The events of one ticket that the bridge took, sorted: the help desk keeps no order. */
const eventsOf = (ticket: { id: string }) =>
  bridge.hooks
    .filter(({ body, answered }) => String(body.ticketId) === ticket.id && answered === 202)
    .map(({ body }) => body.event)
    .toSorted();

const allDelivered = (patienceMs = 60_000) =>
  reached(
    'every event has been sent',
    async () => {
      const { now, later } = await people.eventsWaiting();
      return now + later === 0;
    },
    patienceMs,
  );

const isSigned = ({ headers, text }: ReceivedHook) =>
  headers['x-bridge-signature'] === `sha256=${createHmac('sha256', KEY).update(text).digest('hex')}`;

/** Gives a received event to the bridge's own door, and what the connector reads in it. */
async function takeIn({ headers, text }: ReceivedHook, key = KEY) {
  const hints: Hint[] = [];
  const door = openDoor({
    proofs: { otrs: { ...noProofs, signatureSecrets: [key] } },
    accept: async (_system, webhook) => hints.push(...connection.receive(webhook)),
  });
  const { host: _host, ...sent } = headers;
  const { statusCode } = await door.app.inject({
    method: 'POST',
    url: '/webhooks/otrs',
    headers: { ...sent },
    body: text,
  });
  await door.close();
  return { statusCode, hints };
}

describe('without the package', () => {
  test('a web service that names its operation can be imported and serves all else, and links are refused', async () => {
    const [one, other] = [await open(), await open()];
    await administrator.importWebService();

    await expect(link(one, other)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(/Can't load operation backend module .*LinkAdd/),
    });
    await connection.desk.update(one, { solution: 'Перезапущено' }, signal);
    expect((await connection.desk.read(one, signal)).fields).toMatchObject({ solution: 'Перезапущено' });
  }, 60_000);
});

describe('the package', () => {
  test('is built as the help desk’s own builder builds it, except for place and time', async () => {
    const theirs = await administrator.build();
    const { text } = await buildAddon('otrs');

    expect(partsOf(text)).toEqual(partsOf(theirs));
    expect(partsOf(text).length).toBeGreaterThan(20);
  }, 60_000);

  test('is installed through the package manager, and sends nothing before it is set up', async () => {
    await administrator.install();
    people = administrator.enter();

    expect(await administrator.console('Admin::Package::List')).toMatch(/Name: +OtrsJiraBridge\n\| Version: +1\.0\.0/);
    expect(await administrator.console('Admin::Package::List', '--show-deployment-info')).not.toMatch(/not correctly/i);
    await open();
    expect(await people.eventsWaiting()).toEqual({ now: 0, later: 0 });
  }, 60_000);
});

describe('links', () => {
  test('a ticket is linked to its child once, however often it is told', async () => {
    const [parent, child] = [await open(), await open()];
    await link(parent, child, 'ParentChild');
    await link(parent, child, 'ParentChild');

    expect(await people.links(parent.id)).toEqual({ [child.id]: 'ParentChild Target' });
    expect(await people.links(child.id)).toEqual({ [parent.id]: 'ParentChild Source' });
  }, 60_000);

  test('a link that is there in another way stays, and an unnamed type is the normal one', async () => {
    const [one, other] = [await open(), await open()];
    await link(one, other);
    await link(other, one, 'ParentChild');

    expect(await people.links(one.id)).toEqual({ [other.id]: expect.stringMatching(/^Normal/) });
    expect(
      await call('/TicketLink', { SourceTicketID: other.id, TargetTicketID: one.id, Type: 'ParentChild' }),
    ).toEqual({
      LinkAdded: 0,
    });
  }, 60_000);

  test('errors are those of the sandbox, word for word', async () => {
    const sandbox = await startSandboxOtrs();
    const make = (ticketQueue: string) => sandbox.createTicket({ title: 'Заявка', text: 'Текст', ticketQueue }).id;
    const inSandbox = await Array.fromAsync(
      linkRequests({ one: make('NTTM::2ЛТП'), other: make('NTTM::2ЛТП'), hidden: make('Прочее') }),
      (data) => call('/TicketLink', data, 'bridge', { url: sandbox.url, password: 'bridge' }),
    );
    const inReal = await Array.fromAsync(
      linkRequests({ one: (await open()).id, other: (await open()).id, hidden: (await open({ queue: 'Прочее' })).id }),
      (data) => call('/TicketLink', data),
    );
    await sandbox.stop();

    expect(inReal).toEqual(inSandbox);
    expect(inReal.slice(-5)).toMatchObject([
      { LinkAdded: 1 },
      { LinkAdded: 1 },
      { LinkAdded: 0 },
      { LinkAdded: 0 },
      { Error: { ErrorCode: 'LinkAdd.AuthFail' } },
    ]);
    expect(inReal[0]).toMatchObject({ Error: { ErrorCode: 'LinkAdd.MissingParameter' } });
    expect(inReal[5]).toMatchObject({ Error: { ErrorCode: 'LinkAdd.AccessDenied' } });
  }, 60_000);

  test('a customer may not link', async () => {
    const login = { UserLogin: undefined, CustomerUserLogin: 'user.volga', Password: real.passwords['user.volga'] };
    expect(await call('/TicketLink', { SourceTicketID: '1', TargetTicketID: '2', ...login })).toMatchObject({
      Error: { ErrorCode: 'LinkAdd.AuthFail', ErrorMessage: expect.stringContaining('agent') },
    });
  }, 60_000);
});

describe('the notifier', () => {
  beforeAll(async () => {
    await administrator.set({
      'OtrsJiraBridge::Notifier###URL': `${bridge.url}/webhooks/otrs`,
      'OtrsJiraBridge::Notifier###Key': KEY,
      'OtrsJiraBridge::Notifier###TimeoutSeconds': '3',
      MinimumLogLevel: 'notice',
    });
    await people.stop();
    people = administrator.enter();
  }, 60_000);

  test('tells what happens to a ticket, signed, and nothing that stands in it', async () => {
    const ticket = await open();
    const before = Date.now();
    const note = await people
      .agent('sidorov.3l')
      .write(ticket.id, { subject: 'Тайная тема', body: 'Тайна', public: false });
    await people.agent('sidorov.3l').setField(ticket.id, 'Solution', 'Тайное решение');
    await people.agent('sidorov.3l').setOwner(ticket.id, 'sidorov.3l');
    await allDelivered();

    expect(eventsOf(ticket)).toEqual([
      'ArticleCreate',
      'ArticleCreate',
      'TicketCreate',
      'TicketCustomerUpdate',
      'TicketDynamicFieldUpdate_Solution',
      'TicketOwnerUpdate',
    ]);
    const told = bridge.hooks.find(({ body }) => body.articleId === Number(note));
    expect(told?.body).toEqual({
      articleId: Number(note),
      event: 'ArticleCreate',
      eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
      ticketId: Number(ticket.id),
      time: expect.any(Number),
      userId: Number(real.userIds['sidorov.3l']),
    });
    expect(Math.abs(Number(told?.body.time) - before)).toBeLessThan(30_000);
    for (const hook of bridge.hooks) {
      expect(isSigned(hook)).toBe(true);
      expect(hook.path).toBe('/webhooks/otrs');
      expect(hook.text).not.toMatch(/[^\x20-\x7e]/);
      expect(JSON.stringify(hook.headers)).not.toContain('key-of-the-signature');
    }
    expect(new Set(bridge.hooks.map(({ body }) => body.eventId)).size).toBe(bridge.hooks.length);
  }, 60_000);

  test('is believed by the bridge’s door, which reads the ticket in it, and by no door with another key', async () => {
    const { id } = await open();
    await allDelivered();
    const hook = bridge.hooks.find(({ body }) => String(body.ticketId) === id && body.event === 'ArticleCreate');
    if (hook === undefined) {
      throw new Error('the article was not told of');
    }

    expect(await takeIn(hook)).toEqual({
      statusCode: 202,
      hints: [{ ref: { system: 'otrs', id }, kind: 'commented', id: `${hook.body.eventId}:${id}` }],
    });
    expect(await takeIn(hook, 'another key')).toEqual({ statusCode: 401, hints: [] });
    expect(await takeIn({ ...hook, text: hook.text.replace('"userId":3', '"userId":4') })).toEqual({
      statusCode: 401,
      hints: [],
    });
  }, 60_000);

  test('says nothing of what the bridge’s own agent does, in the interface either', async () => {
    const ticket = await open();
    await allDelivered();
    const before = eventsOf(ticket);
    await connection.desk.move(ticket, { to: 'В работе', fields: { solution: 'Готово' } }, signal);
    await people.agent('bridge').setPriority(ticket.id, '1 Критичный');
    const answer = await call(`/Ticket/${ticket.id}`, { Ticket: { State: 'Назначено' } }, 'petrova.2l');
    await allDelivered();

    expect(answer).toMatchObject({ TicketNumber: ticket.key });
    expect(eventsOf(ticket)).toEqual([...before, 'TicketStateUpdate'].toSorted());
  }, 60_000);

  test('tells of both tickets of a merge', async () => {
    const [one, main] = [await open(), await open()];
    await people.agent('petrova.2l').merge(one.id, main.id);
    await allDelivered();
    const hook = bridge.hooks.find(({ body }) => body.event === 'TicketMerge');

    expect(hook?.body).toMatchObject({ ticketId: Number(one.id), mainTicketId: Number(main.id) });
    expect(hook && (await takeIn(hook)).hints.map(({ ref }) => ref.id)).toEqual([one.id, main.id]);
  }, 60_000);

  test('brings the same event again, byte by byte, after the bridge refused it or was away', async () => {
    const ticket = await open();
    await allDelivered();
    bridge.answerWith(503);
    await people.agent('petrova.2l').setPriority(ticket.id, '1 Критичный');
    const refused = await bridge.waitFor(({ answered }) => answered === 503, 30);
    const { port } = new URL(bridge.url);
    const earlier = bridge.hooks.length;
    await bridge.stop();

    await people.agent('petrova.2l').setTitle(ticket.id, 'Пока никто не слушает');
    await reached('both events wait for their time', async () => (await people.eventsWaiting()).later === 2);
    bridge = await startHookListener(Number(port));
    const again = await bridge.waitFor(({ body }) => body.event === 'TicketPriorityUpdate', 90);
    const late = await bridge.waitFor(({ body }) => body.event === 'TicketTitleUpdate', 90);

    expect(earlier).toBeGreaterThan(0);
    expect(again.text).toBe(refused.text);
    expect([again, late].every(isSigned)).toBe(true);
    await allDelivered();
    expect(eventsOf(ticket)).toEqual(['TicketPriorityUpdate', 'TicketTitleUpdate']);
    const log = await readFile(join(real.folder, 'log/otrs.log'), 'utf8');
    expect(log).toMatch(
      /the event \w+ \(TicketPriorityUpdate, ticket \d+\) did not reach the bridge: 503 .* tried again/,
    );
    expect(log).toMatch(/\(TicketTitleUpdate, ticket \d+\) did not reach the bridge: .*; tried again in \d+ seconds/);
    expect(log).not.toContain('key-of-the-signature');
  }, 240_000);

  test('keeps neither an agent nor the daemon waiting for a bridge that hangs', async () => {
    const { port } = new URL(bridge.url);
    await bridge.stop();
    const hanging = await startHanging(Number(port));
    const ticket = await open();
    const from = Date.now();
    for (const priority of ['1 Критичный', '2 Высокий', '3 Средний', '4 Низкий', '1 Критичный', '2 Высокий']) {
      await people.agent('petrova.2l').setPriority(ticket.id, priority);
    }
    expect(Date.now() - from).toBeLessThan(10_000);
    await reached('every event was put off', async () => {
      const { now, later } = await people.eventsWaiting();
      return now === 0 && later >= 9;
    });
    expect(hanging.requests()).toBeGreaterThan(0);
    expect(hanging.requests()).toBeLessThan(9);

    await hanging.stop();
    bridge = await startHookListener(Number(port));
    await allDelivered(120_000);
    expect(eventsOf(ticket)).toHaveLength(9);
  }, 240_000);

  test('tells of the watched queues only, and once more of a ticket that leaves them', async () => {
    await administrator.set({ 'OtrsJiraBridge::Notifier###Queues': ['NTTM::3ЛТП'] });
    await people.stop();
    people = administrator.enter();
    const ticket = await open();
    await allDelivered();
    expect(eventsOf(ticket)).toEqual([]);

    const petrova = people.agent('petrova.2l');
    await petrova.move(ticket.id, 'NTTM::3ЛТП');
    await petrova.setTitle(ticket.id, 'В очереди');
    await petrova.move(ticket.id, 'NTTM::2ЛТП');
    await petrova.setTitle(ticket.id, 'Уже не в очереди');
    await allDelivered();
    expect(eventsOf(ticket)).toEqual(['TicketQueueUpdate', 'TicketQueueUpdate', 'TicketTitleUpdate']);
    await administrator.set({ 'OtrsJiraBridge::Notifier###Queues': [] });
  }, 120_000);
});

describe('uninstalling', () => {
  test('takes away files, settings, key and waiting events, and all else goes on', async () => {
    await people.stop();
    people = administrator.enter();
    await bridge.stop();
    const [one, other] = [await open(), await open()];
    await reached('events wait for their time', async () => (await people.eventsWaiting()).later > 0);

    await administrator.uninstall();
    await people.stop();
    people = administrator.enter();
    bridge = await startHookListener();

    expect(await people.eventsWaiting()).toEqual({ now: 0, later: 0 });
    expect(await administrator.console('Admin::Package::List')).not.toContain('OtrsJiraBridge');
    expect(await administrator.settings()).toEqual([]);
    expect(existsSync(join(real.folder, 'otrs/Kernel/System/OtrsJiraBridge.pm'))).toBe(false);
    await people.agent('petrova.2l').setPriority(one.id, '1 Критичный');
    expect((await connection.desk.read(one, signal)).priority).toBe('1 Критичный');
    await connection.desk.update(one, { solution: 'Готово' }, signal);
    await expect(link(one, other)).rejects.toMatchObject({ code: 'REFUSED' });
    await sleep(2_000);
    expect(bridge.hooks).toEqual([]);
  }, 120_000);
});
