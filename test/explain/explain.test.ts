import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { explain } from '../../src/explain/explain.ts';
import { render } from '../../src/explain/render.ts';
import {
  aHistory,
  answers,
  asks,
  closes,
  field,
  foreign,
  notes,
  priority,
  queue,
  type Registration,
  type Step,
  service,
  state,
  waits,
  works,
} from '../support/history.ts';
import { shippedPolicy } from '../support/policy.ts';
import { aComment, agreedFacts, aLink } from '../support/records.ts';
import { moment } from '../support/table-4.ts';

const text = 'Шаги: открыть список работ. Ожидаю: сортировка по дате. Получаю: по алфавиту.';

const at = (written: string) => DateTime.fromMillis(moment(written), { zone: 'utc' });

function explained(ticket: Snapshot, now: string, seenAt = now) {
  return explain(
    { ticket: { ...ticket, text, title: 'Сортировка списка' }, link: aLink() },
    shippedPolicy,
    at(now),
    at(seenAt),
  );
}

const story = (registration: Registration, ...steps: readonly Step[]) =>
  aHistory('24.11.26 10:00', registration, ...steps);

describe('the summary of an explanation', () => {
  test.each<[string, Snapshot, string, readonly string[]]>([
    [
      'a running clock names T0 (R17), the next deadline with term and clause, and the time that is left',
      story({}, ['24.11.26 10:20', works]),
      '24.11.26 12:00',
      [
        'T0 is Tue 24.11.2026 10:00 (R17).',
        'Next, the diagnosis is due Wed 25.11.2026 10:00 (1 working day, R21): 22 h from now.',
      ],
    ],
    [
      'a paused clock names who asked (R26) and what would be due if it resumed now',
      story({}, ['24.11.26 10:20', works], ['24.11.26 11:00', asks, waits]),
      '24.11.26 12:00',
      [
        'The clock is paused since Tue 24.11.2026 11:00 (R26): article 101 «Уточните, пожалуйста» by «Ольга Петрова» asks the requester.',
        'If it resumed now, the diagnosis would be due Wed 25.11.2026 11:00 (1 working day, R21).',
      ],
    ],
    [
      'what is late says by how much',
      story({ priority: 2 }),
      '24.11.26 11:00',
      ['Late: the reaction was due Tue 24.11.2026 10:30 and is 30 min late.'],
    ],
    [
      'a ticket that was closed in time says against what',
      story({}, ['24.11.26 10:20', works], ['25.11.26 09:00', field('solution', 'Исправлено'), closes]),
      '26.11.26 12:00',
      [
        'It was closed Wed 25.11.2026 09:00, in time: the permanent solution was due Tue 01.12.2026 10:00 (5 working days, R21).',
      ],
    ],
    [
      'a ticket that left our services says that its clock stands since when, where it went and why (R43)',
      story({}, ['24.11.26 10:20', notes('Возврат', 'Отчёты ведёт группа DWH.'), service(foreign)]),
      '24.11.26 12:00',
      [
        'The ticket is with another service since Tue 24.11.2026 10:20, and its clock stands (R43): service became «DWH: Техническая поддержка» (user 21); the reason stands in note 101 by «Ольга Петрова»: «Отчёты ведёт группа DWH.».',
      ],
    ],
    [
      'a ticket that was handed back says how often, when, by which clause and why (R42, R43)',
      story(
        {},
        ['24.11.26 10:20', works],
        ['24.11.26 10:40', state('Назначено')],
        ['24.11.26 11:20', queue('NTTM::1ЛТП'), notes('Возврат', 'Нужна другая услуга.')],
      ),
      '24.11.26 12:00',
      [
        'It was returned 2 times, the last time Tue 24.11.2026 11:20 (R43): the reason stands in note 101 by «Ольга Петрова».',
      ],
    ],
    [
      'a priority that differs from the criteria is told with the words of the regulation (R31)',
      { ...story({ priority: 1 }), title: 'Как выгрузить отчёт?' },
      '24.11.26 10:05',
      ['Priority «1 Критичный»'],
    ],
  ])('%s', (_, ticket, now, sentences) => {
    const { summary } = explained(ticket, now);

    for (const sentence of sentences) {
      expect(summary.some((said) => said.startsWith(sentence))).toBe(true);
    }
  });

  test('a deadline that rests on a year without decree says so', () => {
    const { summary } = explained(aHistory('30.12.26 10:00', {}, ['30.12.26 10:30', works]), '30.12.26 12:00');

    expect(summary.join(' ')).toContain('provisional until the decree for that year');
  });

  test('every sentence ends with one full stop', () => {
    const { summary } = explained(story({}, ['24.11.26 10:20', works]), '24.11.26 12:00');

    expect(summary.filter((sentence) => !/[^.][.]$/.test(sentence))).toEqual([]);
  });
});

