import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asOfEntry } from '../../src/domain/as-of.ts';
import { assessCompleteness } from '../../src/domain/completeness.ts';
import { findCompletion } from '../../src/domain/completion.ts';
import type { Comment, HistoryEntry, Snapshot } from '../../src/domain/ticket.ts';
import { timelineOf } from '../../src/domain/timeline.ts';
import { growth, NEARLY_LINEAR } from '../support/growth.ts';
import { aHistory, field, queue, works } from '../support/history.ts';
import { demandingNumbers, shippedPolicy } from '../support/policy.ts';
import { aComment, aTicket, NOW } from '../support/records.ts';
import { moment } from '../support/table-4.ts';

const policy = demandingNumbers;

const registered = NOW.minus({ hours: 1 });
const FULL = 'Шаги: открыть заявку. Ожидаю: она открыта.';
const VAGUE = 'Что-то не так.';

/** Seconds after the registration, and what happened then. */
type Happening =
  | { readonly after: number; readonly says: string; readonly comment?: Partial<Comment> }
  | { readonly after: number; readonly field: string; readonly to?: string; readonly from?: string };

/** A ticket whose first article has id 100; the others are numbered from 101. */
function ticketWith(text: string, happenings: readonly Happening[], firstAfter = 0): Snapshot {
  const at = (after: number) => registered.plus({ seconds: after });
  const comments: Comment[] = [];
  const history: HistoryEntry[] = [];
  const fields: Record<string, string> = {};
  const write = (comment: Comment) => {
    comments.push(comment);
    history.push({ at: comment.at, by: '1', what: 'AddNote', detail: '', commentId: comment.id });
  };
  write(aComment({ id: '100', by: 'requester', author: 'Анна', at: at(firstAfter), text }));
  for (const [index, happening] of happenings.entries()) {
    if ('says' in happening) {
      const { after, says, comment } = happening;
      write(
        aComment({ id: String(101 + index), by: 'requester', author: 'Анна', at: at(after), text: says, ...comment }),
      );
    } else {
      const { after, field, ...change } = happening;
      const changes = [{ property: `fields.${field}` as const, ...change }];
      history.push({ at: at(after), by: '21', what: 'TicketDynamicFieldUpdate', detail: '', changes });
      fields[field] = change.to ?? '';
    }
  }
  const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
  return aTicket({ title: 'Обращение', text, createdAt: registered, comments, history, fields: filled });
}

function completionOf(ticket: Snapshot) {
  const found = findCompletion(ticket, timelineOf(ticket), policy);
  return found === undefined
    ? 'never'
    : { how: found.how, after: (found.at - registered.toMillis()) / 1000, position: found.position };
}

const evidenceOf = (ticket: Snapshot) => findCompletion(ticket, timelineOf(ticket), policy)?.evidence;

