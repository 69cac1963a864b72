import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../../src/store/store.ts';
import { event, issue, linkTo, now, plus, type Subject, ticket } from './sample.ts';

/** What arrived, for people who want to know whether webhooks come. */
export function describeHeard(open: () => Promise<Subject>): void {
  describe('what was heard', () => {
    let subject: Subject;
    let store: Store;

    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });

    afterEach(() => subject.close());

    test('the last webhook of each system is known, and sweeps are none', async () => {
      expect(await store.lastHeard('otrs')).toBeUndefined();
      await linkTo(store, '42', issue('7'));
      await store.accept([event('a', ticket('42'))], plus(10));
      await store.accept([event('b', ticket('43'), { channel: 'sweep' })], plus(20));
      await store.accept([event('c', issue('7'))], plus(30));

      expect(await store.lastHeard('otrs')).toEqual(plus(10));
      expect(await store.lastHeard('jira')).toEqual(plus(30));
    });

    test('arrivals of a ticket come in their order, a repeat under a new number', async () => {
      await store.accept([event('a', ticket('42')), event('b', ticket('42'), { channel: 'sweep' })], now);
      await store.accept([event('a', ticket('42'), { kind: 'commented' })], plus(5));
      await store.accept([event('other', ticket('43'))], plus(6));

      expect(await store.arrivals(ticket('42'))).toEqual([
        { turn: 2, system: 'otrs', kind: 'changed', channel: 'sweep', at: now },
        { turn: 3, system: 'otrs', kind: 'commented', channel: 'webhook', at: plus(5) },
      ]);
    });
  });
}
