import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Table4Result } from '../../src/domain/table-4.ts';
import { readCalendars } from '../../src/policy/calendars.ts';
import { compileSla } from '../../src/policy/sla-compile.ts';
import { type SlaMapping, slaSchema } from '../../src/policy/sla-schema.ts';
import { compute, type WrittenCase, writtenDeadlines } from '../support/table-4.ts';

const mapping = slaSchema.parse(parse(await readFile('mappings/sla.yaml', 'utf8')));
const calendars = (await readCalendars('mappings')).calendars.map(({ value }) => value);

/** Under the shipped mapping with other readings. */
function reading(changes: Partial<SlaMapping['readings']>, given: WrittenCase, hours = {}): Table4Result {
  const working_hours = { ...mapping.hours.working_hours, ...hours };
  const sla = { ...mapping, readings: { ...mapping.readings, ...changes }, hours: { ...mapping.hours, working_hours } };
  const policy = compileSla(sla, calendars);
  return compute(given, policy.readings, policy);
}

const critical: WrittenCase = { priority: 1, t0: '23.11.26 10:00' };
const medium: WrittenCase = { priority: 3, t0: '24.11.26 10:00' };

describe('«+1 час»: what is added to what (R19)', () => {
  test.each([
    ['norm', {}, ['23.11.26 10:30', '23.11.26 11:30', '23.11.26 12:30', '23.11.26 14:00']],
    ['t0', {}, ['23.11.26 10:30', '23.11.26 11:00', '23.11.26 11:00', '23.11.26 11:30']],
    [
      'actual',
      { completed: { reaction: '23.11.26 10:05', diagnosis: '23.11.26 10:50' } },
      ['23.11.26 10:30', '23.11.26 11:05', '23.11.26 11:50', '23.11.26 13:20'],
    ],
    [
      'actual',
      { completed: { reaction: '23.11.26 10:05', diagnosis: '23.11.26 10:50' }, workaround: '23.11.26 11:10' },
      ['23.11.26 10:30', '23.11.26 11:05', '23.11.26 11:50', '23.11.26 12:40'],
    ],
  ] as const)('plus: %s', (plus, more, expected) => {
    expect(writtenDeadlines(reading({ plus }, { ...critical, ...more })).slice(0, 4)).toEqual(expected);
  });
});

describe('«Или +4 суток, если было предоставлено временное решение» (R20)', () => {
  test.each([
    ['norm', '23.11.26 11:10', '27.11.26 12:30', 'in-time'],
    ['norm', '23.11.26 14:00', '27.11.26 12:30', 'in-time'],
    ['norm', '23.11.26 14:30', '27.11.26 12:30', 'late'],
    ['delivery', '23.11.26 11:10', '27.11.26 11:10', 'in-time'],
    ['delivery', '23.11.26 14:30', '27.11.26 14:30', 'late'],
  ] as const)('workaround_base: %s, delivered %s: until %s, %s', (workaround_base, workaround, due, effect) => {
    const result = reading({ workaround_base }, { ...critical, workaround });

    expect([writtenDeadlines(result)[4], result.workaround, result.applies]).toEqual([
      due,
      effect,
      'resolutionIfWorkaround',
    ]);
  });

  test('a workaround after the plain deadline leaves its breach, and may be made to change nothing', () => {
    const late = { ...critical, workaround: '23.11.26 14:30', now: '24.11.26 10:00' };
    const lateness = (result: Table4Result) => result.deadlines.map(({ lateBy = 0 }) => lateBy / 60_000);

    expect(lateness(reading({}, late))).toEqual([240, 180, 120, 30, 0]);
    expect(reading({ late_workaround: 'ignored' }, late)).toMatchObject({
      workaround: 'late-ignored',
      applies: 'resolution',
    });
    expect(lateness(reading({ late_workaround: 'ignored' }, late))[3]).toBe(1200);
  });

  test('a workaround that failed brings the plain deadline back', () => {
    const failed = { ...critical, workaround: '23.11.26 11:10', withdrawn: '24.11.26 09:00', now: '24.11.26 10:00' };
    const result = reading({}, failed);

    expect([result.workaround, result.applies]).toEqual(['withdrawn', 'resolution']);
    expect(result.deadlines[3]?.lateBy).toBe(20 * 3_600_000);
  });

  test('done exactly at the deadline is done in time', () => {
    const completed = { reaction: '23.11.26 10:30', diagnosis: '23.11.26 11:30', resolution: '23.11.26 14:00' };
    const result = reading({}, { ...critical, workaround: '23.11.26 12:30', completed, now: '25.11.26 10:00' });

    expect(result.deadlines.map(({ lateBy }) => lateBy)).toEqual(Array(5).fill(undefined));
  });
});

