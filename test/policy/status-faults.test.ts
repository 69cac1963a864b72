import { describe, expect, test } from '@jest/globals';
import { faultsAfter } from './mapping-faults.ts';

describe('status.yaml', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'a status that closes the ticket',
      'ticket_state: "Передано на 3ЛТП", unless',
      'ticket_state: "Закрыто", unless',
      /^status\.yaml:\d+:\d+ statuses\[0\]\.ticket_state: a status may not close the ticket/m,
    ],
    [
      'a state that is not explained',
      'ticket_state: "Ожидание информации"',
      'ticket_state: "Ожидание"',
      /statuses\[2\]\.ticket_state: status\.yaml explains no state «Ожидание»/,
    ],
    [
      'an unexplained state in the other direction',
      '{ ticket_state: В работе, from_issue_status: [Ожидает',
      '{ ticket_state: В дороге, from_issue_status: [Ожидает',
      /to_issue\[0\]\.ticket_state: status\.yaml explains no state «В дороге»/,
    ],
    [
      'a closed ticket that would move its issue',
      '{ ticket_state: В работе, from_issue_status: [Ожидает',
      '{ ticket_state: Закрыто, from_issue_status: [Ожидает',
      /to_issue\[0\]\.ticket_state: a ticket in «Закрыто» is over and moves no issue/,
    ],
    [
      'an unexplained state that would be kept',
      'unless_state: ["Временное решение"]',
      'unless_state: ["Временно"]',
      /statuses\[0\]\.unless_state\[0\]: status\.yaml explains no state «Временно»/,
    ],
    [
      'two rows for one change of the ticket',
      '{ ticket_state: Передано на 3ЛТП, from',
      '{ ticket_state: в работе, from',
      /to_issue\[1\]\.from_issue_status\[0\]: row 1 already says what becomes of an issue in «Ожидает информации»/,
    ],
    [
      'a row that moves an issue to where it is',
      'from_issue_status: [Ожидает информации], issue_status: В работе, clause: R51a }\n  -',
      'from_issue_status: [В работе], issue_status: В работе, clause: R51a }\n  -',
      /to_issue\[0\]\.from_issue_status\[0\]: an issue in «В работе» is there already/,
    ],
    [
      'an answer that leads to a status without a row',
      'on_answer: { from_issue_status: ["Ожидает информации"], issue_status: "В работе"',
      'on_answer: { from_issue_status: ["Ожидает информации"], issue_status: "На проверке"',
      /on_answer\.issue_status: `statuses` has no row for «На проверке»/,
    ],
    [
      'a path to where no row leads',
      'paths: []',
      'paths: [{ to: На проверке, from: [Открыто], through: [В работе] }]',
      /^status\.yaml:\d+:\d+ paths\[0\]\.to: no row brings an issue into «На проверке»/m,
    ],
    [
      'a path that begins at its end',
      'paths: []',
      'paths: [{ to: В работе, from: [в работе], through: [Открыто] }]',
      /paths\[0\]\.from\[0\]: an issue in «в работе» is there already/,
    ],
    [
      'a path in a circle',
      'paths: []',
      'paths: [{ to: В работе, from: [Закрыто], through: [Открыто, Закрыто] }]',
      /paths\[0\]\.through\[1\]: the path comes to «Закрыто» more than once/,
    ],
    [
      'two paths between the same statuses',
      'paths: []',
      'paths: [{ to: В работе, from: [Закрыто], through: [Открыто] }, { to: В работе, from: [Решено, Закрыто], through: [Открыто] }]',
      /paths\[1\]\.from\[1\]: a path further up already leads from «Закрыто» to «В работе»/,
    ],
  ])('%s is reported with file, line and path', async (_, from, to, message) => {
    expect(await faultsAfter('status.yaml', from, to)).toMatch(message);
  });

  test('a closed state that is not explained is reported where it stands', async () => {
    expect(await faultsAfter('closure.yaml', 'closed_state: Закрыто', 'closed_state: Завершено')).toMatch(
      /^closure\.yaml:\d+:\d+ closed_state: status\.yaml explains no state «Завершено»/m,
    );
  });

  test('an answer may be left to people', async () => {
    expect(await faultsAfter('status.yaml', 'on_answer: {', '# on_answer: {')).toBe('');
  });
});
