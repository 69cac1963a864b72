import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { assessPriority } from '../../src/domain/priority.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { aTicket } from '../support/records.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mappings-'));
  await cp('mappings', folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Changes the shipped criteria and loads the folder again. */
async function loadWith(from: string, to: string) {
  const file = join(folder, 'priority.yaml');
  const text = await readFile(file, 'utf8');
  if (!text.includes(from)) {
    throw new Error(`priority.yaml holds no ${from}`);
  }
  await writeFile(file, text.replace(from, to));
  return loadPolicy(folder);
}

const criterion = (body: string) => `criteria:\n  - name: mine\n    clause: R31\n    quote: "…"\n${body}`;

describe('faults of the priorities', () => {
  test.each<[string, string, string, RegExp]>([
    ['a group that is missing', '["{исправьте}"]', '["{исправте}"]', /there is no group of words «исправте»/],
    ['a bracket without partner', '["{исправьте}"]', '["{исправьте"]', /the bracket \{ has no partner/],
    ['a phrase without words', '["{исправьте}"]', '["!"]', /«!» has no word to look for/],
    ['too many words side by side', '["{исправьте}"]', '["[а б в г д е]"]', /has more than 5 words side by side/],
    ['an unknown threshold', 'lasts_at_least: hang_minutes', 'lasts_at_least: hang', /lasts_at_least/],
    [
      'an unknown reading',
      'alternative_solution: with_critical_function\n',
      'alternative_solution: sometimes\n',
      /alternative_solution/,
    ],
    ['a rank without name', '{ rank: 4, ticket', '{ rank: 5, ticket', /there is no priority with rank 4/],
    ['a rank given twice', '{ rank: 4, ticket', '{ rank: 3, ticket', /rank 3 is given twice/],
    ['a group that no phrase uses', 'words:\n', 'words:\n  лишнее: [лишнее]\n', /no phrase uses the group «лишнее»/],
    ['the same name twice', 'name: nothing-works', 'name: hangs-without-response', /already stands in row/],
    [
      'a requirement of two kinds',
      'property: service\n',
      'property: service\n        filled: true\n',
      /exactly one of/,
    ],
    [
      'a criterion of a number alone',
      'criteria:\n',
      criterion('    priority: 4\n    when: [{ lasts_at_least: hang_minutes }]\n'),
      /criteria\[0\]\.when: the criterion has neither phrases nor a property/,
    ],
    [
      'a criterion that refutes itself',
      'criteria:\n',
      criterion('    priority: 4\n    when: [{ phrases: [сбой] }]\n    unless: [{ phrases: [Сбой, отказ] }]\n'),
      /criteria\[0\]\.unless\[0\]: whatever meets `when` also meets this/,
    ],
    [
      'conditions that exclude each other',
      'criteria:\n',
      criterion('    priority: 4\n    when: [{ property: type, is: [Инцидент] }, { property: type, is: [Запрос] }]\n'),
      /criteria\[0\]\.when\[1\]: `type` cannot meet this and an earlier condition at once/,
    ],
    [
      'a criterion in the shadow of a higher one',
      'criteria:\n',
      criterion('    priority: 4\n    when: [{ phrases: ["{медленно}"] }, { phrases: [вечером] }]\n'),
      /criteria\[0\]\.name: never decides: whatever meets it also meets «slow-for-less-than-an-hour»/,
    ],
  ])('%s is reported', async (_, from, to, message) => {
    await expect(loadWith(from, to)).rejects.toThrow(message);
  });
});

describe('a key of the mapping', () => {
  const rankAfter = async (from: string, to: string, text: string) =>
    assessPriority(aTicket({ title: 'Обращение', text }), (await loadWith(from, to)).priority).rank;

  test.each<[string, string, string, number]>([
    ['hang_minutes: 10', 'hang_minutes: 10', 'Система зависает на 9 минут.', 3],
    ['hang_minutes: 10', 'hang_minutes: 9', 'Система зависает на 9 минут.', 1],
    ['degradation_minutes: 60', 'degradation_minutes: 60', 'Система тормозит 45 минут.', 3],
    ['degradation_minutes: 60', 'degradation_minutes: 45', 'Система тормозит 45 минут.', 2],
    ['branch_people: 30', 'branch_people: 30', 'В МРФ система недоступна у 20 сотрудников.', 3],
    ['branch_people: 30', 'branch_people: 20', 'В МРФ система недоступна у 20 сотрудников.', 1],
    [
      '  alternative_solution: with_critical_function',
      '  alternative_solution: always',
      'Ошибка в фильтре, есть обходной путь.',
      2,
    ],
    [
      '  alternative_solution: with_critical_function',
      '  alternative_solution: never',
      'Не создаются заявки, есть обходной путь.',
      3,
    ],
    ['  workaround_unsaid: none', '  workaround_unsaid: ask', 'У всех не создаются заявки.', 3],
    ['  unscoped_outage: ask', '  unscoped_outage: critical', 'Система не открывается.', 1],
    ['  data_loss: with_full_stop', '  data_loss: always', 'Теряются данные вложений.', 1],
    ['  equal_workaround: low', '  equal_workaround: medium', 'Ошибка в фильтре, есть равноценное решение.', 3],
    ['  causes: hints', '  causes: criteria', 'В логах отказ BPM движка.', 1],
    ['  ago: lasts', '  ago: ignored', 'Система зависла 20 минут назад.', 3],
    ['morning: "09:00"', 'morning: "12:00"', 'Тормозит с утра.', 3],
  ])('%s as «%s» gives «%s» priority %d', async (from, to, text, rank) => {
    expect(await rankAfter(from, to, text)).toBe(rank);
  });
});
