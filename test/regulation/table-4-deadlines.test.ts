import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { createTable4 } from '../../src/domain/table-4.ts';
import { compute, moment, shipped, type WrittenCase, written, writtenDeadlines } from '../support/table-4.ts';

interface Example {
  readonly id: string;
  readonly shows: string;
  readonly given: {
    readonly priority: number;
    readonly registered: string;
    readonly complete: string;
    readonly pauses: readonly { readonly from: string; readonly to: string }[];
  };
  readonly expected: Readonly<Record<string, string>>;
}

const examples: readonly Example[] = JSON.parse(await readFile('test/regulation/fixtures/table-4.json', 'utf8'));

describe('Табл. 4 «Сроки обработки обращений» (R18-R23)', () => {
  test.each(examples)('$id: $shows', ({ given, expected }) => {
    const { deadlines } = createTable4(shipped).deadlines({
      priority: given.priority,
      registered: Date.parse(given.registered),
      complete: Date.parse(given.complete),
      pauses: given.pauses.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
    });
    const found = Object.fromEntries(deadlines.map(({ name, at }) => [name, at]));

    expect(found).toEqual(Object.fromEntries(Object.entries(expected).map(([name, at]) => [name, Date.parse(at)])));
  });

  test('each deadline carries its clause and its term in the words of the table', () => {
    const { deadlines } = compute({ priority: 1, t0: '23.11.26 10:00' });

    expect(deadlines.map(({ clause, words }) => [clause, words])).toEqual([
      ['R19', '30 minutes'],
      ['R19', '30 minutes + 1 hour'],
      ['R19', '30 minutes + 1 hour + 1 hour'],
      ['R19', '30 minutes + 1 hour + 1 hour + 1.5 hours'],
      ['R20', '30 minutes + 1 hour + 1 hour + 4 days'],
    ]);
  });
});

describe('the edges of «рабочее время (с 05:00 до 18:00 МСК)» (R13, R22)', () => {
  test.each<[string, WrittenCase, string]>([
    ['T0 with seconds keeps them', { priority: 3, t0: '24.11.26 10:00:17' }, '25.11.26 10:00:17'],
    ['T0 at 05:00:00 is inside: the day ends with the window', { priority: 3, t0: '24.11.26 05:00' }, '24.11.26 18:00'],
    ['one second before 18:00 is inside', { priority: 3, t0: '24.11.26 17:59:59' }, '25.11.26 17:59:59'],
    ['18:00:00 is outside', { priority: 3, t0: '24.11.26 18:00' }, '25.11.26 18:00'],
    ['the last second of a Friday', { priority: 3, t0: '27.11.26 17:59:59' }, '30.11.26 17:59:59'],
    ['the day before the new year holidays', { priority: 3, t0: '30.12.26 17:00' }, '11.01.27 17:00'],
  ])('%s', (_, given, diagnosis) => {
    expect(writtenDeadlines(compute(given))[1]).toBe(diagnosis);
  });
});

