import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadNamesInUse, loadPolicy } from '../../src/policy/load.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mappings-'));
  await cp('mappings', folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Faults after `from` was replaced in clock.yaml; `AT` is the place of the replacement. */
async function faultsAfter(from: string, to: string): Promise<{ readonly message: string; readonly line: number }> {
  const path = join(folder, 'clock.yaml');
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(
    path,
    text.replace(from, () => to),
  );
  const message = await loadPolicy(folder).then(
    () => '',
    (thrown: Error) => thrown.message,
  );
  return { message: message.replaceAll(`${folder}/`, ''), line: text.slice(0, text.indexOf(from)).split('\n').length };
}

describe('clock.yaml: a fault is reported with file, line, column and a way out', () => {
  test.each<[string, string, string, string, string]>([
    [
      'a state that status.yaml does not know',
      'to: ["В работе"], clause: "R25, R41"',
      'to: ["В работу"], clause: "R25, R41"',
      'stages.reaction[0].to[0]: no mapping knows the state «В работу»',
      'Known are «Назначено», «В работе»',
    ],
    [
      'a state of a workaround',
      'to: ["Временное решение"]',
      'to: ["Обход"]',
      'workaround.given[0].to[0]: no mapping knows the state «Обход»',
      'Known are',
    ],
    [
      'a priority that priority.yaml does not know',
      'confirmed_by_agent: ["1 Критичный"]',
      'confirmed_by_agent: ["1 Важный"]',
      'pauses.confirmed_by_agent[0]: priority.yaml knows no priority «1 Важный»',
      'Known are «1 Критичный»',
    ],
    [
      'a note on a call that brings information and ends no pause',
      'call_notes: ["Звонок", "Разговор", "Телефонный разговор"]',
      'call_notes: ["Разговор", "Телефонный разговор"]',
      'pauses.call_notes: completeness.yaml takes the words of a note «Звонок…» for the requester’s',
      'Add «Звонок» here, or take it out of `read.call_notes` there.',
    ],
    [
      'a share at which nothing warns',
      'shares: [80, 100]',
      'shares: [80, 90]',
      'note.shares[1]: sla.yaml does not warn at 90 %',
      'Use one of 50, 80, 100, or add it to `warn_at` there.',
    ],
    [
      'a placeholder that a text does not know',
      'running: "{stage}: до {due}"',
      'running: "{stage}: до {term}"',
      'texts.running: unknown placeholder {term}',
      'This text knows {stage} {due}.',
    ],
    [
      'a placeholder in a text that knows none',
      'closed: "Закрыто в срок"',
      'closed: "Закрыто {due}"',
      'texts.closed: unknown placeholder {due}',
      'This text knows no placeholders.',
    ],
    [
      'a placeholder of the note',
      'subject: "Срок: {stage}, прошло {share} %"',
      'subject: "Срок: {stage.name}"',
      'note.subject: unknown placeholder {stage.name}',
      'This text knows {ticket.key}',
    ],
    [
      'a change without a value',
      'on: fields.diagnosis_done, filled: true',
      'on: fields.diagnosis_done',
      'stages.diagnosis[0]: a change needs exactly one of `to` and `filled`',
      '',
    ],
    [
      'a change with two',
      'on: fields.diagnosis_done, filled: true',
      'on: fields.diagnosis_done, filled: true, to: ["1"]',
      'stages.diagnosis[0]: a change needs exactly one of `to` and `filled`',
      '',
    ],
    [
      'a request with a value',
      'on: request, clause',
      'on: request, filled: true, clause',
      'stages.reaction[1]: a change needs exactly one of `to` and `filled`; `request`, `return` and `answer` go without',
      '',
    ],
    [
      'an answer without subjects',
      ', subjects: ["Ответ", "Решение"]',
      '',
      'stages.workaround[0]: `subjects` goes with `on: answer`, and `on: answer` needs it',
      '',
    ],
    ['a property that no ticket has', 'on: ticket_queue, to', 'on: queue, to', 'stages.diagnosis[1].on:', ''],
    ['a name with blanks', 'name: answered', 'name: "was answered"', 'stages.workaround[0].name:', ''],
    [
      'a reading that does not exist',
      'ends: answer',
      'ends: answers',
      'pauses.ends: is none of the allowed values',
      '',
    ],
    [
      'a field that is no logical name',
      'reaction: sla_reaction_due',
      'reaction: "SLA Due"',
      'shown.ticket.reaction:',
      '',
    ],
    [
      'a key that is not known',
      'correction:\n  subjects:',
      'correction:\n  words:',
      'correction.words: unknown key `words`',
      'Known here: `subjects`, `within_minutes`.',
    ],
    [
      'a field that shows two deadlines',
      'diagnosis: sla_diagnosis_due',
      'diagnosis: sla_reaction_due',
      'shown.ticket.diagnosis: the field «sla_reaction_due» already shows the reaction',
      'Give each of them a field of its own.',
    ],
    [
      'two rules of one name',
      'name: solution-is-written',
      'name: answered',
      'stages.workaround[1].name: «answered» already stands in row 1 of the list',
      'Explanations name rules',
    ],
    ['no workaround at all', 'given:\n    - {', 'given: []\n  given_before:\n    - {', 'workaround.given:', ''],
  ])('%s', async (_, from, to, fault, help) => {
    const { message } = await faultsAfter(from, to);
    const line = message.split('\n').find((each) => each.includes(fault)) ?? message;

    expect(line).toContain(fault);
    expect(line).toMatch(/^\s*clock\.yaml:\d+:\d+ /);
    expect(message).toContain(help);
  });

  test('the place is that of the word itself', async () => {
    const { message, line } = await faultsAfter('to: ["Временное решение"]', 'to: ["Обход"]');

    expect(message).toContain(`clock.yaml:${line}:49 `);
  });
});

describe('the names that the rules of the clock wait for', () => {
  test('are among the names in use, with the places where they stand', async () => {
    const names = await loadNamesInUse('mappings');
    const placeOf = (list: readonly { readonly name: string; readonly at: string }[], name: string) =>
      list.find((each) => each.name === name)?.at ?? '';

    expect(placeOf(names.ticketQueues, 'NTTM::3ЛТП')).toMatch(/mappings\/clock\.yaml:\d+:\d+/);
    expect(placeOf(names.ticketFields, 'diagnosis_done')).toMatch(/mappings\/clock\.yaml:\d+:\d+/);
    expect(placeOf(names.ticketFields, 'sla_resolution_due')).toMatch(/mappings\/clock\.yaml:\d+:\d+/);
    expect(placeOf(names.issueFields, 'due_date')).toMatch(/mappings\/clock\.yaml:\d+:\d+/);
  });
});
