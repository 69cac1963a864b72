import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeadLetter, LetterFilter, Store } from '../../../src/store/store.ts';
import { begin, commentOn, issue, letter, MINUTE, now, plus, type Subject, ticket } from './sample.ts';

/** How people find a letter among thousands. */
export function describeLetterSearch(open: () => Promise<Subject>): void {
  describe('the search for letters', () => {
    let store: Store;
    let close: Subject['close'];
    let execute: Subject['execute'];

    beforeEach(async () => {
      ({ store, close, execute } = await open());
    });

    afterEach(() => close());

    /** Forty tickets fail alike, one otherwise, and there is a message of nobody. */
    async function fill(): Promise<void> {
      for (let index = 1; index <= 4; index += 1) {
        const claim = await begin(store, `${index}`);
        const message = `JIRA refused to set «Код закрытия ${index}» of OSSTTMB2B-${index} at 2026-03-02T09:0${index}`;
        await store.refuse(claim, commentOn(issue(`${index}`), 'x'), letter({ message, at: plus(index * MINUTE) }));
        await store.release(claim, { outcome: 'settled' }, now);
      }
      await store.bury(
        letter({ ticket: ticket('42'), code: 'RECORD_NOT_READABLE', message: 'НЕТ ДОСТУПА к 100% строк' }),
      );
      await store.bury(letter({ code: 'MESSAGE_UNREADABLE', message: 'The body is not JSON.', at: plus(9 * MINUTE) }));
    }

    const found = async (filter: LetterFilter) =>
      (await store.deadLetters({ ...filter, limit: 10 })).map((each) => each.ticket?.id ?? each.code);

    test.each<[string, LetterFilter, readonly string[]]>([
      ['code', { code: 'REFUSED' }, ['4', '3', '2', '1']],
      ['system', { system: 'jira' }, ['4', '3', '2', '1']],
      ['the system of the ticket, where no action failed', { system: 'otrs' }, ['42']],
      ['ticket', { ticket: ticket('3') }, ['3']],
      ['time', { since: plus(2 * MINUTE), until: plus(4 * MINUTE) }, ['3', '2']],
      ['words in any case, Cyrillic too', { text: 'Нет доступа' }, ['42']],
      ['signs that mean something to SQL', { text: '100%' }, ['42']],
      ['the number of the ticket', { text: ticket('2').key ?? '' }, ['2']],
      ['the key of the action', { text: 'comment:jira:17' }, ['4', '3', '2', '1']],
      ['all of it together', { state: 'open', code: 'REFUSED', system: 'jira', text: 'OSSTTMB2B-3' }, ['3']],
      ['a state that none has', { state: 'discarded' }, []],
      ['words that only a wildcard would find', { text: 'R_FUSED' }, []],
    ])('goes by %s', async (_, filter, expected) => {
      await fill();
      expect(await found(filter)).toEqual(expected);
      expect(await store.countLetters(filter)).toBe(expected.length);
    });

    test('pages follow each other without a gap and without a repeat, also among letters of one moment', async () => {
      for (let index = 0; index < 7; index += 1) {
        await store.bury(letter({ code: 'MESSAGE_UNREADABLE', message: `${index}`, at: plus(index < 5 ? 0 : index) }));
      }

      const all = await store.deadLetters({ limit: 10 });
      const paged: DeadLetter[] = [];
      for (let page = await store.deadLetters({ limit: 2 }); page.length > 0; ) {
        paged.push(...page);
        const after = paged.at(-1);
        page = await store.deadLetters({ limit: 2, ...(after === undefined ? {} : { after }) });
      }
      expect(paged.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
      expect(new Set(paged.map(({ id }) => id)).size).toBe(7);
    });

    test('the same fault of many tickets is one group', async () => {
      await fill();
      const groups = await store.letterGroups({ state: 'open' }, 10);

      expect(groups).toHaveLength(3);
      expect(groups[0]).toMatchObject({
        code: 'REFUSED',
        system: 'jira',
        letters: 4,
        tickets: 4,
        oldest: plus(MINUTE),
        newest: plus(4 * MINUTE),
        example: { ticket: ticket('4') },
      });
      expect(await found({ fingerprint: groups[0]?.fingerprint ?? '' })).toEqual(['4', '3', '2', '1']);
      expect(await store.letterGroups({ state: 'open' }, 1)).toHaveLength(1);
    });

    test('a letter is found by the beginning of its id', async () => {
      await store.bury(letter({ code: 'MESSAGE_UNREADABLE' }));
      const [only] = await store.deadLetters({ limit: 1 });
      const id = only?.id ?? '';

      expect(await store.lettersLike(id.slice(0, 8), 2)).toEqual([only]);
      expect(await store.lettersLike('%', 2)).toEqual([]);
      expect(await store.lettersLike(id.slice(1, 9), 2)).toEqual([]);
    });

    test('letters from before are found like new ones', async () => {
      await fill();
      const before = await store.letterGroups({}, 10);
      await execute(`delete from migration where name = '0005-letters'`);
      await execute('drop table letter_job');
      await execute('drop table letter_job_item');
      for (const index of ['group', 'fingerprint', 'code', 'system', 'words', 'key', 'standing']) {
        await execute(`drop index dead_letter_${index}`);
      }
      for (const column of [
        'system',
        'fingerprint',
        'rules',
        'revision_of',
        'offered',
        'first_at',
        'times',
        'version',
      ]) {
        await execute(`alter table dead_letter drop column ${column}`);
      }
      for (const column of ['resolved_how', 'resolved_by', 'reason', 'ordered_job', 'words']) {
        await execute(`alter table dead_letter drop column ${column}`);
      }
      for (const column of ['as', 'by', 'at', 'turn']) {
        await execute(`alter table dead_letter drop column ordered_${column}`);
      }

      expect(await store.migrate()).toContain('0005-letters');
      expect(await store.letterGroups({}, 10)).toEqual(before);
      expect(await found({ text: 'нет доступа' })).toEqual(['42']);
    });
  });
}
