import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../../src/store/store.ts';
import { begin, commentOn, event, issue, letter, now, plus, type Subject, ticket } from './sample.ts';

/** What can be asked about one ticket. */
export function describeStory(open: () => Promise<Subject>): void {
  describe('the story of a ticket', () => {
    let store: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(() => close());

    test('a ticket is found by its number, its id, and the key of its issue or of a linked record', async () => {
      const claim = await begin(store);
      const related = { name: 'ЕИП', role: 'related', ref: { system: 'dwh', id: '5', key: 'DWH-5' } } as const;
      await store.remember(claim, { issue: issue('10042'), related: [related] });

      for (const name of ['42', ticket('42').key ?? '', 'OSSTTMB2B-10042', ' osSTTMB2B-10042 ', 'dwh-5']) {
        expect(await store.ticketNamed(name)).toMatchObject({ id: '42' });
      }
      expect(await store.ticketNamed('43')).toBeUndefined();
      expect(await store.ticketNamed("'; drop table work; --")).toBeUndefined();
    });

    test('all that is on record comes together, from a moment on where that is wanted', async () => {
      const action = commentOn(issue('10042'), 'Прошу предоставить лог');
      const claim = await begin(store);
      await store.accept([event('later', ticket('42'), { channel: 'message' })], plus(5000));
      await store.intend(claim, action, now);
      await store.refuse(claim, action, letter({ ticket: ticket('42') }));
      await store.audit({
        at: plus(9),
        who: 'ivanov',
        what: 'looked',
        ticket: ticket('42'),
        detail: { reason: 'надо' },
      });

      const matter = await store.storyMatter(ticket('42'), { limit: 10 });
      expect(matter).toMatchObject({
        link: { ticket: ticket('42') },
        work: { uncovered: 2, attempt: 0, waitingSince: now },
        arrivals: [
          { id: 'begin-42', turn: 1, channel: 'webhook', record: { system: 'otrs', id: '42' } },
          { id: 'later', turn: 2, channel: 'message' },
        ],
        letters: [{ code: 'REFUSED', state: 'open', key: action.key }],
        audit: [{ who: 'ivanov', detail: { reason: 'надо' } }],
      });
      const late = await store.storyMatter(ticket('42'), { limit: 10, since: plus(1000) });
      expect(late.arrivals.map(({ id }) => id)).toEqual(['later']);
      expect([late.audit, late.letters]).toEqual([[], []]);
      expect((await store.storyMatter(ticket('42'), { limit: 1 })).arrivals.map(({ id }) => id)).toEqual(['later']);

      const [open] = await store.deadLetters({ limit: 1 });
      const by = { who: 'ivanov', now: plus(2000), reason: 'дубль' };
      await (open && store.discardLetter(open, by));
      expect((await store.storyMatter(ticket('42'), { limit: 10 })).letters).toMatchObject([
        { state: 'discarded', resolvedHow: 'discarded', resolvedBy: 'ivanov', resolvedAt: plus(2000) },
      ]);
    });
  });
}
