import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Action } from '../../../src/domain/action.ts';
import type { Inheritance } from '../../../src/domain/inheritance.ts';
import type { Claim, Store } from '../../../src/store/store.ts';
import { begin, event, issue, MINUTE, now, type Subject, ticket } from './sample.ts';

const comment = (key: string): Action => ({
  do: 'comment',
  key,
  ref: issue('10042'),
  comment: { subject: '', text: 'Что-то', visibility: 'public' },
});

const everything: Inheritance = { agreed: { described: ['100'] }, carries: () => true };

/** What a ticket takes over from one that was merged into it. */
export function describeInheritance(open: () => Promise<Subject>): void {
  describe('the memory of a merged ticket', () => {
    let subject: Subject;
    let store: Store;

    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });

    afterEach(() => subject.close());

    const settle = (claim: Claim) => store.release(claim, { outcome: 'settled' }, now);
    const refused = async (claim: Claim, action: Action) => {
      await store.intend(claim, action, now);
      const letter = { ticket: claim.ticket, action, code: 'REFUSED', message: 'нет', details: {}, at: now };
      await store.refuse(claim, action, letter);
    };

    test('goes along with its issue and its linked records, and the issue’s events lead to the heir from then on', async () => {
      const merged = await begin(store, '42');
      await store.remember(merged, {
        issue: issue('10042'),
        related: [{ name: 'eip', role: 'related', ref: { system: 'otrs', id: '77' } }],
      });
      await settle(merged);
      const heir = await begin(store, '43');

      expect(await store.inherit(heir, ticket('42'), { ...everything, issue: issue('10042') }, now)).toBe(true);

      expect(await store.link(ticket('43'))).toMatchObject({
        issue: issue('10042'),
        related: [{ name: 'eip' }],
        agreed: { described: ['100'] },
      });
      expect(await store.link(ticket('42'))).toMatchObject({ related: [] });
      expect(await store.link(ticket('42'))).not.toHaveProperty('issue');
      expect(await store.ticketOf(issue('10042'))).toMatchObject({ id: '43' });
    });

    test('gives the heir no link to itself: it was opened for the merged ticket', async () => {
      const heir = await begin(store, '43');
      const merged = await begin(store, '42');
      const opened = { name: 'line-2', role: 'task', ref: ticket('43') } as const;
      await store.remember(merged, { related: [opened, { ...opened, name: 'eip', ref: ticket('77') }] });
      await settle(merged);

      await store.inherit(heir, ticket('42'), everything, now);

      expect((await store.link(ticket('43'))).related.map(({ name }) => name)).toEqual(['eip']);
      expect((await store.link(ticket('42'))).related).toEqual([]);
    });

    test('is parted from a record that goes on alone, whose events lead to itself from then on', async () => {
      const merged = await begin(store, '42');
      await store.remember(merged, { related: [{ name: 'dwh', role: 'related', ref: ticket('43') }] });
      await store.unlink(merged, ticket('43'));
      await settle(merged);
      await store.accept([event('hook-1', ticket('43'))], now);

      expect((await store.link(ticket('42'))).related).toEqual([]);
      expect((await store.claim('other', 2, MINUTE, now)).map((claim) => claim.ticket.id)).toEqual(['43']);
      await expect(store.unlink(merged, ticket('77'))).rejects.toMatchObject({ code: 'LEASE_LOST' });
    });

    test('brings its linked records among those of the heir, always in one order', async () => {
      const record = (name: string, id: string) => ({ name, role: 'related', ref: { system: 'otrs', id } }) as const;
      const merged = await begin(store, '42');
      await store.remember(merged, { related: [record('dwh', '77')] });
      await settle(merged);
      const heir = await begin(store, '43');
      await store.remember(heir, { related: [record('eip', '78')] });

      await store.inherit(heir, ticket('42'), everything, now);

      expect((await store.link(ticket('43'))).related.map(({ name }) => name)).toEqual(['dwh', 'eip']);
    });

    test('tells the heir what was done, and is kept', async () => {
      const merged = await begin(store, '42');
      await store.complete(merged, comment('comment:jira:17'), '9001', {}, now);
      await store.complete(merged, comment('comment:note:closed'), '9002', {}, now);
      await settle(merged);
      const heir = await begin(store, '43');
      await store.complete(heir, comment('comment:jira:18'), '9003', {}, now);

      const carries = (key: string) => !key.startsWith('comment:note:');
      expect(await store.inherit(heir, ticket('42'), { ...everything, carries }, now)).toBe(true);

      expect((await store.link(ticket('43'))).done).toEqual({ 'comment:jira:17': '9001', 'comment:jira:18': '9003' });
      expect(Object.keys((await store.link(ticket('42'))).done)).toHaveLength(2);
    });

    test('hands over what is in doubt and what was refused, with its letter', async () => {
      const merged = await begin(store, '42');
      await store.intend(merged, comment('comment:jira:17'), now);
      await refused(merged, comment('comment:jira:18'));
      await refused(merged, comment('comment:note:closed'));
      await settle(merged);
      const heir = await begin(store, '43');

      const carries = (key: string) => !key.startsWith('comment:note:');
      await store.inherit(heir, ticket('42'), { ...everything, carries }, now);

      expect((await store.doubtful(ticket('43'))).map(({ key }) => key)).toEqual(['comment:jira:17']);
      expect(await store.doubtful(ticket('42'))).toEqual([]);
      expect(Object.keys((await store.link(ticket('43'))).refused)).toEqual(['comment:jira:18']);
      expect(Object.keys((await store.link(ticket('42'))).refused)).toEqual(['comment:note:closed']);
    });

    test('is taken over twice without harm', async () => {
      const merged = await begin(store, '42');
      await store.complete(merged, comment('comment:jira:17'), '9001', {}, now);
      await settle(merged);
      const heir = await begin(store, '43');

      await store.inherit(heir, ticket('42'), everything, now);
      expect(await store.inherit(heir, ticket('42'), everything, now)).toBe(true);
      expect((await store.link(ticket('43'))).done).toEqual({ 'comment:jira:17': '9001' });
    });

    test('of which nothing is known gives nothing', async () => {
      const heir = await begin(store, '43');

      expect(await store.inherit(heir, ticket('42'), { ...everything, agreed: {} }, now)).toBe(true);
      expect((await store.link(ticket('43'))).done).toEqual({});
    });

    test('is not taken over while somebody looks at the merged ticket', async () => {
      const merged = await begin(store, '42');
      await store.remember(merged, { issue: issue('10042') });
      const heir = await begin(store, '43');

      expect(await store.inherit(heir, ticket('42'), { ...everything, issue: issue('10042') }, now)).toBe(false);
      expect(await store.link(ticket('42'))).toMatchObject({ issue: issue('10042') });
    });

    test('is not taken over while the merged ticket is about to be looked at, but for one whose looks fail', async () => {
      await settle(await begin(store, '42'));
      const heir = await begin(store, '43');
      await store.accept([event('hook-2', ticket('42'))], now);
      expect(await store.inherit(heir, ticket('42'), everything, now)).toBe(false);

      const [failing] = await store.claim('other', 1, MINUTE, now);
      expect(failing?.ticket.id).toBe('42');
      if (failing !== undefined) {
        await store.release(failing, { outcome: 'later', nextLookAt: now, attempt: 1, reason: 'не читается' }, now);
      }
      expect(await store.inherit(heir, ticket('42'), everything, now)).toBe(true);
    });

    test('shuts out a look at the merged ticket that failed before and whose lease has run out', async () => {
      const first = await begin(store, '42');
      await store.release(first, { outcome: 'later', nextLookAt: now, attempt: 1, reason: 'не читается' }, now);
      const [merged = first] = await store.claim('other', 1, MINUTE, now);
      const later = now.plus({ hours: 1 });
      const heir = await begin(store, '43');

      expect(await store.inherit(heir, ticket('42'), everything, now)).toBe(false);
      expect(await store.inherit(heir, ticket('42'), everything, later)).toBe(true);
      await expect(store.intend(merged, comment('comment:jira:17'), later)).rejects.toMatchObject({
        code: 'LEASE_LOST',
      });
    });

    test('is taken over by the holder of the heir only', async () => {
      const heir = await begin(store, '43');
      await settle(heir);

      await expect(store.inherit(heir, ticket('42'), everything, now)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    });
  });
}
