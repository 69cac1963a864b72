import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { NewSnapshot, Store } from '../../../src/store/store.ts';
import { begin, claimOne, event, MINUTE, now, plus, type Subject, ticket } from './sample.ts';

const snapshot = (changes: Partial<NewSnapshot> = {}): NewSnapshot => ({
  at: now,
  isDone: false,
  rules: 'aaaaaaaaaaaa',
  facts: '{"ticket":{"title":"Не создаётся заявка \\u0000 😀"}}',
  ...changes,
});

/** What looks leave for replays, and whom a change of the rules concerns. */
export function describeSnapshots(open: () => Promise<Subject>): void {
  describe('snapshots', () => {
    let subject: Subject;
    let store: Store;

    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });

    afterEach(() => subject.close());

    const lookAt = async (id: string, changes: Partial<NewSnapshot> = {}) => {
      await store.accept([event(`look-${id}-${Math.random()}`, ticket(id))], now);
      const claim = await claimOne(store);
      await store.keepSnapshot(claim, snapshot(changes));
      await store.release(claim, { outcome: 'settled' }, now);
    };

    test('the last facts of a ticket are kept as they were', async () => {
      const claim = await begin(store);
      await store.keepSnapshot(claim, snapshot({ facts: 'earlier' }));
      await store.keepSnapshot(claim, snapshot({ at: plus(5), rules: 'bbbbbbbbbbbb' }));

      expect(await store.snapshots({ limit: 10 })).toEqual([
        { ticket: ticket('42'), at: plus(5), rules: 'bbbbbbbbbbbb', facts: snapshot().facts },
      ]);
    });

    test('facts that did not change are not written again', async () => {
      const claim = await begin(store);

      expect(await store.keepSnapshot(claim, snapshot())).toBe(true);
      expect(await store.keepSnapshot(claim, snapshot({ at: plus(5) }))).toBe(false);
      expect(await store.keepSnapshot(claim, snapshot({ isDone: true }))).toBe(true);
      expect(await store.keepSnapshot(claim, snapshot({ isDone: true, rules: 'cccccccccccc' }))).toBe(true);
    });

    test('facts that are not to be kept any more go with the next look', async () => {
      const claim = await begin(store);
      await store.keepSnapshot(claim, snapshot());
      const { facts: _, ...bare } = snapshot();
      await store.keepSnapshot(claim, bare);

      expect(await store.snapshots({ limit: 10 })).toEqual([]);
    });

    test('pages lead through all of them, each once', async () => {
      for (const id of ['10', '2', '33', '4', '50']) {
        await lookAt(id);
      }

      const seen: string[] = [];
      let after = '';
      for (;;) {
        const page = await store.snapshots({ after, limit: 2 });
        seen.push(...page.map((each) => each.ticket.id));
        const last = page.at(-1);
        if (last === undefined) {
          break;
        }
        after = last.ticket.id;
      }
      expect(seen.toSorted()).toEqual(['10', '2', '33', '4', '50']);
      expect(new Set(seen).size).toBe(5);
    });

    test('a change of the rules makes tickets due that are not done, one after the other', async () => {
      await lookAt('1');
      await lookAt('2', { isDone: true });
      await lookAt('3', { rules: 'bbbbbbbbbbbb' });
      await lookAt('4');

      expect(await store.wakeStale('bbbbbbbbbbbb', plus(0))).toBe(2);
      expect((await store.claim('w', 9, MINUTE, now)).map((claim) => claim.ticket.id)).toEqual(['1']);
      expect((await store.claim('w', 9, MINUTE, plus(5 * MINUTE))).map((claim) => claim.ticket.id)).toContain('4');
    });

    test('a ticket that was looked at under the rules in force stays asleep', async () => {
      await lookAt('1');

      expect(await store.wakeStale('aaaaaaaaaaaa', now)).toBe(0);
      expect(await store.nextDue()).toBeUndefined();
    });

    test('a ticket in work is looked at once more when it is given back', async () => {
      await lookAt('1');
      await store.accept([event('again', ticket('1'))], now);
      const claim = await claimOne(store);

      expect(await store.wakeStale('bbbbbbbbbbbb', plus(1))).toBe(1);
      expect(await store.claim('w', 9, MINUTE, plus(2))).toEqual([]);
      await store.release(claim, { outcome: 'settled' }, plus(3));
      await store.release(await claimOne(store, plus(4)), { outcome: 'settled' }, plus(4));
      expect(await store.nextDue()).toBeUndefined();
      expect(await store.backlog(plus(5))).toMatchObject({ due: 0, oldestWaitMs: 0 });
    });

    test('a ticket that is backing off keeps its patience', async () => {
      await lookAt('1');
      await store.accept([event('again', ticket('1'))], now);
      const later = { outcome: 'later', nextLookAt: plus(60 * MINUTE), attempt: 1, reason: 'outage' } as const;
      await store.release(await claimOne(store), later, now);

      expect(await store.wakeStale('bbbbbbbbbbbb', now)).toBe(0);
      expect(await store.nextDue()).toEqual(plus(60 * MINUTE));
    });

    test('a due time that is sooner stays', async () => {
      await lookAt('1');
      await lookAt('2');
      await store.accept([event('news', ticket('2'))], now);

      await store.wakeStale('bbbbbbbbbbbb', now);
      expect((await store.claim('w', 9, MINUTE, now)).map((claim) => claim.ticket.id).toSorted()).toEqual(['1', '2']);
    });
  });
}