describe('R17 «Начало срока … с момента получения всей необходимой информации по обращению»', () => {
  test.each<[string, Snapshot, ReturnType<typeof completionOf>]>([
    ['a full first letter', ticketWith(FULL, []), { how: 'registration', after: 0, position: 1 }],
    ['a full first letter seconds later', ticketWith(FULL, [], 3), { how: 'registration', after: 0, position: 1 }],
    ['a full first letter much later', ticketWith(FULL, [], 60), { how: 'comment', after: 60, position: 1 }],
    ['a vague letter', ticketWith(VAGUE, []), 'never'],
    [
      'an answer with all of it',
      ticketWith(VAGUE, [{ after: 600, says: FULL }]),
      { how: 'comment', after: 600, position: 2 },
    ],
    [
      'an answer in two parts',
      ticketWith(VAGUE, [
        { after: 600, says: 'Шаги: открыть заявку.' },
        { after: 900, says: 'Ожидаю: она открыта.' },
        { after: 950, says: FULL },
      ]),
      { how: 'comment', after: 900, position: 3 },
    ],
    [
      'a letter of an agent, an internal note and a machine in between',
      ticketWith(VAGUE, [
        { after: 60, says: FULL, comment: { by: 'agent' } },
        { after: 70, says: FULL, comment: { by: 'agent', visibility: 'internal', subject: 'Заметка' } },
        { after: 80, says: FULL, comment: { by: 'system' } },
        { after: 90, says: FULL },
      ]),
      { how: 'comment', after: 90, position: 5 },
    ],
    [
      'a call, noted by an agent (R49a)',
      ticketWith(VAGUE, [
        { after: 60, says: FULL, comment: { by: 'agent', visibility: 'internal', subject: 'Звонок: уточнили' } },
      ]),
      { how: 'comment', after: 60, position: 2 },
    ],
    [
      'the number in its field (R37)',
      ticketWith('Не передаётся в ЕИП. Шаги: отправить. Ожидаю: передано.', [
        { after: 300, field: 'external_number', to: '7' },
      ]),
      { how: 'change', after: 300, position: 2 },
    ],
    [
      'an agent who says that it is enough',
      ticketWith(VAGUE, [{ after: 120, field: 'information', to: 'complete' }]),
      { how: 'override', after: 120, position: 2 },
    ],
    [
      'a form that says so at once',
      ticketWith(VAGUE, [{ after: 0, field: 'information', to: 'complete' }]),
      { how: 'override', after: 0, position: 2 },
    ],
    [
      'a form that says at once that it is not enough, and an agent who takes it back',
      ticketWith(FULL, [
        { after: 0, field: 'information', to: 'incomplete' },
        { after: 500, field: 'information', from: 'incomplete' },
      ]),
      { how: 'override', after: 500, position: 3 },
    ],
    [
      'an agent who holds it back until he is content',
      ticketWith(VAGUE, [
        { after: 60, field: 'information', to: 'incomplete' },
        { after: 90, says: FULL },
        { after: 120, field: 'information', from: 'incomplete', to: 'complete' },
      ]),
      { how: 'override', after: 120, position: 4 },
    ],
    [
      'an agent who holds it back for good',
      ticketWith(VAGUE, [
        { after: 60, field: 'information', to: 'incomplete' },
        { after: 90, says: FULL },
      ]),
      'never',
    ],
    [
      'doubts that come after it was complete',
      ticketWith(FULL, [{ after: 600, field: 'information', to: 'incomplete' }]),
      { how: 'registration', after: 0, position: 1 },
    ],
    [
      'entries of one second, in the order of the history',
      ticketWith(VAGUE, [
        { after: 60, field: 'information', to: 'incomplete' },
        { after: 60, says: FULL },
        { after: 60, field: 'information', from: 'incomplete' },
        { after: 60, says: 'Спасибо' },
      ]),
      { how: 'override', after: 60, position: 4 },
    ],
  ])('%s', (_, ticket, expected) => {
    expect(completionOf(ticket)).toEqual(expected);
  });

  test('an agent who hands the ticket over takes the information as it is (R17, R46)', () => {
    const handed = aHistory('23.11.26 10:00', {}, ['23.11.26 10:05', works], ['23.11.26 11:00', queue('NTTM::3ЛТП')]);
    const ticket = { ...handed, title: 'Сбой', text: 'Что-то не так.' };
    const found = findCompletion(ticket, timelineOf(ticket), shippedPolicy.completeness);

    expect(found).toMatchObject({ at: moment('23.11.26 11:00'), how: 'override' });
    expect(found?.evidence).toMatch(/^The information was accepted as it is: ticket_queue became «NTTM::3ЛТП»/);
    const refused = aHistory(
      '23.11.26 10:00',
      {},
      ['23.11.26 10:05', field('information', 'incomplete')],
      ['23.11.26 11:00', queue('NTTM::3ЛТП')],
    );
    const vague = { ...refused, title: 'Сбой', text: 'Что-то не так.' };
    expect(findCompletion(vague, timelineOf(vague), shippedPolicy.completeness)).toBeUndefined();
  });

  test('numbered lines are steps, numbered labels are none (R47)', () => {
    const of = (text: string) =>
      assessCompleteness(aTicket({ title: 'Отчёт', text }), shippedPolicy.completeness).missing;
    const steps = '1. Открыть «Отчёты»\n2. Нажать «Сформировать»\nОжидаю: 15.';

    expect(of(steps)).toEqual([]);
    expect(of('1. Действия:\n2. Ожидаемый результат: отчёт').map(({ name }) => name)).toEqual(['actions']);
  });

  test('a question about use is complete when it is asked (R31.16)', () => {
    expect(completionOf(ticketWith('Подскажите, как выгрузить отчёт?', []))).toMatchObject({ how: 'registration' });
  });

  test('a ticket that came to our service later is complete when the list of the service is', () => {
    const base = ticketWith(VAGUE, []);
    const change = { property: 'service', from: 'DWH: Техническая поддержка', to: base.service ?? '' } as const;
    const moved = (text: string) => ({
      ...ticketWith(text, []),
      history: [
        ...base.history,
        { at: registered.plus({ minutes: 9 }), by: '21', what: 'ServiceUpdate', detail: '', changes: [change] },
      ],
    });

    // Nothing is asked for by a service without a list, so the clock of the user is not set back (R43).
    expect(completionOf(moved(VAGUE))).toEqual({ how: 'registration', after: 0, position: 0 });
    expect(completionOf(moved(FULL))).toEqual({ how: 'registration', after: 0, position: 0 });
  });

  test('without a history the letters are placed by their time', () => {
    const ticket = { ...ticketWith(VAGUE, [{ after: 600, says: FULL }]), history: [] };

    expect(completionOf(ticket)).toEqual({ how: 'comment', after: 600, position: 2 });
  });

  test('what is remembered of one time does not leak into another: the result is the same twice', () => {
    const ticket = ticketWith(VAGUE, [{ after: 600, says: FULL }]);

    expect(completionOf(ticket)).toEqual(completionOf(ticket));
  });
});

