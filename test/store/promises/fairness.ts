import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../../src/store/store.ts';
import { claimOne, event, MINUTE, now, plus, type Subject, ticket } from './sample.ts';

/** Who comes first: what somebody waits for, or what a sweep found. */
export function describeFairness(open: () => Promise<Subject>): void {
  describe('fairness', () => {
    let subject: Subject;
    let store: Store;

    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });

    afterEach(() => subject.close());

    const sweep = (ids: readonly string[], at = now) =>
      store.accept(
        ids.map((id) => event(`sweep:${id}:${at.toMillis()}`, ticket(id), { channel: 'sweep' })),
        at,
      );
    const numbers = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

    /** Ids in the order in which a worker with one hand free gets them. */
    async function claimInTurn(count: number, at = now): Promise<string[]> {
      const ids: string[] = [];
      for (let turn = 0; turn < count; turn += 1) {
        ids.push((await claimOne(store, at)).ticket.id);
      }
      return ids;
    }

    test('a ticket that a webhook told of comes before thousands that a sweep found earlier', async () => {
      await sweep(numbers('found', 3_000));
      await store.accept([event('told', ticket('told'))], plus(1_000));

      const [first, second] = await claimInTurn(2, plus(1_000));
      expect([first, second]).toContain('told');
    });

    test('a swept ticket of which a webhook tells comes at once, too', async () => {
      await sweep(numbers('found', 100));
      await store.accept([event('told', ticket('found99'))], plus(1_000));

      expect(await claimInTurn(2, plus(1_000))).toContain('found99');
    });

    test('what a sweep found gets one claim in four however many webhooks come', async () => {
      await sweep(numbers('found', 10));
      await store.accept(
        numbers('told', 100).map((id) => event(id, ticket(id))),
        plus(1_000),
      );

      const ids = await claimInTurn(40, plus(1_000));
      expect(ids.filter((id) => id.startsWith('found'))).toHaveLength(10);
      const many = await store.claim('worker', 8, MINUTE, plus(1_000));
      expect(many.every(({ ticket: { id } }) => id.startsWith('told'))).toBe(true);
    });

    test('a worker with many hands free leaves none idle', async () => {
      await sweep(numbers('found', 5));
      await store.accept([event('told', ticket('told'))], plus(1_000));

      expect(await store.claim('worker', 8, MINUTE, plus(1_000))).toHaveLength(6);
    });

    test('a deadline is looked at in its time although a sweep found the ticket before', async () => {
      await store.accept([event('told', ticket('42'))], now);
      await store.release(await claimOne(store), { outcome: 'settled', nextLookAt: plus(MINUTE) }, now);
      await sweep(numbers('found', 100), plus(10));
      await sweep(['42'], plus(20));

      expect(await claimInTurn(2, plus(MINUTE))).toContain('42');
    });

    test('what fails in the background is tried again in the background', async () => {
      await sweep(['42']);
      const later = { outcome: 'later', nextLookAt: plus(10), attempt: 0, reason: 'outage' } as const;
      await store.release(await claimOne(store), later, now);
      await store.accept(
        numbers('told', 3).map((id) => event(id, ticket(id))),
        plus(20),
      );

      expect((await claimInTurn(4, plus(20))).slice(0, 2)).not.toContain('42');
    });

    test('what fails although somebody waits for it is still waited for', async () => {
      await store.accept([event('told', ticket('42'))], now);
      const later = { outcome: 'later', nextLookAt: plus(MINUTE), attempt: 1, reason: 'REFUSED' } as const;
      await store.release(await claimOne(store), later, now);
      await sweep(numbers('found', 100), plus(10));

      expect(await claimInTurn(2, plus(MINUTE))).toContain('42');
    });

    test.each([
      ['a webhook', 'webhook', true],
      ['a sweep', 'sweep', false],
    ] as const)('news of %s during a look keeps its place', async (_, channel, isFirst) => {
      await store.accept([event('told', ticket('42'))], now);
      const claim = await claimOne(store);
      await store.accept([event('meanwhile', ticket('42'), { channel })], plus(1));
      await sweep(numbers('found', 50), plus(2));
      await store.release(claim, { outcome: 'settled' }, plus(3));

      const ids = await claimInTurn(8, plus(3));
      expect(ids.slice(0, 2).includes('42')).toBe(isFirst);
    });

    test('new rules wake tickets in the background', async () => {
      for (const id of numbers('known', 20)) {
        await store.accept([event(id, ticket(id))], now);
        const claim = await claimOne(store);
        await store.keepSnapshot(claim, { at: now, isDone: false, rules: 'old', facts: '{}' });
        await store.release(claim, { outcome: 'settled' }, now);
      }
      expect(await store.wakeStale('new', now)).toBe(20);
      await store.accept([event('told', ticket('told'))], plus(20 * MINUTE));

      expect(await claimInTurn(2, plus(20 * MINUTE))).toContain('told');
    });
  });
}
