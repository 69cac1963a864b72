import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LookRecord } from '../../../src/domain/look-record.ts';
import type { Release, Store } from '../../../src/store/store.ts';
import { begin, claimOne, event, MINUTE, now, plus, type Subject, ticket } from './sample.ts';

const look = (changes: Partial<LookRecord> = {}): LookRecord => ({
  ms: 30,
  outcome: 'settled',
  rules: 'r1',
  actions: [],
  held: [],
  exchanges: [],
  ...changes,
});

const later = (at: number): Release => ({
  outcome: 'later',
  nextLookAt: plus(at),
  attempt: 0,
  reason: 'SYSTEM_UNREACHABLE: нет связи',
});
const waiting = look({ outcome: 'later', held: ['SYSTEM_UNREACHABLE'], message: 'нет связи', rules: '' });

/** What is kept of looks, for people. */
export function describeLooks(open: () => Promise<Subject>): void {
  describe('looks', () => {
    let store: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(() => close());

    /** Looks at the ticket, which an event has made due, at a moment. */
    const lookAt = async (at: number, record: LookRecord, end: Release = { outcome: 'settled' }) => {
      await store.accept([event(`event-${at}`, ticket('42'))], plus(at));
      const claim = await claimOne(store, plus(at + MINUTE));
      expect(await store.release(claim, end, plus(at + MINUTE), record)).toBe(true);
    };
    const told = async (limit = 100) =>
      (await store.looks(ticket('42'), { limit })).map(
        ({ outcome, times, actions, from, to }) =>
          `${outcome} ${times} [${actions.join()}] ${from.diff(now).milliseconds - MINUTE}-${to.diff(now).milliseconds - MINUTE}`,
      );

    test('one that did something is on record with all of it', async () => {
      const claim = await begin(store);
      const clock = { status: 'running', priority: 2, due: { resolution: 5 }, missed: ['reaction'] } as const;
      const record = look({ actions: ['open:issue'], clock, nextLookAt: plus(MINUTE), exchanges: [] });
      await store.release(claim, { outcome: 'settled', nextLookAt: plus(MINUTE) }, plus(5), record);

      expect(await store.looks(ticket('42'), { limit: 10 })).toEqual([
        { ...record, from: plus(5), to: plus(5), times: 1, covers: 1 },
      ]);
    });

    test('those that did nothing are counted as long as they come to the same', async () => {
      await lookAt(0, look({ actions: ['open:issue'] }));
      await lookAt(1000, look());
      await lookAt(2000, look({ ms: 70 }));
      await lookAt(3000, look());
      await lookAt(4000, waiting, later(5000));
      await lookAt(64_000, waiting, later(65_000));
      await lookAt(128_000, look({ actions: ['move:otrs'] }));
      await lookAt(129_000, look());

      expect(await told()).toEqual([
        'settled 1 [open:issue] 0-0',
        'settled 3 [] 1000-3000',
        'later 2 [] 4000-64000',
        'settled 1 [move:otrs] 128000-128000',
        'settled 1 [] 129000-129000',
      ]);
      expect(await told(1)).toEqual(['settled 1 [move:otrs] 128000-128000', 'settled 1 [] 129000-129000']);
    });

    test('a change of the clock is one that is told, though nothing was done', async () => {
      const clock = (status: 'running' | 'paused') => ({ clock: { status, due: {}, missed: [] } });
      await lookAt(0, look(clock('running')));
      await lookAt(1000, look(clock('running')));
      await lookAt(2000, look(clock('paused')));

      expect(await told()).toEqual(['settled 2 [] 0-1000', 'settled 1 [] 2000-2000']);
    });

    test('the ticket is given back as without a record: due when it is due, and not by one who lost the lease', async () => {
      await lookAt(0, look(), { outcome: 'settled', nextLookAt: plus(7 * MINUTE) });
      expect(await store.nextDue()).toEqual(plus(7 * MINUTE));

      const late = await claimOne(store, plus(8 * MINUTE));
      await claimOne(store, plus(10 * MINUTE));
      for (const record of [look(), waiting, look({ actions: ['open:issue'] })]) {
        expect(await store.release(late, { outcome: 'settled' }, plus(10 * MINUTE), record)).toBe(false);
      }
      expect(await told()).toEqual(['settled 1 [] 0-0']);
    });
  });
}
