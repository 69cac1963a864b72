import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { blankLink, type RelatedRef } from '../../../src/domain/link.ts';
import type { Store } from '../../../src/store/store.ts';
import { begin, event, issue, linkTo, MINUTE, now, type Subject, ticket } from './sample.ts';

/** What is remembered about a ticket. */
export function describeLinks(open: () => Promise<Subject>): void {
  describe('links', () => {
    let subject: Subject;
    let store: Store;

    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });

    afterEach(() => subject.close());

    test('of an unknown ticket nothing is remembered', async () => {
      expect(await store.link(ticket('42'))).toEqual(blankLink(ticket('42')));
    });

    test('what a change does not name stays', async () => {
      const claim = await begin(store);
      await store.remember(claim, { issue: issue('10042') });
      await store.remember(claim, { agreed: { issueState: 'Решено / Исправлено' } });
      await store.remember(claim, { ticket: { system: 'otrs', id: '42', key: '2026030299000042' } });

      expect(await store.link({ system: 'otrs', id: '42' })).toEqual({
        ticket: { system: 'otrs', id: '42', key: '2026030299000042' },
        issue: issue('10042'),
        related: [],
        agreed: { issueState: 'Решено / Исправлено' },
        done: {},
        refused: {},
      });
    });

    test('the issue leads back to its ticket, an issue of nobody nowhere', async () => {
      await linkTo(store, '42', issue('10042'));

      expect(await store.ticketOf(issue('10042'))).toMatchObject({ system: 'otrs', id: '42' });
      expect(await store.ticketOf(issue('10043'))).toBeUndefined();
    });

    test('linked records are kept in their order and take over new keys', async () => {
      const claim = await begin(store);
      await store.remember(claim, { related: [related('eip', '77')] });
      await store.remember(claim, { related: [related('eip', '77', 'N-77'), related('dwh', '78')] });

      expect((await store.link(ticket('42'))).related).toEqual([related('eip', '77', 'N-77'), related('dwh', '78')]);
    });

    test('a linked record belongs to one ticket, under one name', async () => {
      await store.remember(await begin(store, '42'), { related: [related('eip', '77')] });
      const claim = await begin(store, '43');

      for (const name of ['eip', 'dwh']) {
        await expect(store.remember(claim, { related: [related(name, '77')] })).rejects.toMatchObject({
          code: 'INTERNAL',
          disposition: 'again',
        });
      }
      expect((await store.link(ticket('43'))).related).toEqual([]);
    });

    test('an event of a linked ticket is booked on the ticket that it was opened for, of a task on both', async () => {
      const claim = await begin(store, '42');
      await store.remember(claim, { related: [related('eip', '77'), { ...related('line-2', '78'), role: 'task' }] });
      await store.release(claim, { outcome: 'settled' }, now);

      for (const id of ['77', '78']) {
        await store.accept([event(`hook-${id}`, ticket(id))], now);
      }

      const due = await store.claim('worker', 10, MINUTE, now);
      expect(new Map(due.map((each) => [each.ticket.key, each.covers]))).toEqual(
        new Map([
          [ticket('42').key, 3],
          [ticket('78').key, 1],
        ]),
      );
    });

    test('an event that is of the ticket itself leads to no other one, whatever the ticket was opened for', async () => {
      const claim = await begin(store, '42');
      await store.remember(claim, { related: [related('eip', '77'), { ...related('line-2', '78'), role: 'task' }] });
      await store.release(claim, { outcome: 'settled' }, now);

      for (const id of ['77', '78']) {
        await store.accept([event(`stray-${id}`, ticket(id), { channel: 'sweep', isOfItself: true })], now);
      }

      const due = await store.claim('worker', 10, MINUTE, now);
      expect(due.map((each) => each.ticket.key).toSorted()).toEqual([ticket('77').key, ticket('78').key]);
    });

    test('an event of a system of its own is booked on the ticket that its record was opened for, by id or key', async () => {
      const claim = await begin(store, '42');
      const record = { name: 'dwh', role: 'related', ref: { system: 'desk', id: '77', key: 'DWH-77' } } as const;
      await store.remember(claim, { related: [record] });
      await store.release(claim, { outcome: 'settled' }, now);

      expect(await store.accept([event('hook-1', { system: 'desk', id: '77' })], now)).toMatchObject({ foreign: 0 });
      expect(await store.accept([event('hook-2', { system: 'desk', id: 'DWH-77' })], now)).toMatchObject({
        foreign: 0,
      });
      expect(await store.accept([event('hook-3', { system: 'desk', id: '78' })], now)).toMatchObject({ foreign: 1 });
      expect(await store.accept([event('hook-4', { system: 'jira', id: '77' })], now)).toMatchObject({ foreign: 1 });
      expect(await store.claim('worker', 10, MINUTE, now)).toMatchObject([{ ticket: { id: '42' }, covers: 3 }]);
    });

    test('the records of events are unseen until a good look has covered them', async () => {
      const claim = await begin(store, '42');
      await store.remember(claim, { related: [related('eip', '77')] });
      expect(await store.unseenRecords(ticket('42'))).toEqual([{ system: 'otrs', id: '42' }]);

      await store.accept([event('hook-1', ticket('77')), event('hook-2', ticket('77'))], now);
      await store.release(claim, { outcome: 'settled' }, now);
      expect(await store.unseenRecords(ticket('42'))).toEqual([{ system: 'otrs', id: '77' }]);

      const [next] = await store.claim('worker', 1, MINUTE, now);
      expect(next).toBeDefined();
      if (next !== undefined) {
        await store.release(next, { outcome: 'later', nextLookAt: now, attempt: 1, reason: 'x' }, now);
        expect(await store.unseenRecords(ticket('42'))).toHaveLength(1);
        await store.release((await store.claim('worker', 1, MINUTE, now))[0] ?? next, { outcome: 'settled' }, now);
      }
      expect(await store.unseenRecords(ticket('42'))).toEqual([]);
    });

    test('an issue belongs to one ticket', async () => {
      await linkTo(store, '42', issue('10042'));
      const claim = await begin(store, '43');

      await expect(store.remember(claim, { issue: issue('10042'), agreed: { issueState: 'x' } })).rejects.toMatchObject(
        {
          code: 'INTERNAL',
          disposition: 'again',
          message: expect.stringContaining('belongs to ticket 2026030210000042'),
        },
      );
      expect((await store.link(ticket('43'))).issue).toBeUndefined();
      expect((await store.link(ticket('43'))).agreed).toEqual({});
    });

    test('of two tickets that take one issue at the same time one gets it', async () => {
      const claims = [await begin(store, '42'), await begin(store, '43')];
      const ends = await Promise.allSettled(
        claims.map((claim, at) => (at === 0 ? store : subject.other).remember(claim, { issue: issue('10042') })),
      );

      expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'INTERNAL', disposition: 'again' },
      });
    });
  });
}

function related(name: string, id: string, key?: string): RelatedRef {
  return { name, role: 'related', ref: { system: 'otrs', id, ...(key === undefined ? {} : { key }) } };
}