describe('«рабочий день» (R22)', () => {
  test.each([
    ['window', '25.11.26 10:00', '26.11.26 10:00'],
    ['end_of_day', '25.11.26 18:00', '26.11.26 18:00'],
    ['eight_hours', '24.11.26 18:00', '25.11.26 13:00'],
  ] as const)('working_day: %s', (working_day, diagnosis, workaround) => {
    expect(writtenDeadlines(reading({ working_day }, medium)).slice(1, 3)).toEqual([diagnosis, workaround]);
  });

  test('end_of_day credits a pause like every other term', () => {
    const paused = { ...medium, pauses: [['24.11.26 12:00', '24.11.26 14:00']] as const };

    expect(writtenDeadlines(reading({ working_day: 'end_of_day' }, paused))[1]).toBe('26.11.26 07:00');
  });
});

test.each([
  ['same_date', '24.12.26 10:00'],
  ['thirty_days', '24.12.26 10:00'],
  ['end_of_day', '24.12.26 18:00'],
] as const)('«1 месяц», month: %s (R23)', (month, due) => {
  expect(writtenDeadlines(reading({ month }, { priority: 4, t0: '24.11.26 10:00' }))[3]).toBe(due);
});

test('thirty days are not a month where the month has another length (R23)', () => {
  expect(writtenDeadlines(reading({ month: 'thirty_days' }, { priority: 4, t0: '05.10.26 10:00' }))[3]).toBe(
    '05.11.26 10:00',
  );
});

test.each([
  ['registration', '23.11.26 09:30'],
  ['t0', '23.11.26 13:35'],
] as const)('reaction_starts_at: %s (R17)', (reaction_starts_at, due) => {
  const given = { priority: 2, registered: '23.11.26 09:00', t0: '23.11.26 13:05' };

  expect(writtenDeadlines(reading({ reaction_starts_at }, given))[0]).toBe(due);
});

test.each([
  ['counted_out', '23.11.26 10:40'],
  ['ignored', '23.11.26 10:30'],
] as const)('reaction_pauses: %s (R26)', (reaction_pauses, due) => {
  const given: WrittenCase = { ...critical, pauses: [['23.11.26 10:10', '23.11.26 10:20']] };

  expect(writtenDeadlines(reading({ reaction_pauses }, given))[0]).toBe(due);
});

describe('working days and short days (R13)', () => {
  test.each([
    ['production_calendar', 'full', '05.11.26 14:00'],
    ['mon_fri', 'full', '04.11.26 14:00'],
    ['every_day', 'full', '04.11.26 14:00'],
    ['production_calendar', 'hour_less', '05.11.26 15:00'],
  ] as const)('days: %s, short_days: %s', (days, short_days, due) => {
    const given = { priority: 3, t0: '03.11.26 14:00' };

    expect(writtenDeadlines(reading({}, given, { days, short_days }))[1]).toBe(due);
  });

  test('every_day works on Saturdays', () => {
    expect(writtenDeadlines(reading({}, { priority: 3, t0: '28.11.26 12:00' }, { days: 'every_day' }))[0]).toBe(
      '28.11.26 13:00',
    );
  });
});
