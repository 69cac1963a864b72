import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../../src/store/store.ts';
import { event, MINUTE, now, plus, type Subject, ticket } from './sample.ts';

const HOUR = 60 * MINUTE;

/** Tickets that wait for a system to come back. */
export function describeWaiting(open: () => Promise<Subject>): void {
  describe('waiting for a system', () => {
    let subject: Subject;
    let store: Store;

    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });

    afterEach(() => subject.close());

    /** Each ticket is looked at and put off. */
    const putOff = async (urgencies: Readonly<Record<string, number>>, waitsFor = 'jira') => {
      const ids = Object.keys(urgencies);
      await store.accept(
        ids.map((id) => event(`hook-${id}`, ticket(id))),
        now,
      );
      for (const claim of await store.claim('worker', ids.length, MINUTE, now)) {
        const urgency = urgencies[claim.ticket.id] ?? 0;
        const end = { outcome: 'later', nextLookAt: plus(HOUR), attempt: claim.attempt, reason: 'away' } as const;
        await store.release(claim, { ...end, waitsFor, urgency }, now);
      }
    };
    const claimed = async (at: number) =>
      (await store.claim('worker', 10, MINUTE, plus(at))).map((claim) => claim.ticket.id);

    test('nobody is due while it lasts', async () => {
      await putOff({ 1: 30, 2: 10 });
      expect(await claimed(HOUR - 1)).toEqual([]);
      expect(await store.backlog(plus(HOUR - 1))).toMatchObject({ due: 2, oldestWaitMs: HOUR - 1 });
    });

    test('the most urgent are roused first, and come first among those roused together', async () => {
      await putOff({ 1: 30, 2: 10, 3: 20, 4: 10, 5: 40 });
      expect(await store.rouse('jira', 3, plus(MINUTE))).toBe(5);
      expect(await claimed(MINUTE)).toEqual(['2', '4', '3']);
    });

    test('no more are due than were asked for while those before them have not had their turn', async () => {
      await putOff({ 1: 30, 2: 10, 3: 20, 4: 10, 5: 40 });
      await store.rouse('jira', 2, plus(MINUTE));
      expect(await store.rouse('jira', 3, plus(MINUTE + 1))).toBe(5);
      expect(await claimed(MINUTE + 1)).toEqual(['2', '4', '3']);
      expect(await store.rouse('jira', 3, plus(MINUTE + 2))).toBe(2);
      expect(await claimed(MINUTE + 2)).toEqual(['1', '5']);
      expect(await store.rouse('jira', 3, plus(MINUTE + 3))).toBe(0);
    });

    test('who sleeps on does not come by himself before the more urgent, and comes all the same if nobody rouses him', async () => {
      await putOff({ 1: 30, 2: 10, 3: 20 });
      await store.rouse('jira', 1, plus(HOUR - 1));
      expect(await claimed(HOUR)).toEqual(['2']);
      await store.rouse('jira', 1, plus(HOUR + 5));
      expect(await claimed(HOUR + 5)).toEqual(['3']);
      expect(await claimed(HOUR + MINUTE - 2)).toEqual([]);
      expect(await claimed(HOUR + MINUTE - 1)).toEqual(['1']);
    });

    test('those that wait for another system sleep on', async () => {
      await putOff({ 1: 30 });
      await putOff({ 2: 10 }, 'otrs');
      expect(await store.rouse('jira', 5, plus(MINUTE))).toBe(1);
      expect(await claimed(MINUTE)).toEqual(['1']);
    });

    test('a ticket that somebody looks at is not roused, and one that is settled waits no more', async () => {
      await putOff({ 1: 30 });
      await store.accept([event('news', ticket('1'))], plus(1));
      const [claim] = await store.claim('worker', 1, MINUTE, plus(1));
      expect(await store.rouse('jira', 5, plus(2))).toBe(0);
      expect(claim && (await store.release(claim, { outcome: 'settled' }, plus(3)))).toBe(true);
      expect(await store.rouse('jira', 5, plus(4))).toBe(0);
      expect(await claimed(HOUR)).toEqual([]);
    });

    test('who is told of meanwhile comes at once', async () => {
      await putOff({ 1: 30, 2: 10 });
      await store.accept([event('news', ticket('1'))], plus(1));
      expect(await claimed(1)).toEqual(['1']);
    });

    test('a ticket that a sweep finds meanwhile is waited for all the same', async () => {
      await putOff({ 1: 30, 2: 10 });
      await store.accept([event('swept', ticket('2'), { channel: 'sweep' })], plus(1));
      const claim = (await store.claim('worker', 2, MINUTE, plus(1)))[0];
      const end = {
        outcome: 'later',
        nextLookAt: plus(HOUR - 1),
        attempt: 0,
        reason: 'away',
        waitsFor: 'jira',
      } as const;
      expect(claim && (await store.release(claim, { ...end, urgency: 10 }, plus(2)))).toBe(true);

      await store.rouse('jira', 5, plus(MINUTE));
      expect(await claimed(MINUTE)).toEqual(['2', '1']);
    });

    test('what only a sweep has found stays behind what somebody waits for', async () => {
      await putOff({ 1: 30 });
      await store.accept([event('swept', ticket('2'), { channel: 'sweep' })], now);
      const [swept] = await store.claim('worker', 1, MINUTE, now);
      const end = { outcome: 'later', nextLookAt: plus(HOUR), attempt: 0, reason: 'away', waitsFor: 'jira' } as const;
      expect(swept && (await store.release(swept, { ...end, urgency: 10 }, now))).toBe(true);
      await store.rouse('jira', 5, plus(MINUTE));
      expect(await claimed(MINUTE)).toEqual(['1', '2']);
    });
  });
}
