import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { startRetention } from '../../src/flow/retention.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aComment, aTicket } from '../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
const ISSUE = { system: 'jira', id: '10001' };
const DAYS = { events: 90, attempts: 90, looks: 90, letters: 365, jobs: 365, snapshots: 180 };

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

beforeEach(async () => {
  rig = await createBridgeRig();
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП', comments: [aComment({ id: '101', text: 'Первое' })] }));
});

afterEach(() => rig.stop());

const retentionOf = () => {
  const rows: Record<string, number> = {};
  const context = { store: rig.store, now: rig.clock.now, log: pino({ level: 'silent' }) };
  const retention = startRetention(DAYS, { ...context, onPruned: (kind, count) => (rows[kind] = count) });
  return { rows, retention };
};
const look = async () => {
  await rig.tell(TICKET);
  await rig.tell(ISSUE);
  await rig.work();
};
const writes = () =>
  [...rig.otrs.calls, ...rig.jira.calls].filter((call) => !/^(?:read|find|locate|changedSince)/.test(call));

describe('after years of pruning', () => {
  test('nothing is done twice: not an open ticket’s words, not its echo, not what is in doubt', async () => {
    await look();
    rig.clock.pass({ minutes: 1 });
    rig.jira.change('10001', ({ comments }) => ({
      comments: [...comments, aComment({ id: '900', by: 'agent', text: 'Какая версия?', visibility: 'public' })],
    }));
    await look();
    rig.otrs.change('42', ({ comments }) => ({
      comments: [...comments, aComment({ id: '150', by: 'agent', text: 'Версия 4.2', visibility: 'public' })],
    }));
    rig.jira.fail('comment', 'lose-the-answer');
    await rig.tell(TICKET);
    const before = writes().length;
    await rig.work();
    expect(writes().length).toBeGreaterThan(before);

    rig.clock.pass({ days: 800 });
    const { rows, retention } = retentionOf();
    await retention.pruneNow();
    await retention.stop();
    expect(Object.keys(rows)).toEqual(expect.arrayContaining(['events', 'attempts', 'looks']));

    const issue = () => rig.issues()[0]?.comments.map(({ text }) => text) ?? [];
    await look();
    rig.clock.pass({ minutes: 10 });
    await look();
    expect(issue().filter((text) => text.includes('Версия 4.2'))).toHaveLength(1);
    expect(issue().filter((text) => text.includes('Первое'))).toHaveLength(1);
    expect(rig.ticket('42').comments.filter(({ text }) => text.includes('Какая версия?'))).toHaveLength(1);
    expect(rig.issues()).toHaveLength(1);
  });

  test('a closed ticket that is opened again after its facts are gone goes on with its issue', async () => {
    await look();
    rig.otrs.change('42', () => ({ state: 'Закрыто', phase: 'done' }));
    await look();
    rig.clock.pass({ days: 800 });
    const { retention } = retentionOf();
    await retention.pruneNow();
    await retention.stop();

    rig.otrs.change('42', ({ comments }) => ({
      state: 'В работе',
      phase: 'open',
      comments: [...comments, aComment({ id: '160', by: 'agent', text: 'Снова', visibility: 'public' })],
    }));
    await look();
    expect(rig.issues()).toHaveLength(1);
    expect(
      rig
        .issues()[0]
        ?.comments.map(({ text }) => text)
        .filter((text) => text.includes('Первое')),
    ).toHaveLength(1);
  });

  test('of two instances one prunes in an hour, and thousands of rows go in small steps', async () => {
    for (let number = 0; number < 1_200; number += 1) {
      await rig.tell(TICKET, { id: `many-${number}`, channel: 'message' });
    }
    await rig.work();
    rig.clock.pass({ days: 100 });
    const [one, other] = [retentionOf(), retentionOf()];
    await Promise.all([one.retention.pruneNow(), other.retention.pruneNow()]);
    await Promise.all([one.retention.stop(), other.retention.stop()]);

    expect([one.rows.events ?? 0, other.rows.events ?? 0].toSorted()).toEqual([0, 1_200]);
  });
});
