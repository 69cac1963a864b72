import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { Ref } from '../../../src/domain/ticket.ts';
import type { Store } from '../../../src/store/store.ts';
import { claimOne, event, issue, linkTo, MINUTE, now, plus, type Subject, ticket } from './sample.ts';

/** How events come in. */
export function describeArrivals(open: () => Promise<Subject>): void {
  describe('arrivals', () => {
    let subject: Subject;
    let store: Store;

    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });

    afterEach(() => subject.close());

    test('nothing is due in an empty store', async () => {
      expect(await store.nextDue()).toBeUndefined();
      expect(await store.claim('worker', 10, MINUTE, now)).toEqual([]);
      expect(await store.accept([], now)).toEqual({ accepted: 0, foreign: 0 });
    });

    test('an event makes its ticket due at once', async () => {
      expect(await store.accept([event('a', ticket('42'))], now)).toEqual({ accepted: 1, foreign: 0 });

      expect(await store.nextDue()).toEqual(now);
      expect(await store.claim('worker', 10, MINUTE, now)).toEqual([
        { ticket: ticket('42'), fence: 1, attempt: 0, covers: 1, waitingSince: now },
      ]);
    });

    test('a burst of events for one ticket is one look', async () => {
      await store.accept(
        Array.from({ length: 10 }, (_, index) => event(`e${index}`, ticket('42'))),
        now,
      );
      const claim = await claimOne(store);
      expect(claim.covers).toBe(10);

      await store.release(claim, { outcome: 'settled' }, now);
      expect(await store.nextDue()).toBeUndefined();
    });

    test.each([
      ['its id', { system: 'jira', id: '10042' }],
      ['its id, though its key has moved to another project', { system: 'jira', id: '10042', key: 'OTHER-1' }],
      ['its key, if the id says nothing', { system: 'jira', id: '0', key: 'OSSTTMB2B-10042' }],
      ['its key in the place of the id', { system: 'jira', id: 'OSSTTMB2B-10042' }],
      ['its id, even if its key is now the key of another', { system: 'jira', id: '10042', key: 'OSSTTMB2B-10043' }],
    ])('an event of an issue is booked on the linked ticket by %s', async (_, ref) => {
      await linkTo(store, '42', issue('10042'));
      await linkTo(store, '43', issue('10043'));

      expect(await store.accept([event('from-jira', ref)], now)).toEqual({ accepted: 1, foreign: 0 });
      expect((await claimOne(store)).ticket).toEqual(ticket('42'));
    });

    test('an event that leads to no ticket is counted as foreign and not kept', async () => {
      await linkTo(store, '42', issue('10042'));
      const events = [
        event('unknown', issue('777')),
        event('other-system', { system: 'naumen', id: '10042' }),
        event('no-id', { system: 'otrs', id: '' }),
        event('absurd-id', { system: 'otrs', id: '4'.repeat(10_000) }),
      ];

      expect(await store.accept(events, now)).toEqual({ accepted: 0, foreign: 4 });
      expect(await store.nextDue()).toBeUndefined();

      await linkTo(store, '43', issue('777'));
      expect(await store.nextDue()).toBeUndefined();
    });

    test('a known event is a new arrival when it comes again', async () => {
      await store.accept([event('a', ticket('42'))], now);
      await store.release(await claimOne(store), { outcome: 'settled' }, now);

      expect(await store.accept([event('a', ticket('42'))], plus(5))).toEqual({ accepted: 1, foreign: 0 });
      expect((await claimOne(store, plus(5))).covers).toBe(2);
    });

    test('a webhook that comes a hundred times at once is one event, and every arrival counts', async () => {
      const times = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? store : subject.other));
      await Promise.all(times.map((each) => each.accept([event('a', ticket('42'))], now)));

      expect(await store.arrivals(ticket('42'))).toMatchObject([{ turn: 100 }]);
      expect(await store.claim('worker', 10, MINUTE, now)).toMatchObject([{ ticket: ticket('42'), covers: 100 }]);
    });

    test('a known event of the sweep changes nothing', async () => {
      const seen = event('jira:10042@09:00', ticket('42'), { channel: 'sweep' });
      expect(await store.accept([seen], now)).toEqual({ accepted: 1, foreign: 0 });
      await store.release(await claimOne(store), { outcome: 'settled' }, now);

      expect(await store.accept([seen], plus(5))).toEqual({ accepted: 0, foreign: 0 });
      expect(await store.nextDue()).toBeUndefined();
    });

    test('one event twice in a batch is two arrivals of one event', async () => {
      expect(await store.accept([event('a', ticket('42')), event('a', ticket('42'))], now)).toEqual({
        accepted: 2,
        foreign: 0,
      });
      await store.release(await claimOne(store), { outcome: 'settled' }, now);
      expect(await store.nextDue()).toBeUndefined();
    });

    test('a batch that cannot be kept whole is not kept at all', async () => {
      const broken = event('b', ticket('43'), { at: DateTime.invalid('for the test') });
      await expect(store.accept([event('a', ticket('42')), broken], now)).rejects.toThrow();

      expect(await store.nextDue()).toBeUndefined();
      expect(await store.backlog(now)).toMatchObject({ due: 0, oldestWaitMs: 0 });
    });

    test.each([
      ['Cyrillic', 'событие №1'],
      ['emoji', '👩🏽‍💻'],
      ['quotes', `'; drop table work; -- "`],
      ['a NUL', 'a\0b'],
      ['half an emoji', 'a\ud83d'],
      ['ten thousand characters', 'я'.repeat(10_000)],
    ])('an id with %s is kept and known again', async (_, id) => {
      const ref: Ref = { system: 'otrs', id: id.slice(0, 100), key: id };
      await store.accept([event(id, ref, { channel: 'sweep' })], now);
      const claim = await claimOne(store);
      expect(await store.release(claim, { outcome: 'settled' }, now)).toBe(true);

      expect(await store.accept([event(id, ref, { channel: 'sweep' })], now)).toEqual({ accepted: 0, foreign: 0 });
      expect(await store.accept([event(`${id}!`, ref, { channel: 'sweep' })], now)).toMatchObject({ accepted: 1 });
    });

    test('batches for the same tickets in opposite order do not block each other, and count every arrival', async () => {
      const ids = Array.from({ length: 40 }, (_, index) => String(index));
      const batch = (round: number, order: readonly string[]) => order.map((id) => event(`${round}-${id}`, ticket(id)));
      const batches = Array.from({ length: 10 }, (_, round) => batch(round, round % 2 === 0 ? ids : ids.toReversed()));
      await Promise.all(batches.map((events, round) => (round % 2 === 0 ? store : subject.other).accept(events, now)));

      const claims = await store.claim('worker', 100, MINUTE, now);
      expect(claims.map(({ covers }) => covers)).toEqual(ids.map(() => 10));
    });

    test('ten thousand tickets in one batch are all served, longest due first', async () => {
      const ids = Array.from({ length: 10_000 }, (_, index) => String(index));
      await store.accept([event('first', ticket('9999'))], plus(-1));
      await store.accept(
        ids.map((id) => event(`e${id}`, ticket(id))),
        now,
      );
      expect(await store.backlog(now)).toMatchObject({ due: 10_000 });

      const claims = await store.claim('worker', 20_000, MINUTE, now);
      expect(claims[0]?.ticket).toEqual(ticket('9999'));
      expect(new Set(claims.map((claim) => claim.ticket.id)).size).toBe(10_000);
    });
  });
}
