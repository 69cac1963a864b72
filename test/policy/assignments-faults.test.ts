import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadNamesInUse } from '../../src/policy/load.ts';
import { faultsAfter } from './mapping-faults.ts';

const shipped = readFileSync('mappings/assignments.yaml', 'utf8');

describe('assignments.yaml: a fault is reported with file, line, column and a way out', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'a state that status.yaml does not explain',
      'from: ["В работе"], to: ["Назначено"]',
      'from: ["В роботе"], to: ["Назначено"]',
      /^assignments\.yaml:\d+:\d+ returns\.rules\[0\]\.from\[0\]: status\.yaml explains no state «В роботе»/m,
    ],
    [
      'a state into which the bridge itself moves tickets',
      'from: ["В работе"], to: ["Назначено"]',
      'from: ["Назначено"], to: ["В работе"]',
      /returns\.rules\[0\]\.to\[0\]: the bridge itself moves tickets into «В работе» when their issue becomes «В работе»/,
    ],
    [
      'a rule that never applies',
      'from: ["В работе"], to: ["Назначено"]',
      'from: ["Назначено"], to: ["назначено"]',
      /returns\.rules\[0\]\.from: the rule never applies: a property does not change from a value to itself/,
    ],
    [
      'two rules of one name',
      'name: back-to-line-1',
      'name: back-to-assigned',
      /returns\.rules\[2\]\.name: «back-to-assigned» already stands in row 1 of the list/,
    ],
    [
      'a rule with nothing to go by',
      'to: ["NTTM::1ЛТП"], clause: R43',
      'clause: R43',
      /returns\.rules\[2\].*needs exactly one of `to` and `filled`/,
    ],
    [
      'a rule that every change of a state would set off',
      'on: state, from: ["В работе"], to: ["Назначено"]',
      'on: state, filled: true',
      /returns\.rules\[0\].*`filled` is for fields/,
    ],
    [
      'a coordinator rule with values',
      'on: coordinator, clause: R42',
      'on: coordinator, to: [lead], clause: R42',
      /returns\.rules\[1\].*`on: coordinator` goes without/,
    ],
    [
      'a ticket queue of two groups',
      'name: 3ЛТП, ticket_queues: ["NTTM::3ЛТП"]',
      'name: 3ЛТП, ticket_queues: ["NTTM::2ЛТП"]',
      /groups\[2\]\.ticket_queues\[0\]: the ticket queue «NTTM::2ЛТП» already stands further up/,
    ],
    [
      'two groups of one name',
      '{ name: 3ЛТП,',
      '{ name: 2лтп,',
      /groups\[2\]\.name: the group «2лтп» already stands further up/,
    ],
    [
      'a count in the field of the reason',
      'shown: returns',
      'shown: return_reason',
      /returns\.shown: the field «return_reason» holds the reason that an agent gives/,
    ],
    [
      'a count in the field of a deadline',
      'shown: returns',
      'shown: sla_status',
      /returns\.shown: the field «sla_status» shows a deadline already/,
    ],
    [
      'an owner in the field of a deadline',
      'field: ticket_owner',
      'field: due_at',
      /owner\.field: the field «due_at» shows a deadline already/,
    ],
    [
      'a misrouted issue that stays at work',
      'issue_status: Закрыто',
      'issue_status: Открыто',
      /misrouted\.issue_status: an issue in «Открыто» is at work: status\.yaml keeps its ticket in «Передано на 3ЛТП»/,
    ],
    [
      'a way back that leads nowhere',
      '    issue_status: В работе',
      '    issue_status: Закрыто',
      /misrouted\.back\.issue_status: an issue in «Закрыто» is there already/,
    ],
    [
      'an unknown placeholder of the request',
      'возвращено {return.at}',
      'возвращено {return.when}',
      /returns\.note\.text: unknown placeholder \{return\.when\}/,
    ],
    [
      'an unknown placeholder of the owner',
      '"{ticket.owner}"',
      '"{owner}"',
      /owner\.text: unknown placeholder \{owner\}/,
    ],
    [
      'an unknown placeholder of the farewell',
      'Обращение {ticket.key} передано',
      'Обращение {key} передано',
      /misrouted\.comment: unknown placeholder \{key\}/,
    ],
    ['a clause that is none', 'clause: R40', 'clause: R4O', /owner\.clause/],
    ['a reason without a letter', 'min_length: 10', 'min_length: 0', /returns\.reason\.min_length/],
  ])('%s', async (_, from, to, message) => {
    expect(await faultsAfter('assignments.yaml', from, to)).toMatch(message);
  });

  test('a stage that only returns end needs to know what a return is', async () => {
    const rules = / {2}rules:\n(?: {4}- .*\n)+/.exec(shipped)?.[0] ?? '';

    expect(await faultsAfter('assignments.yaml', rules, '  rules: []\n')).toMatch(
      /^clock\.yaml:\d+:\d+ stages\.reaction\[2\]\.on: assignments\.yaml has no rule for what a return is/m,
    );
  });

  test.each([
    ['the owner need not be shown', /owner:\n(?: {2}.*\n)+/, ''],
    ['the count need not be shown', '  shown: returns\n', ''],
    ['issues of tickets that left may be left alone', /misrouted:\n(?: {2}.*\n|\n)+/, ''],
    ['or stay closed', '    issue_status: В работе\n', ''],
    ['or get no resolution', '  resolution: Не будет исправлено\n', ''],
    [
      'coordinators can be named',
      '["NTTM::2ЛТП"], coordinators: []',
      '["NTTM::2ЛТП"], coordinators: [lead.2l, deputy.2l]',
    ],
  ])('%s', async (_, from, to) => {
    const found = typeof from === 'string' ? from : (from.exec(shipped)?.[0] ?? 'nothing');

    expect(await faultsAfter('assignments.yaml', found, to)).toBe('');
  });

  test('a path of status.yaml may lead where a misrouted issue goes', async () => {
    const path = 'paths:\n  - { to: "Закрыто", from: ["В работе"], through: ["Решено"] }';

    expect(await faultsAfter('status.yaml', 'paths: []', path)).toBe('');
    expect(await faultsAfter('status.yaml', 'paths: []', path.replace('Закрыто', 'Отложено'))).toMatch(
      /no row brings an issue into «Отложено»/,
    );
  });
});

test('every name of both systems is handed to `bridge check` with its place', async () => {
  const names = await loadNamesInUse('mappings');
  const placesOf = (
    kind: 'ticketQueues' | 'ticketFields' | 'issueFields' | 'issueStatuses' | 'resolutions' | 'ticketStates',
    name: string,
  ) => names[kind].find((each) => each.name === name)?.at;

  expect(placesOf('ticketQueues', 'NTTM::2ЛТП')).toMatch(/assignments\.yaml:\d+:\d+, .*assignments\.yaml/);
  expect(placesOf('ticketFields', 'return_reason')).toMatch(/^\S*assignments\.yaml:\d+:\d+$/);
  expect(placesOf('ticketFields', 'returns')).toMatch(/^\S*assignments\.yaml:\d+:\d+$/);
  expect(placesOf('issueFields', 'ticket_owner')).toMatch(/^\S*assignments\.yaml:\d+:\d+$/);
  expect(placesOf('issueStatuses', 'Закрыто')).toMatch(/assignments\.yaml/);
  expect(placesOf('resolutions', 'Не будет исправлено')).toMatch(/assignments\.yaml/);
  expect(placesOf('ticketStates', 'Назначено')).toMatch(/assignments\.yaml/);
});
