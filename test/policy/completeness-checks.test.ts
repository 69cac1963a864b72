import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { assessCompleteness } from '../../src/domain/completeness.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { aTicket } from '../support/records.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mappings-'));
  await cp('mappings', folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Changes a shipped mapping and loads the folder again. */
async function loadWith(from: string, to: string, name = 'completeness.yaml') {
  const file = join(folder, name);
  const text = await readFile(file, 'utf8');
  if (!text.includes(from)) {
    throw new Error(`${name} holds no ${from}`);
  }
  await writeFile(file, text.replace(from, to));
  return loadPolicy(folder);
}

describe('faults of the completeness', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'a service twice',
      '- service: "NTTM: Предоставление доступа к системе"',
      '- service: "NTTM: Техническая поддержка"',
      /already has a row/,
    ],
    [
      'an unknown service',
      '"NTTM: Запрос на доработку"\n    kind: change',
      '"NTTM: Запрос на доработку"\n    kind: ticket',
      /services\.yaml knows no service «NTTM: Запрос на доработку»/,
    ],
    [
      'an unknown kind of letter',
      'letter: draft\n    # R31.16',
      'letter: maybe\n    # R31.16',
      /services\[0\]\.letter/,
    ],
    ['an unknown reading', 'free_text: phrases\n', 'free_text: sometimes\n', /readings\.free_text/],
    ['an item twice', '- name: expected-result', '- name: actions', /the service already has an item «actions»/],
    [
      'a label of two items',
      '- ожидаемое поведение\n',
      '- Шаги\n',
      /the label «Шаги» already belongs to the item «actions»/,
    ],
    [
      'a group that is missing',
      '"{действие}", "{обстоятельство}"',
      '"{действия}"',
      /there is no group of words «действия»/,
    ],
    ['a group that no phrase uses', 'words:\n', 'words:\n  лишнее: [лишнее]\n', /no phrase uses the group «лишнее»/],
    ['a label without words', '- шаги\n', '- "***"\n', /has no word to look for/],
    [
      'a way of two kinds',
      '- field: external_number',
      '- { field: external_number, property: text }',
      /needs exactly one of/,
    ],
    [
      'letters of a property that has none',
      '- property: requester.name',
      '- { property: requester.name, letters: 3 }',
      /`letters` goes with/,
    ],
    [
      'a state that pauses nothing',
      'pausing_state: Ожидание информации',
      'pausing_state: В работе',
      /no state that pauses/,
    ],
    ['a letter of the highest priority', 'send_for: []', 'send_for: ["1 Критичный"]', /never sent without an agent/],
    ['an unknown priority', 'send_for: []', 'send_for: ["3 Обычный"]', /priority\.yaml knows no priority «3 Обычный»/],
    ['a letter to nobody', 'letter: draft\n    # R31.16', 'letter: send\n    # R31.16', /`send` sends nothing/],
    ['an override that says one thing', 'incomplete: incomplete', 'incomplete: Complete', /one value cannot say both/],
    ['a letter that names nothing', '    {missing}\n\n    До', '    До', /the text lacks \{missing\}/],
    ['a note without the letter', '      {letter}\n', '', /the text lacks \{letter\}/],
    [
      'an unknown placeholder',
      '{ticket.title}',
      '{ticket.titel}',
      /unknown placeholder \{ticket\.titel\}, did you mean \{ticket\.title\}\?/,
    ],
    ['digits upside down', 'digits: { from: 5, to: 10 }', 'digits: { from: 5, to: 4 }', /longest number is shorter/],
  ])('%s is told with its place', async (_, from, to, message) => {
    const told = await loadWith(from, to).then(() => 'nothing', String);

    expect(told).toMatch(message);
    expect(told).toMatch(/completeness\.yaml:\d+:\d+ /);
  });

  test('a service without a list is told where it is named', async () => {
    const row = '  - { service: "DWH: Техническая поддержка", kind: support, type: Инцидент, clause: R14 }\n';

    await expect(loadWith('services:\n', `services:\n${row}`, 'services.yaml')).rejects.toThrow(
      /services\.yaml:\d+:\d+ services\[0\]\.service: service «DWH: Техническая поддержка» has no row in completeness\.yaml/,
    );
  });

  test('a mandatory item that nothing can show under the chosen readings', async () => {
    const ways = '          - label: [краткое описание, кратко, суть, суть проблемы]\n';
    await loadWith(ways, '', 'completeness.yaml');

    await expect(loadWith('free_text: phrases\n', 'free_text: labels_only\n')).rejects.toThrow(
      /under the chosen readings nothing can show that the item is there/,
    );
  });
});

describe('readings', () => {
  const missingWith = async (reading: string, ticket: Parameters<typeof aTicket>[0]) => {
    const [name = ''] = reading.split(':');
    await loadWith('external_number: warn', 'external_number: block');
    const text = await readFile(join(folder, 'completeness.yaml'), 'utf8');
    const [shipped = ''] = new RegExp(`^ {2}${name}: \\w+$`, 'm').exec(text) ?? [];
    const { completeness } = await loadWith(shipped, `  ${reading}`);
    return assessCompleteness(aTicket({ title: 'Обращение', ...ticket }), completeness).missing.map(
      (item) => item.name,
    );
  };
  const handOver = 'Шаги: отправить заявку 554321 в ЕИП. Ожидаю: отправлена.';
  const free = 'При нажатии «Сохранить» поле пустое, а должно быть заполнено.';

  test.each<[string, string, readonly string[]]>([
    ['free_text: phrases', free, []],
    ['free_text: labels_only', free, ['actions', 'expected-result']],
    ['actual_result: warn', 'Шаги: открыть. Ожидаю: открыта.', []],
    ['actual_result: block', 'Шаги: открыть. Ожидаю: открыта.', ['actual-result']],
    ['external_number: block', handOver.replace('554321 ', ''), ['external-number']],
    ['external_number: warn', handOver.replace('554321 ', ''), []],
    ['number_in_text: counts', handOver, []],
    ['number_in_text: field_or_label', handOver, ['external-number']],
    ['outage: implied', 'Система недоступна.', []],
    ['outage: asked', 'Система недоступна.', ['actions', 'expected-result']],
  ])('%s of «%s» lacks %j', async (reading, text, missing) => {
    expect(await missingWith(reading, { text })).toEqual(missing);
  });
});
