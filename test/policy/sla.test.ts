import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadPolicy } from '../../src/policy/load.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mappings-'));
  await cp('mappings', folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function faultsAfter(file: string, from: string, to: string): Promise<string> {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(
    path,
    text.replace(from, () => to),
  );
  return faults();
}

async function faults(): Promise<string> {
  const message = await loadPolicy(folder).then(
    () => '',
    (thrown: Error) => thrown.message,
  );
  return message.replaceAll(`${folder}/`, '');
}

const lowRow = 'number: 4';
const year = 'calendars/ru-2026.yaml';

describe('sla.yaml', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'a priority that priority.yaml does not know',
      '"4 Низкий"',
      '"4 Ничтожный"',
      /^sla\.yaml:\d+:\d+ targets\[3\]\.priority: priority\.yaml knows no priority «4 Ничтожный»/m,
    ],
    [
      'a priority without targets',
      '"4 Низкий"',
      '"4 Ничтожный"',
      /^priority\.yaml:\d+:\d+ priorities\[3\]\.ticket: priority «4 Низкий» has no targets/m,
    ],
    ['a number that stands twice', lowRow, 'number: 3', /targets\[3\]\.number: the priority already has a row/],
    ['a stage without a term', '    diagnosis: { working_days: 3 }\n', '', /targets\[3\]\.diagnosis: is missing/],
    [
      'a term without a unit',
      'diagnosis: { working_days: 3 }',
      'diagnosis: {}',
      /targets\[3\]\.diagnosis: a term needs exactly one unit/,
    ],
    [
      'a term of nothing',
      'diagnosis: { working_days: 3 }',
      'diagnosis: { working_days: 0 }',
      /targets\[3\]\.diagnosis\.working_days/,
    ],
    [
      'astronomical time in working hours',
      'diagnosis: { working_days: 3 }',
      'diagnosis: { days: 3 }',
      /`days` does not fit `hours: working_hours`/,
    ],
    [
      'working time round the clock',
      'reaction: { minutes: 30 }',
      'reaction: { working_days: 1 }',
      /`working_days` does not fit `hours: round_the_clock`/,
    ],
    [
      'a month that is added up',
      `${lowRow}\n    clause: R21\n    hours: working_hours\n    terms: from_start`,
      `${lowRow}\n    clause: R21\n    hours: working_hours\n    terms: added`,
      /`months` cannot be added up/,
    ],
    [
      'a window that closes before it opens',
      'to: "18:00"',
      'to: "04:00"',
      /working_hours\.to: the window closes before it opens/,
    ],
    ['a zone that does not exist', 'zone: Europe/Moscow', 'zone: Europe/Moskva', /zone: is no time zone/],
    ['percentages that do not rise', '[50, 80, 100]', '[80, 50]', /warn_at: the percentages do not rise/],
    [
      'a reading that does not exist',
      'plus: norm',
      'plus: norms',
      /readings\.plus: is none of the allowed values, did you mean `norm`/,
    ],
    [
      'a calendar that nobody wrote',
      'calendar: 24x7',
      'calendar: 24h',
      /round_the_clock\.calendar: there is no calendar «24h»/,
    ],
    ['a calendar without years', 'calendar: ru', 'calendar: by', /working_hours\.calendar: calendar «by» has no years/],
  ])('%s is reported with file, line and path', async (_, from, to, message) => {
    expect(await faultsAfter('sla.yaml', from, to)).toMatch(message);
  });
});

describe('calendars', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'a day outside its year',
      '2026-06-12',
      '2027-06-12',
      /ru-2026\.yaml:\d+:\d+ days_off\[6\]\.date: 2027-06-12 does not lie in 2026/,
    ],
    [
      'a day both off and working',
      'working_days: []',
      'working_days: [2026-01-03]',
      /days_off\[0\]: 2026-01-03 is both a day off and a working day/,
    ],
    [
      'a day off that stands twice',
      'date: 2026-01-09',
      'date: 2026-01-08',
      /days_off\[1\]: 2026-01-08 already stands in a row above/,
    ],
    ['a date that does not exist', '2026-06-12', '2026-06-31', /days_off\[6\]/],
    [
      'a working day in the week',
      'working_days: []',
      'working_days: [2026-06-17]',
      /working_days\[0\]: 2026-06-17 is no Saturday and no Sunday/,
    ],
    ['a short day that is off', '2026-04-30', '2026-05-01', /short_days\[0\]: 2026-05-01 is no working day/],
    [
      'days in the wrong order',
      'to: 2026-01-08',
      'to: 2025-12-08',
      /days_off\[0\]\.to: 2025-12-08 does not lie in 2026/,
    ],
    ['a year under another name', 'year: 2026', 'year: 2029', /year: the file should be called ru-2029\.yaml/],
    ['a year left out', 'calendar: ru', 'calendar: kz', /calendar «ru» does not cover 2026/],
  ])('%s is reported', async (_, from, to, message) => {
    expect(await faultsAfter(year, from, to)).toMatch(message);
  });

  test('a folder that is missing is reported', async () => {
    await rm(join(folder, 'calendars'), { recursive: true });

    expect(await faults()).toMatch(/calendars:1:1: the folder cannot be read/);
  });

  test('a further year is a further file', async () => {
    const text = await readFile(join(folder, 'calendars/ru-2027.yaml'), 'utf8');
    await writeFile(
      join(folder, 'calendars/ru-2028.yaml'),
      text
        .replaceAll('2027-', '2028-')
        .replace('year: 2027', 'year: 2028')
        .replace(/^short_days: .*/m, 'short_days: []'),
    );

    expect(await faults()).toBe('');
  });
});