describe('the account of the time', () => {
  const steps = fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 12_000 }),
      fc.constantFrom([asks, waits], [answers, works], [works], [priority(1)], [priority(3)], [closes], [works]),
    ),
    { maxLength: 8 },
  );

  test('has no gap and no overlap, and what counted is the term, whatever happened', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), steps, (number, happenings) => {
        const start = moment('24.11.26 10:00');
        const ordered = happenings
          .toSorted(([left], [right]) => left - right)
          .map(
            ([minute, list]): Step => [
              DateTime.fromMillis(start + minute * 60_000, { zone: 'Europe/Moscow' }).toFormat('dd.MM.yy HH:mm'),
              ...list,
            ],
          );
        const { terms } = explained(aHistory('24.11.26 10:00', { priority: number }, ...ordered), '01.01.27 10:00');

        for (const { from, due, segments } of terms?.stages ?? []) {
          const ends = segments.map(({ to }) => to);
          expect(segments.map((segment) => segment.from)).toEqual([
            ...(from === due ? [] : [from]),
            ...ends.slice(0, -1),
          ]);
          expect(ends.at(-1) ?? due).toBe(due);
          expect(segments.every(({ because }) => because !== '' && because !== 'paused')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a pause stands in it with the article that began and the one that ended it (R26)', () => {
    const ticket = story({}, ['24.11.26 11:00', asks, waits], ['24.11.26 13:00', answers]);
    const { terms } = explained(ticket, '24.11.26 14:00');
    const diagnosis = terms?.stages.find(({ stage }) => stage === 'diagnosis');

    expect(diagnosis?.segments).toContainEqual({
      from: '2026-11-24T11:00:00+03:00',
      to: '2026-11-24T13:00:00+03:00',
      counted: false,
      because:
        'paused: article 101 «Уточните, пожалуйста» by «Ольга Петрова» asks the requester; ended by article 102 «Re: Уточните» by «Анна Кузнецова»',
    });
  });
});

describe('other readings', () => {
  test('are shown where they give another deadline, with clause and key, and only there', () => {
    const { terms } = explained(story({ priority: 1 }, ['24.11.26 10:10', works]), '24.11.26 10:20');
    const readings = terms?.alternatives.map(({ reading, instead }) => `${reading}: ${instead}`);

    expect(readings).toContain('readings.plus: t0');
    expect(readings).not.toContain('readings.month: thirty_days');
    const plus = terms?.alternatives.find(({ instead }) => instead === 'actual');
    expect(plus).toMatchObject({ clause: 'R19', chosen: 'norm' });
  });
});

describe('the past', () => {
  const ticket = story({}, ['24.11.26 10:20', works], ['24.11.26 11:00', priority(2)], ['25.11.26 09:00', closes]);

  test('a ticket is explained as it was at a moment', () => {
    const then = explained(ticket, '26.11.26 12:00', '24.11.26 10:30');

    expect(then.ticket).toMatchObject({ state: 'В работе', priority: '3 Средний' });
    expect(then.at).toBe('2026-11-24T10:30:00+03:00');
    expect(then.terms?.status).toBe('running');
    expect(then.terms?.priorityChanges).toEqual([]);
    expect(then.actions).toEqual([]);
    expect(then.doubts).toEqual([]);
  });

  test('an issue is shown as it is now, and that is said', () => {
    const { issue, link } = agreedFacts();
    const facts = { ticket, link, ...(issue === undefined ? {} : { issue }) };
    const { doubts } = explain(facts, shippedPolicy, at('26.11.26 12:00'), at('24.11.26 10:30'));

    expect(doubts).toContain('The issue is shown as it is now: its system does not tell what it was then.');
  });
});

