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