describe('«время … приостанавливается до получения дополнительной информации» (R26)', () => {
  const t0 = '23.11.26 10:00';

  test.each<[string, WrittenCase, string]>([
    [
      'a pause that begins exactly at a deadline does not move it',
      { priority: 1, t0, pauses: [['23.11.26 11:30', '23.11.26 15:00']] },
      '23.11.26 11:30',
    ],
    [
      'one that begins a second earlier moves it by its whole length',
      { priority: 1, t0, pauses: [['23.11.26 11:29:59', '23.11.26 15:00']] },
      '23.11.26 15:00:01',
    ],
    [
      'overlapping pauses count once',
      {
        priority: 1,
        t0,
        pauses: [
          ['23.11.26 10:50', '23.11.26 11:20'],
          ['23.11.26 10:40', '23.11.26 11:00'],
        ],
      },
      '23.11.26 12:10',
    ],
    [
      'of a pause that begins before T0 only the rest counts',
      { priority: 1, registered: '23.11.26 08:00', t0, pauses: [['23.11.26 09:00', '23.11.26 10:15']] },
      '23.11.26 11:45',
    ],
    ['an empty pause is none', { priority: 1, t0, pauses: [['23.11.26 10:40', '23.11.26 10:40']] }, '23.11.26 11:30'],
    [
      'a weekend pause gives everything to a clock that runs round the clock',
      { priority: 1, t0: '28.11.26 10:00', pauses: [['28.11.26 11:00', '29.11.26 11:00']] },
      '29.11.26 11:30',
    ],
  ])('%s', (_, given, diagnosis) => {
    expect(writtenDeadlines(compute(given))[1]).toBe(diagnosis);
  });

  test('a pause that is open now gives the deadlines if it ended now, and leaves those before it firm', () => {
    const { deadlines } = compute({ priority: 1, t0, pauses: [['23.11.26 10:40']], now: '23.11.26 12:10' });

    expect(deadlines.map(({ at, isIfResumedNow }) => [written(at ?? 0), isIfResumedNow])).toEqual([
      ['23.11.26 10:30', false],
      ['23.11.26 13:00', true],
      ['23.11.26 14:00', true],
      ['23.11.26 15:30', true],
      ['27.11.26 14:00', true],
    ]);
  });

  test('while the information is not complete only the reaction has a deadline (R17)', () => {
    const { deadlines } = compute({ priority: 2, registered: t0 });

    expect(deadlines.map(({ name }) => name)).toEqual(['reaction']);
  });

  test('an open pause without a moment to look from, and a moment that is none, are refused', () => {
    expect(() => compute({ priority: 1, t0, pauses: [['23.11.26 10:40']] })).toThrow(RangeError);
    expect(() =>
      createTable4(shipped).deadlines({ priority: 3, registered: Number.NaN, complete: 0, pauses: [] }),
    ).toThrow('no moment');
  });
});

describe('«1 месяц» (R23)', () => {
  test.each([
    ['31.01.25 10:00', '28.02.25 10:00'],
    ['31.01.26 10:00', '02.03.26 10:00'],
    ['31.03.26 10:00', '30.04.26 10:00'],
    ['24.11.26 03:10', '24.12.26 05:00'],
    ['24.11.26 20:00', '24.12.26 18:00'],
    ['24.11.26 18:00', '24.12.26 18:00'],
    ['04.10.26 12:00', '05.11.26 12:00'],
  ])('from %s to %s', (t0, due) => {
    expect(writtenDeadlines(compute({ priority: 4, t0 }))[3]).toBe(due);
  });

  test('«Низкий» has no term for a workaround', () => {
    const result = compute({ priority: 4, t0: '24.11.26 10:00', workaround: '25.11.26 10:00' });

    expect([result.deadlines.length, result.workaround, result.applies]).toEqual([4, 'no-branch', 'resolution']);
  });
});

describe('years of the calendar', () => {
  test('a deadline that lands in a provisional year is marked, the others are not (E19)', () => {
    const { deadlines } = compute({ priority: 4, t0: '01.12.26 15:00' });

    expect(deadlines.map(({ provisionalYears }) => provisionalYears)).toEqual([[], [], [], [2027]]);
  });

  test('round the clock (R12) no calendar is provisional', () => {
    const { deadlines } = compute({ priority: 2, t0: '31.12.26 23:45' });

    expect(deadlines.flatMap(({ provisionalYears }) => provisionalYears)).toEqual([]);
  });

  test.each<[string, WrittenCase, readonly (number | undefined)[]]>([
    [
      'after the last one: what still fits is told',
      { priority: 3, t0: '30.12.27 10:00' },
      [undefined, undefined, 2028, 2028, 2028],
    ],
    ['before the first one', { priority: 3, t0: '30.12.24 10:00' }, [2024, 2024, 2024, 2024, 2024]],
    [
      'a month that ends after the last one',
      { priority: 4, t0: '15.12.27 10:00' },
      [undefined, undefined, undefined, 2028],
    ],
  ])('a year that no file covers is reported and not guessed: %s', (_, given, years) => {
    const { deadlines } = compute(given);

    expect(deadlines.map(({ uncoveredYear }) => uncoveredYear)).toEqual(years);
    expect(deadlines.map(({ at }) => at === undefined)).toEqual(years.map((year) => year !== undefined));
  });
});

test('moments are read as written', () => {
  expect(written(moment('24.11.26 10:00:17'))).toBe('24.11.26 10:00:17');
});
