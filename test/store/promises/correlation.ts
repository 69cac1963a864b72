import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../../src/store/store.ts';
import { claimOne, event, now, plus, type Subject, ticket } from './sample.ts';

/** The name of an arrival, from the door to the look. */
export function describeCorrelation(open: () => Promise<Subject>): void {
  describe('the correlation of an arrival', () => {
    let store: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(() => close());

    test('reaches the look; of several waiting ones it is that of the newest that has one', async () => {
      await store.accept([event('a', ticket('42'), { correlation: 'first' })], now);
      await store.accept([event('b', ticket('42'), { correlation: 'second' }), event('c', ticket('42'))], plus(5));
      expect((await claimOne(store, plus(10))).correlation).toBe('second');
    });

    test('is not that of a later look which nobody asked for', async () => {
      await store.accept([event('a', ticket('42'), { correlation: 'first' })], now);
      const claim = await claimOne(store);
      await store.release(claim, { outcome: 'settled', nextLookAt: plus(5) }, now);
      expect((await claimOne(store, plus(10))).correlation).toBeUndefined();
      await store.accept([event('b', ticket('42'))], plus(15));
      expect((await claimOne(store, plus(200_000))).correlation).toBeUndefined();
    });
  });
}
