import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { ExpectedNames } from '../../src/connector.ts';
import { loadNamesInUse } from '../../src/policy/load.ts';

const names = await loadNamesInUse('mappings');

/** What stands in a file at `file:line:column`. */
function textAt(place: string): string {
  const [file = '', line, column] = place.split(':');
  return (
    readFileSync(file, 'utf8')
      .split('\n')
      [Number(line) - 1]?.slice(Number(column) - 1) ?? ''
  );
}

test.each<[keyof ExpectedNames, readonly string[]]>([
  [
    'services',
    [
      'NTTM: Техническая поддержка',
      'NTTM: Предоставление доступа к системе',
      'NTTM: Решение проблем с доступом',
      'ЕИП: Техническая поддержка',
      'Netrac Teoco: Техническая поддержка',
      'DWH: Техническая поддержка',
    ],
  ],
  [
    'ticketQueues',
    [
      'Смежные системы::ЕИП',
      'Смежные системы::Netrac Teoco',
      'Смежные системы::DWH',
      'NTTM::2ЛТП',
      'NTTM::3ЛТП',
      'NTTM::1ЛТП',
    ],
  ],
  ['ticketTypes', ['Инцидент', 'Запрос на обслуживание']],
  [
    'ticketStates',
    [
      'Назначено',
      'В работе',
      'Ожидание информации',
      'Передано на 3ЛТП',
      'Временное решение',
      'Решено',
      'Ожидает установки обновления',
      'Закрыто',
    ],
  ],
  ['ticketPriorities', ['1 Критичный', '2 Высокий', '3 Средний', '4 Низкий']],
  ['projects', ['OSSTTMB2B']],
  ['issueTypes', ['Дефект']],
  ['issuePriorities', ['Критичный', 'Высокий', 'Средний', 'Низкий']],
  ['issueStatuses', ['Открыто', 'В работе', 'Ожидает информации', 'Решено', 'Закрыто']],
  ['resolutions', ['Исправлено', 'Не будет исправлено', 'Не воспроизводится', 'Дубликат', 'Консультация']],
  ['issueFieldValues', ['BPM движок', 'БД', 'Сервер приложений', 'Интерфейс', 'Интеграция']],
])('the rules name %s, each with the places where it stands', (kind, expected) => {
  expect(names[kind].map(({ name }) => name)).toEqual(expected);
  for (const { name, at } of names[kind]) {
    for (const place of at.split(', ')) {
      expect(textAt(place).replace(/^"/, '').startsWith(name)).toBe(true);
    }
  }
});

test('a name that is used twice has both places', () => {
  const support = names.services.find(({ name }) => name === 'NTTM: Техническая поддержка');

  expect(support?.at).toMatch(/^mappings\/services\.yaml:\d+:\d+, mappings\/escalation\.yaml:\d+:\d+$/);
});

test('the fields that the bridge reads and writes are among the logical names, those of conditions too', () => {
  expect(names.ticketFields.map(({ name }) => name).toSorted()).toEqual(
    [
      'need_development',
      'return_reason',
      'returns',
      'issue_key',
      'issue_url',
      'issue_status',
      'closure_code',
      'solution',
      'configuration_item',
      'information',
      'external_number',
      'diagnosis_done',
      'related_system',
      'workaround',
      'sla_reaction_due',
      'sla_diagnosis_due',
      'sla_workaround_due',
      'sla_resolution_due',
      'update_installed',
      'sla_status',
      'approved_by',
      'approval_refused',
      'approval_status',
      'need_line_2',
      'inherited_start',
      'related_tickets',
      'parent_ticket',
    ].toSorted(),
  );
  expect(names.issueFields.map(({ name }) => name).toSorted()).toEqual(
    ['solution', 'configuration_item', 'due_date', 'due_at', 'fix_versions', 'ticket_owner'].toSorted(),
  );
});

test('the services that the priorities ask for are among the names', () => {
  const access = names.services.find(({ name }) => name === 'NTTM: Решение проблем с доступом');

  expect(access?.at).toMatch(/mappings\/services\.yaml:\d+:\d+, .*mappings\/priority\.yaml:\d+:\d+/);
});

test('what is off in the shipped mappings is named once it is on: paths of statuses, and links between records', async () => {
  const names = await namesAfter([
    ['related-systems.yaml', 'mandatory: []', 'mandatory: []\n    link: ParentChild'],
    ['status.yaml', 'paths: []', 'paths: [{ to: В работе, from: [Закрыто], through: [На проверке] }]'],
    ['escalation.yaml', /# {3}(related_issues: .*)/, '$1'],
  ]);

  expect(names.issueStatuses.map(({ name }) => name)).toContain('На проверке');
  expect(names.ticketLinks).toMatchObject([
    { name: 'ParentChild', at: expect.stringMatching(/related-systems\.yaml:\d+:\d+$/) },
  ]);
  expect(names.linkTypes).toMatchObject([
    { name: 'Relates', at: expect.stringMatching(/escalation\.yaml:\d+:\d+, .*endings\.yaml:\d+:\d+$/) },
  ]);
  expect(names.ticketFields.map(({ name }) => name)).toContain('related_issues');
});

async function namesAfter(changes: readonly (readonly [file: string, from: string | RegExp, to: string])[]) {
  const folder = await mkdtemp(join(tmpdir(), 'names-'));
  try {
    await cp('mappings', folder, { recursive: true });
    for (const [file, from, to] of changes) {
      const path = join(folder, file);
      await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
    }
    return await loadNamesInUse(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('values of fields are known with their field', () => {
  expect(names.ticketFieldValues.map(({ field, name }) => `${field}=${name}`)).toEqual([
    'need_development=1',
    'need_line_2=1',
    'closure_code=fixed',
    'closure_code=impossible',
    'closure_code=duplicate',
    'closure_code=consultation',
    'configuration_item=bpm',
    'configuration_item=db',
    'configuration_item=app',
    'configuration_item=ui',
    'configuration_item=integration',
    'information=complete',
    'information=incomplete',
    'related_system=eip',
    'related_system=netrac',
    'related_system=dwh',
    'workaround=given',
    'workaround=failed',
  ]);
});

test('states have their meaning, and what the bridge opens and shows in OTRS is told apart', () => {
  expect(names.ticketStates.map(({ name, phase, pauses }) => `${name} ${phase} ${pauses}`)).toEqual([
    'Назначено new false',
    'В работе open false',
    'Ожидание информации pending true',
    'Передано на 3ЛТП open false',
    'Временное решение open false',
    'Решено open false',
    'Ожидает установки обновления pending false',
    'Закрыто done false',
  ]);
  expect(names.tickets.map(({ at: _, ...ticket }) => ticket)).toEqual([
    ...['ЕИП', 'Netrac Teoco', 'DWH'].map((system) => ({
      name: `Смежные системы::${system}`,
      service: `${system}: Техническая поддержка`,
      type: 'Инцидент',
      state: 'Назначено',
    })),
    { name: 'NTTM::2ЛТП', service: 'NTTM: Решение проблем с доступом', type: 'Инцидент', state: 'Назначено' },
  ]);
  expect(names.ticketFieldsShown.map(({ name }) => name).toSorted()).toEqual([
    'approval_status',
    'inherited_start',
    'issue_key',
    'issue_status',
    'issue_url',
    'parent_ticket',
    'related_tickets',
    'returns',
    'sla_diagnosis_due',
    'sla_reaction_due',
    'sla_resolution_due',
    'sla_status',
    'sla_workaround_due',
  ]);
});
