import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../../src/domain/attempt.ts';
import type { PrunedKind } from '../../../src/domain/pruned-kind.ts';
import type { JobItemState, JobState } from '../../../src/store/letter-jobs.ts';
import type { DeadLetter, Store } from '../../../src/store/store.ts';
import { begin, claimOne, commentOn, event, issue, letter, now, plus, type Subject, ticket } from './sample.ts';

const action = commentOn(issue('10042'), 'Прошу предоставить лог');
const A_LOOK = { ms: 1, outcome: 'settled', rules: 'r1', held: [], exchanges: [] };
const attempt = (key: string): Attempt => ({ key, system: 'jira', at: now, ms: 1, outcome: 'done', exchanges: [] });

/** What goes by its age, and what stays whatever its age. */
export function describePruning(open: () => Promise<Subject>): void {
  describe('pruning', () => {
    let store: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(() => close());

    const late = plus(1_000_000);
    const pruned = (kind: PrunedKind, limit = 100) => store.prune(kind, late, limit);
    const arrivals = async (id = '42') =>
      (await store.storyMatter(ticket(id), { limit: 100 })).arrivals.map((each) => each.id);

    test('arrivals that a look has covered go, oldest first and so many at a time; those that none has seen stay', async () => {
      for (const at of [0, 1, 2, 3]) {
        await store.accept([event(`covered-${at}`, ticket('42'), { channel: 'message' })], plus(at));
      }
      await store.release(await claimOne(store, plus(10)), { outcome: 'settled' }, plus(10));
      await store.accept([event('waiting', ticket('42'), { channel: 'message' })], plus(20));

      expect(await pruned('events', 3)).toBe(3);
      expect(await arrivals()).toEqual(['covered-3', 'waiting']);
      expect(await pruned('events')).toBe(1);
      expect(await arrivals()).toEqual(['waiting']);
      expect(await store.claim('worker', 1, 1000, plus(30))).toHaveLength(1);
    });

    test('what is younger stays, and so does the latest webhook, by which silence is noticed', async () => {
      await store.accept([event('old', ticket('42'))], now);
      await store.accept([event('last', ticket('42'))], plus(5));
      await store.release(await claimOne(store, plus(10)), { outcome: 'settled' }, plus(10));

      expect(await store.prune('events', now, 100)).toBe(0);
      expect(await pruned('events')).toBe(1);
      expect(await store.lastHeard('otrs')).toEqual(plus(5));
    });

    test('looks and calls go, but not the calls of what is open or in doubt', async () => {
      const claim = await begin(store);
      await store.keepAttempt(claim, attempt('comment:jira:1'));
      await store.intend(claim, { ...action, key: 'comment:jira:2' }, now);
      await store.keepAttempt(claim, attempt('comment:jira:2'));
      await store.refuse(claim, { ...action, key: 'comment:jira:3' }, letter(), attempt('comment:jira:3'));
      await store.release(claim, { outcome: 'settled' }, plus(1), { ...A_LOOK, actions: ['comment:jira:1'] });

      expect([await pruned('attempts'), await pruned('looks')]).toEqual([1, 1]);
      const left = await store.attempts(ticket('42'), { limit: 10 });
      expect(left.map(({ key }) => key)).toEqual(['comment:jira:2', 'comment:jira:3']);
      expect(await store.looks(ticket('42'), { limit: 10 })).toEqual([]);
    });

    test('letters go that are resolved, and open ones stay', async () => {
      const claim = await begin(store);
      await store.refuse(claim, action, letter());
      expect(await pruned('letters')).toBe(0);

      await store.complete(claim, action, '9001', {}, plus(5));
      expect(await store.prune('letters', now, 100)).toBe(0);
      expect(await pruned('letters')).toBe(1);
      expect(await store.deadLetters({ limit: 10 })).toEqual([]);
    });

    test('a letter that a person discarded stays: by it the action is not offered again', async () => {
      const claim = await begin(store);
      await store.refuse(claim, action, letter());
      await store.release(claim, { outcome: 'settled' }, now);
      const [open] = await store.deadLetters({ limit: 10 });
      await store.discardLetter(open as DeadLetter, { who: 'petrova.2l', now: plus(1), reason: 'сделано вручную' });

      expect(await pruned('letters')).toBe(0);
      expect((await store.link(ticket('42'))).refused[action.key]).toMatchObject({ discarded: [action] });
    });

    /** A job over the open letters of a ticket, after a step in which each of them came to `became`. */
    const jobOver = async (id: string, state: JobState, became: JobItemState) => {
      const filter = { ticket: ticket(id) };
      const job = await store.beginJob({ act: 'replay', filter, by: 'petrova.2l', now, perMinute: 60 });
      const claimed = await store.claimJob('worker', 1, now);
      const items = (await store.jobItems(job.id, 'todo', 10)).map((item) => ({ ...item, turn: 1, state: became }));
      const step = { items, batch: 1, turn: 1, nextAt: plus(5), state };
      expect(claimed && (await store.finishStep(claimed, step, plus(5)))).toBe(true);
      return job.id;
    };

    test('jobs that are done go with their letters’ places, so many rows at a time; the others stay whatever their age', async () => {
      for (const key of ['a', 'b', 'c']) {
        await store.bury(letter({ ticket: ticket('41'), code: key.toUpperCase() }));
      }
      await store.bury(letter({ ticket: ticket('42') }));
      await store.bury(letter({ ticket: ticket('43') }));
      const over = await jobOver('41', 'done', 'failed');
      const stopped = await jobOver('42', 'stopped', 'failed');
      const running = await jobOver('43', 'running', 'waiting');

      expect(await store.prune('jobs', plus(5), 100)).toBe(0);
      expect(await pruned('jobs', 2)).toBe(2);
      expect(await pruned('jobs', 2)).toBe(2);
      expect(await pruned('jobs', 2)).toBe(0);
      expect((await store.jobs(10)).map(({ id }) => id).toSorted()).toEqual([stopped, running].toSorted());
      expect(await store.jobItems(over, 'failed', 10)).toEqual([]);
      expect(await store.jobItems(stopped, 'failed', 10)).toHaveLength(1);
      expect(await store.jobItems(running, 'waiting', 10)).toHaveLength(1);
      expect(await store.deadLetters({ state: 'open', limit: 10 })).toHaveLength(5);
      await expect(store.resumeJob(over, true, 'petrova.2l', late)).rejects.toMatchObject({ code: 'LETTER_UNKNOWN' });
    });

    test('facts go of a ticket whose work is done; that it is done is known for ever', async () => {
      for (const [id, isDone] of [
        ['42', true],
        ['43', false],
      ] as const) {
        const claim = await begin(store, id);
        await store.keepSnapshot(claim, { at: now, isDone, rules: 'r1', facts: '{"a":1}' });
        await store.release(claim, { outcome: 'settled' }, now);
      }

      expect(await pruned('snapshots')).toBe(1);
      expect((await store.snapshots({ limit: 10 })).map((each) => each.ticket.id)).toEqual(['43']);
      expect(await store.lastSeen(ticket('42'))).toMatchObject({ isDone: true });
    });

    test('what guards against doing something twice stays whatever its age', async () => {
      const claim = await begin(store);
      await store.intend(claim, action, now);
      await store.complete(claim, action, '9001', { issue: issue('10042'), agreed: { issueState: 'В работе' } }, now);
      await store.audit({ at: now, who: 'bridge', what: 'comment', ticket: ticket('42'), detail: {} });
      await store.keepSnapshot(claim, { at: now, isDone: true, rules: 'r1', facts: '{}' });
      await store.release(claim, { outcome: 'settled' }, now);
      const known = await store.link(ticket('42'));

      for (const kind of ['events', 'attempts', 'looks', 'letters', 'jobs', 'snapshots'] as const) {
        await pruned(kind);
      }
      expect(await store.link(ticket('42'))).toEqual(known);
      expect(await store.intent(ticket('42'), action.key)).toMatchObject({ state: 'done', action });
      expect(await store.ticketOf(issue('10042'))).toMatchObject({ id: '42' });
      expect(await store.auditTrail(ticket('42'))).toHaveLength(1);
    });
  });
}
