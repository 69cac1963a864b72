import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Hint } from '../../src/connector.ts';
import { noProofs, openDoor } from '../http/door.ts';
import { type AddonRig, signal } from './addon-rig.ts';
import { type ReceivedHook, startHanging, startHookListener } from './otrs/hook-listener.ts';
import { reached } from './rig.ts';

const KEY = 'ключ подписи, key-of-the-signature';

/** The events of one ticket that the bridge took, sorted: the help desk keeps no order. */
function eventsOf(rig: AddonRig, ticket: { id: string }) {
  return rig.bridge.hooks
    .filter(({ body, answered }) => String(body.ticketId) === ticket.id && answered === 202)
    .map(({ body }) => body.event)
    .toSorted();
}

function allDelivered(rig: AddonRig, patienceMs = 60_000) {
  const isNone = async () => {
    const { now, later } = await rig.people.eventsWaiting();
    return now + later === 0;
  };
  return reached('every event has been sent', isNone, patienceMs);
}

function isSigned({ headers, text }: ReceivedHook) {
  return headers['x-bridge-signature'] === `sha256=${createHmac('sha256', KEY).update(text).digest('hex')}`;
}

/** Gives a received event to the bridge's own door, and tells what the connector reads in it. */
async function takeIn({ connection }: AddonRig, { headers, text }: ReceivedHook, key = KEY) {
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

/** What the notifier of an installed package promises. It is set up here and stays so. */
export function describeNotifier(given: () => AddonRig): void {
  describe('the notifier', () => {
    let rig: AddonRig;

    beforeAll(async () => {
      rig = given();
      await rig.administrator.set({
        'OtrsJiraBridge::Notifier###URL': `${rig.bridge.url}/webhooks/otrs`,
        'OtrsJiraBridge::Notifier###Key': KEY,
        'OtrsJiraBridge::Notifier###TimeoutSeconds': '3',
        MinimumLogLevel: 'notice',
      });
      await rig.enter();
    }, 60_000);

    test('tells what happens to a ticket, signed, and nothing that stands in it', async () => {
      const ticket = await rig.open();
      const before = Date.now();
      const note = await rig.people
        .agent('sidorov.3l')
        .write(ticket.id, { subject: 'Тайная тема', body: 'Тайна', public: false });
      await rig.people.agent('sidorov.3l').setField(ticket.id, 'Solution', 'Тайное решение');
      await rig.people.agent('sidorov.3l').setOwner(ticket.id, 'sidorov.3l');
      await allDelivered(rig);

      expect(eventsOf(rig, ticket)).toEqual([
        'ArticleCreate',
        'ArticleCreate',
        'TicketCreate',
        'TicketCustomerUpdate',
        'TicketDynamicFieldUpdate_Solution',
        'TicketOwnerUpdate',
      ]);
      const told = rig.bridge.hooks.find(({ body }) => body.articleId === Number(note));
      expect(told?.body).toEqual({
        articleId: Number(note),
        event: 'ArticleCreate',
        eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
        ticketId: Number(ticket.id),
        time: expect.any(Number),
        userId: Number(rig.real.userIds['sidorov.3l']),
      });
      expect(Math.abs(Number(told?.body.time) - before)).toBeLessThan(30_000);
      for (const hook of rig.bridge.hooks) {
        expect(isSigned(hook)).toBe(true);
        expect(hook.path).toBe('/webhooks/otrs');
        expect(hook.text).not.toMatch(/[^\x20-\x7e]/);
        expect(JSON.stringify(hook.headers)).not.toContain('key-of-the-signature');
      }
      expect(new Set(rig.bridge.hooks.map(({ body }) => body.eventId)).size).toBe(rig.bridge.hooks.length);
    }, 60_000);

    test('is believed by the bridge’s door, which reads the ticket in it, and by no door with another key', async () => {
      const { id } = await rig.open();
      await allDelivered(rig);
      const hook = rig.bridge.hooks.find(({ body }) => String(body.ticketId) === id && body.event === 'ArticleCreate');
      if (hook === undefined) {
        throw new Error('the article was not told of');
      }

      expect(await takeIn(rig, hook)).toEqual({
        statusCode: 202,
        hints: [{ ref: { system: 'otrs', id }, kind: 'commented', id: `${hook.body.eventId}:${id}` }],
      });
      expect(await takeIn(rig, hook, 'another key')).toEqual({ statusCode: 401, hints: [] });
      expect(await takeIn(rig, { ...hook, text: hook.text.replace('"userId":3', '"userId":4') })).toEqual({
        statusCode: 401,
        hints: [],
      });
    }, 60_000);

    test('says nothing of what the bridge’s own agent does, in the interface either', async () => {
      const ticket = await rig.open();
      await allDelivered(rig);
      const before = eventsOf(rig, ticket);
      await rig.connection.desk.move(ticket, { to: 'В работе', fields: { solution: 'Готово' } }, signal);
      await rig.people.agent('bridge').setPriority(ticket.id, '1 Критичный');
      const answer = await rig.call(
        'PATCH',
        `/Ticket/${ticket.id}`,
        { Ticket: { State: 'Назначено' } },
        { login: 'petrova.2l' },
      );
      await allDelivered(rig);

      expect(answer).toMatchObject({ TicketNumber: ticket.key });
      expect(eventsOf(rig, ticket)).toEqual([...before, 'TicketStateUpdate'].toSorted());
    }, 60_000);

    test('tells of both tickets of a merge', async () => {
      const [one, main] = [await rig.open(), await rig.open()];
      await rig.people.agent('petrova.2l').merge(one.id, main.id);
      await allDelivered(rig);
      const hook = rig.bridge.hooks.find(({ body }) => body.event === 'TicketMerge');

      expect(hook?.body).toMatchObject({ ticketId: Number(one.id), mainTicketId: Number(main.id) });
      expect(hook && (await takeIn(rig, hook)).hints.map(({ ref }) => ref.id)).toEqual([one.id, main.id]);
    }, 60_000);

    test('brings the same event again, byte by byte, after the bridge refused it or was away', async () => {
      const ticket = await rig.open();
      await allDelivered(rig);
      rig.bridge.answerWith(503);
      await rig.people.agent('petrova.2l').setPriority(ticket.id, '1 Критичный');
      const refused = await rig.bridge.waitFor(({ answered }) => answered === 503, 30);
      const { port } = new URL(rig.bridge.url);
      const earlier = rig.bridge.hooks.length;
      await rig.bridge.stop();

      await rig.people.agent('petrova.2l').setTitle(ticket.id, 'Пока никто не слушает');
      await reached('both events wait for their time', async () => (await rig.people.eventsWaiting()).later === 2);
      rig.bridge = await startHookListener(Number(port));
      const again = await rig.bridge.waitFor(({ body }) => body.event === 'TicketPriorityUpdate', 90);
      const late = await rig.bridge.waitFor(({ body }) => body.event === 'TicketTitleUpdate', 90);

      expect(earlier).toBeGreaterThan(0);
      expect(again.text).toBe(refused.text);
      expect([again, late].every(isSigned)).toBe(true);
      await allDelivered(rig);
      expect(eventsOf(rig, ticket)).toEqual(['TicketPriorityUpdate', 'TicketTitleUpdate']);
      const log = await readFile(join(rig.real.folder, 'log/otrs.log'), 'utf8');
      expect(log).toMatch(
        /the event \w+ \(TicketPriorityUpdate, ticket \d+\) did not reach the bridge: 503 .* tried again/,
      );
      expect(log).toMatch(/\(TicketTitleUpdate, ticket \d+\) did not reach the bridge: .*; tried again in \d+ seconds/);
      expect(log).not.toContain('key-of-the-signature');
    }, 240_000);

    test('keeps neither an agent nor the daemon waiting for a bridge that hangs', async () => {
      const { port } = new URL(rig.bridge.url);
      await rig.bridge.stop();
      const hanging = await startHanging(Number(port));
      const ticket = await rig.open();
      const from = Date.now();
      for (const priority of ['1 Критичный', '2 Высокий', '3 Средний', '4 Низкий', '1 Критичный', '2 Высокий']) {
        await rig.people.agent('petrova.2l').setPriority(ticket.id, priority);
      }
      // Six time-outs of three seconds.
      expect(Date.now() - from).toBeLessThan(18_000);
      await reached('every event was put off', async () => {
        const { now, later } = await rig.people.eventsWaiting();
        return now === 0 && later >= 9;
      });
      expect(hanging.requests()).toBeGreaterThan(0);
      expect(hanging.requests()).toBeLessThan(9);

      await hanging.stop();
      rig.bridge = await startHookListener(Number(port));
      await allDelivered(rig, 120_000);
      expect(eventsOf(rig, ticket)).toHaveLength(9);
    }, 240_000);

    test('tells of the watched queues only, and once more of a ticket that leaves them', async () => {
      await rig.administrator.set({ 'OtrsJiraBridge::Notifier###Queues': ['NTTM::3ЛТП'] });
      await rig.enter();
      const ticket = await rig.open();
      await allDelivered(rig);
      expect(eventsOf(rig, ticket)).toEqual([]);

      const petrova = rig.people.agent('petrova.2l');
      await petrova.move(ticket.id, 'NTTM::3ЛТП');
      await petrova.setTitle(ticket.id, 'В очереди');
      await petrova.move(ticket.id, 'NTTM::2ЛТП');
      await petrova.setTitle(ticket.id, 'Уже не в очереди');
      await allDelivered(rig);
      expect(eventsOf(rig, ticket)).toEqual(['TicketQueueUpdate', 'TicketQueueUpdate', 'TicketTitleUpdate']);
      await petrova.delete(ticket.id);
      await allDelivered(rig);
      expect(eventsOf(rig, ticket)).toContain('TicketDelete');
      await rig.administrator.set({ 'OtrsJiraBridge::Notifier###Queues': [] });
    }, 120_000);

    test('tells of an outage once an hour, and gives an event up after a day', async () => {
      const { port } = new URL(rig.bridge.url);
      await rig.bridge.stop();
      const minutesAgo = (minutes: number) => ({
        event: 'TicketStateUpdate',
        ticketId: 1,
        userId: 3,
        time: Date.now() - minutes * 60_000,
      });
      await rig.administrator.send({ eventId: 'first', ...minutesAgo(6) });
      await rig.administrator.send({ eventId: 'second', ...minutesAgo(20 * 60) });
      await rig.administrator.send({ eventId: 'third', ...minutesAgo(24 * 60) });
      rig.bridge = await startHookListener(Number(port));

      const log = await readFile(join(rig.real.folder, 'log/otrs.log'), 'utf8');
      expect(log).toMatch(/\[Error\].* the event first .*Can't connect.* tried again in [34]\d\d seconds/);
      expect(log).toMatch(/\[Notice\].* the event second .* tried again in 1[2-5]\d\d\d seconds/);
      expect(log).toMatch(/\[Notice\].* the event third .* given up after a day/);
      expect(await rig.people.eventsWaiting()).toEqual({ now: 0, later: 2 });
    }, 60_000);
  });
}
