import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { shippedPolicy } from '../support/policy.ts';
import { aTicket, NOW } from '../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

beforeEach(async () => {
  rig = await createBridgeRig({ policy: shippedPolicy });
});

afterEach(() => rig.stop());

const listen = async () => {
  Object.assign(rig.context, { newsSince: await rig.store.outbox.since(rig.clock.now()) });
};
const waiting = async () => (await rig.store.outbox.waiting(100)).map(({ type }) => type);
const look = async () => {
  await rig.tell(TICKET);
  await rig.work();
};
const change = (changes: Parameters<typeof aTicket>[0]) => rig.otrs.put({ ...rig.ticket('42'), ...changes });

describe('news of a ticket', () => {
  test('tell of the issue, with both records and no words', async () => {
    await listen();
    rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
    await look();
    const [opened] = (await rig.store.outbox.waiting(100)).filter(({ type }) => type === 'issue-opened');
    expect(opened).toMatchObject({
      id: 'otrs/42:issue-opened:jira/10001',
      data: { ticket: TICKET, issue: { system: 'jira', id: '10001', key: 'OSSTTMB2B-1' } },
    });
    expect(Object.keys(opened?.data ?? {})).toEqual(['ticket', 'issue']);
  });

  test('are not written where nobody wants them', async () => {
    rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
    await look();
    change({ phase: 'done', state: 'Закрыто' });
    await look();
    expect(await rig.store.outbox.size()).toBe(0);
  });

  test('tell of deadlines once, at their times, without any event', async () => {
    await listen();
    rig.otrs.put(aTicket({ priority: '1 Критичный', createdAt: NOW, changedAt: NOW }));
    await look();
    const told: string[] = [];
    for (let minute = 0; minute < 35; minute += 1) {
      rig.clock.pass({ minutes: 1 });
      await rig.work();
      const news = await rig.store.outbox.waiting(100);
      told.push(...news.flatMap(({ type, data }) => (data.stage === 'reaction' ? [`${minute + 1} ${type}`] : [])));
      await rig.store.outbox.sent(
        news.map(({ id }) => id),
        rig.clock.now(),
      );
    }
    expect(told).toEqual(['24 deadline-near', '30 deadline-missed']);
  });

  test('tell of each closing once, and not of a ticket that was closed before it was seen', async () => {
    await listen();
    const closed = aTicket({ phase: 'done', state: 'Закрыто' });
    rig.otrs.put(closed);
    await look();
    expect(await waiting()).not.toContain('closed');

    for (let time = 1; time <= 2; time += 1) {
      rig.clock.pass({ hours: 1 });
      rig.otrs.put(aTicket({ state: 'В работе', phase: 'open', changedAt: rig.clock.now() }));
      await look();
      rig.clock.pass({ hours: 1 });
      rig.otrs.put({ ...closed, changedAt: rig.clock.now() });
      await look();
      await look();
      expect((await waiting()).filter((type) => type === 'closed')).toHaveLength(time);
    }
  });
});