describe('an explanation for people', () => {
  test('tells every section, and with «all» every criterion and every segment', () => {
    const explanation = explained(story({}, ['24.11.26 10:20', works]), '24.11.26 12:00');
    const telling = render(explanation);
    const all = render(explanation, 'all');

    for (const title of [
      'Priority',
      'Information',
      'Terms',
      'Time',
      'Other readings',
      'Escalation',
      'What would follow',
    ]) {
      expect(telling).toContain(`\n${title}\n`);
    }
    for (const { rule } of explanation.priority?.criteria ?? []) {
      expect(telling).toContain(rule);
      expect(all).toContain(rule);
    }
    expect(all.split('\n').length).toBeGreaterThan(telling.split('\n').length);
    expect(telling).not.toMatch(/undefined|\[object|NaN/);
  });

  test('survives its way through JSON', () => {
    const explanation = explained(story({}, ['24.11.26 10:20', works]), '24.11.26 12:00');

    expect(render(JSON.parse(JSON.stringify(explanation)))).toBe(render(explanation));
  });
});

describe('files and comments in an explanation', () => {
  const file = { contentType: 'image/png', size: 1000, commentId: '100' };
  const facts = agreedFacts(
    {
      comments: [
        aComment({ id: '100', by: 'requester' }),
        aComment({ id: '101', visibility: 'internal' }),
        aComment({ id: '200', marker: 'comment:otrs:7' }),
      ],
      attachments: [
        { ...file, id: '100/1', name: 'экран.png' },
        { ...file, id: '100/2', name: 'вирус.exe' },
        { ...file, id: '100/3', name: 'схема.png' },
        { ...file, id: '101/1', name: 'свой.png', commentId: '101' },
        { ...file, id: '200/1', name: 'копия.png', commentId: '200' },
      ],
    },
    { comments: [aComment({ id: '7', author: 'Иван', editedAt: at('24.11.26 10:30') })] },
    { done: { 'relate:issue:origin': '1', 'attach:jira:100/1': '501' } },
  );
  const explanation = explain(facts, shippedPolicy, at('24.11.26 12:00'));

  test('every file is listed with its state and what that rests on', () => {
    expect(explanation.files.map(({ id, state, because }) => [id, state, because])).toEqual([
      ['100/1', 'carried', 'it is 501 on the other side'],
      ['100/2', 'refused', '«вирус.exe» has the extension «exe», which is in no list'],
      ['100/3', 'waiting', 'it goes as public'],
      ['101/1', 'kept', 'it came with words that stay where they are'],
      ['200/1', 'kept', 'a copy that the bridge wrote'],
    ]);
    expect(render(explanation)).toContain(
      '  refused   «вирус.exe» (100/2 of the ticket, 1000 bytes) R10 extension-not-permitted: «вирус.exe» has',
    );
  });

  test('comments of which something is left to say are listed, with their edits', () => {
    expect(explanation.comments.map(({ id, state }) => [id, state])).toEqual([
      ['100', 'description'],
      ['101', 'internal'],
      ['7', 'changed'],
    ]);
    expect(render(explanation)).toContain('  changed   7 of the issue by «Иван», public, edited Tue 24.11.2026 10:30');
  });

  test('of hundreds of files twenty are shown, all with --all', () => {
    const many = Array.from({ length: 300 }, (_, index) => ({ ...file, id: `100/${index}`, name: 'экран.png' }));
    const long = explain(agreedFacts({ attachments: many }), shippedPolicy, at('24.11.26 12:00'));

    expect(render(long)).toContain('… and 280 more');
    expect(render(long, 'all').match(/waiting {3}«экран/g)).toHaveLength(300);
  });

  test('at an earlier moment none are', () => {
    expect(explain(facts, shippedPolicy, at('24.11.26 12:00'), at('24.11.26 11:00'))).toMatchObject({
      files: [],
      comments: [],
    });
  });
});

describe('who had the ticket (R40, R42, R43)', () => {
  const steps: readonly Step[] = [
    ['24.11.26 10:20', works],
    ['24.11.26 16:00', field('return_reason', 'Нужна другая услуга'), queue('NTTM::1ЛТП')],
    ['25.11.26 06:00', queue('Прочее')],
  ];

  test('each stay names group, length and what of it the clock counted, and the returns their reason', () => {
    const { assignments } = explained({ ...story({}, ...steps), owner: 'petrova.2l' }, '25.11.26 07:00');

    expect(assignments).toMatchObject({
      owner: 'petrova.2l',
      stays: [
        { group: '2ЛТП', ticketQueue: 'NTTM::2ЛТП', minutes: 360, countedMinutes: 360 },
        // The night counts for nobody.
        { group: '1ЛТП', ticketQueue: 'NTTM::1ЛТП', minutes: 840, countedMinutes: 180 },
        { group: 'Прочее', minutes: 60, countedMinutes: 60 },
      ],
      returns: [
        {
          at: '2026-11-24T16:00:00+03:00',
          signs: [{ rule: 'back-to-line-1', clause: 'R43' }],
          reason: { evidence: 'field return_reason', text: 'Нужна другая услуга' },
        },
      ],
    });
    expect(assignments.group).toBeUndefined();
    expect(assignments.stays.reduce((sum, { countedMinutes = 0 }) => sum + countedMinutes, 0)).toBe(600);
  });

  test('what is paused counts for no group', () => {
    const paused = explained(
      story({}, ['24.11.26 10:20', asks, waits], ['24.11.26 11:00', queue('NTTM::1ЛТП')]),
      '24.11.26 12:00',
    );

    expect(paused.assignments.stays.map(({ countedMinutes }) => countedMinutes)).toEqual([20, 0]);
  });

  test('reads like a ledger', () => {
    const lines = render(explained({ ...story({}, ...steps), owner: 'petrova.2l' }, '25.11.26 07:00'));

    expect(lines).toContain(
      [
        'Assignments',
        '  owner «petrova.2l»',
        '  2ЛТП («NTTM::2ЛТП»): Tue 24.11.2026 10:00 – Tue 24.11.2026 16:00, 6 h, 6 h of it counted',
        '  1ЛТП («NTTM::1ЛТП»): Tue 24.11.2026 16:00 – Wed 25.11.2026 06:00, 14 h, 3 h of it counted',
        '  Прочее: Wed 25.11.2026 06:00 – now, 1 h, 1 h of it counted',
        '  returned Tue 24.11.2026 16:00: R43 back-to-line-1: ticket_queue became «NTTM::1ЛТП», it was «NTTM::2ЛТП» (user 21); reason in field return_reason: «Нужна другая услуга»',
      ].join('\n'),
    );
  });
});