describe('whatever happens', () => {
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    fc.record({
      after: fc.integer({ min: 20, max: 60 }),
      says: fc.constantFrom(
        FULL,
        VAGUE,
        'Шаги: открыть.',
        'Ожидаю: открыта.',
        'Подскажите, как найти?',
        'Уходит в ЕИП',
      ),
      comment: fc.constantFrom<Partial<Comment>>(
        {},
        { by: 'agent' },
        { by: 'agent', visibility: 'internal', subject: 'Звонок' },
        { marker: 'comment:otrs:1' },
      ),
    }),
    fc.record({
      after: fc.integer({ min: 20, max: 60 }),
      field: fc.constantFrom('information', 'external_number', 'related_system', 'sla_status'),
      to: fc.constantFrom('complete', 'incomplete', ''),
    }),
  );
  const stories = fc
    .array(happening, { maxLength: 12 })
    .map((list) => list.toSorted((left, right) => left.after - right.after))
    .map(linkChanges);

  /** Each change of a field starts from what the one before it ended with. */
  function linkChanges(list: readonly Happening[]): readonly Happening[] {
    const last: Record<string, string> = {};
    return list.map((each) => {
      if (!('field' in each)) {
        return each;
      }
      const { [each.field]: from = '' } = last;
      last[each.field] = each.to ?? '';
      return {
        after: each.after,
        field: each.field,
        ...(from === '' ? {} : { from }),
        ...(each.to ? { to: each.to } : {}),
      };
    });
  }

  test('it is the first entry at which the whole list is met, as a look at every entry finds it', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const ticket = ticketWith(VAGUE, story);
        const timeline = timelineOf(ticket);
        const position = timeline.entries.findIndex(
          (_, index) => assessCompleteness(asOfEntry(ticket, timeline, index), policy).isComplete,
        );
        expect(findCompletion(ticket, timeline, policy)?.position ?? -1).toBe(position);
      }),
      { numRuns: 300 },
    );
  });

  test('nothing that happens later moves it', () => {
    fc.assert(
      fc.property(stories, happening, (story, later) => {
        const before = completionOf(ticketWith(VAGUE, story));
        const after = completionOf(ticketWith(VAGUE, linkChanges([...story, { ...later, after: 90 }])));
        if (before !== 'never') {
          expect(after).toEqual(before);
        }
      }),
    );
  });
});

describe('the sentence of evidence', () => {
  test('names the article and the items that it brought, and no others', () => {
    const ticket = ticketWith('Шаги: открыть заявку.', [{ after: 600, says: 'Ожидаю: она открыта.' }]);

    expect(evidenceOf(ticket)).toBe(
      'Article 101 by «Анна» completed the information: «Ожидаемый результат: что должно было получиться».',
    );
  });

  test('names the change and who made it', () => {
    const text = 'Не передаётся в ЕИП. Шаги: отправить. Ожидаю: передано.';

    expect(evidenceOf(ticketWith(text, [{ after: 300, field: 'external_number', to: '7' }]))).toMatch(
      /^fields\.external_number became «7» by user 21 and completed the information: «Номер заявки/,
    );
  });

  test('tells of an agent’s word', () => {
    expect(evidenceOf(ticketWith(VAGUE, [{ after: 120, field: 'information', to: 'complete' }]))).toBe(
      'An agent declared the information complete: fields.information became «complete» by user 21.',
    );
  });
});

describe('speed', () => {
  const chatter = (count: number) =>
    Array.from(
      { length: count },
      (_, index): Happening =>
        index % 2 === 0
          ? {
              after: 60 + index,
              says: `Добрый день, коллеги. Когда починят отчёт номер ${index}? Очень ждём новостей.`,
            }
          : { after: 60 + index, field: 'sla_status', to: String(index) },
    );

  test('eight times as many entries take less than sixty-four times as long', () => {
    const find = (entries: number) => {
      const ticket = ticketWith(VAGUE, chatter(entries));
      return findCompletion(ticket, timelineOf(ticket), policy);
    };

    expect(find(600)).toBeUndefined();
    // Each entry is judged with all words before it, so this cannot be quite linear.
    expect(growth(find, 800)).toBeLessThan(2 * NEARLY_LINEAR);
  });
});
