import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../../src/store/store.ts';
import { begin, claimOne, event, MINUTE, now, plus, type Subject, ticket } from './sample.ts';

/** What the store tells about itself and about the past. */
export function describeAccounts(open: () => Promise<Subject>): void {
  describe('accounts', () => {
    let store: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(() => close());

    test('the audit trail tells a ticket’s story in the order in which it happened', async () => {
      const who = 'bridge';
      await store.audit({ at: plus(5), who: 'petrova.2l', what: 'replayed', ticket: ticket('42'), detail: {} });
      await store.audit({ at: now, who, what: 'opened', ticket: ticket('42'), detail: { задача: 'OSSTTMB2B-1' } });
      for (let index = 0; index < 12; index += 1) {
        await store.audit({ at: plus(1), who, what: `${index}`, ticket: ticket('42'), detail: {} });
      }
      await store.audit({ at: now, who, what: 'opened', ticket: ticket('43'), detail: {} });
      await store.audit({ at: now, who, what: 'started', detail: {} });

      const trail = await store.auditTrail(ticket('42'));
      expect(trail[0]).toEqual({
        at: now,
        who,
        what: 'opened',
        ticket: ticket('42'),
        detail: { задача: 'OSSTTMB2B-1' },
      });
      expect(trail.slice(1).map(({ what }) => what)).toEqual([...Array(12).keys()].map(String).concat('replayed'));
    });

    test('the backlog tells how many wait and for how long', async () => {
      expect(await store.backlog(now)).toEqual({ due: 0, oldestWaitMs: 0, deadLetters: 0 });

      await store.accept([event('a', ticket('1'))], now);
      await store.accept([event('b', ticket('2')), event('a', ticket('1'))], plus(100));
      expect(await store.backlog(plus(500))).toMatchObject({ due: 2, oldestWaitMs: 500 });

      const claim = await claimOne(store, plus(500));
      expect(await store.backlog(plus(500))).toMatchObject({ due: 2, oldestWaitMs: 500 });

      await store.accept([event('c', ticket('1'))], plus(600));
      await store.release(claim, { outcome: 'settled' }, plus(700));
      expect(await store.backlog(plus(1_000))).toMatchObject({ due: 2, oldestWaitMs: 900 });

      await store.release(await claimOne(store, plus(1_000)), { outcome: 'settled' }, plus(1_000));
      expect(await store.backlog(plus(1_000))).toMatchObject({ due: 1, oldestWaitMs: 400 });

      await store.release(await claimOne(store, plus(1_000)), { outcome: 'settled' }, plus(1_000));
      expect(await store.backlog(plus(1_000))).toEqual({ due: 0, oldestWaitMs: 0, deadLetters: 0 });
    });

    test('a failed look leaves its events waiting', async () => {
      const failed = { outcome: 'later', nextLookAt: plus(60 * MINUTE), attempt: 1, reason: 'outage' } as const;
      await store.release(await begin(store), failed, plus(5));
      expect(await store.backlog(plus(10))).toMatchObject({ due: 1, oldestWaitMs: 10 });
    });

    test('a closed store says so, and finishes what is under way', async () => {
      const underWay = store.accept([event('a', ticket('42'))], now);
      await Promise.all([store.close(), store.close()]);
      expect(await underWay).toEqual({ accepted: 1, foreign: 0 });
      await expect(store.nextDue()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    });
  });
}
