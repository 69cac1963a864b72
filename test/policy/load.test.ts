import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BridgeError } from '../../src/errors.ts';
import { loadPolicy } from '../../src/policy/load.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mappings-'));
  await cp('mappings', folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function faultsAfter(file: string, from: string | RegExp, to: string): Promise<string> {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) {
    throw new Error(`${file} holds no ${from}`);
  }
  await writeFile(path, changed);
  return faults();
}

async function faults(): Promise<string> {
  const error = await loadPolicy(folder).catch((thrown: unknown) => thrown);
  if (!(error instanceof BridgeError)) {
    throw new Error('the mappings were taken as valid');
  }
  expect(error.code).toBe('CONFIGURATION_INVALID');
  return error.message.replaceAll(`${folder}/`, '');
}

describe('mappings', () => {
  test('the shipped ones are valid', async () => {
    await expect(loadPolicy('mappings')).resolves.toBeDefined();
  });

  test.each<[string, string, string | RegExp, string, RegExp]>([
    ['an unknown key', 'status.yaml', 'statuses:', 'stati:', /status\.yaml:\d+:1 stati: .*/],
    [
      'a rule that opens an unknown draft',
      'escalation.yaml',
      'open: defect',
      'open: deffect',
      /escalation\.yaml:\d+:\d+ rules\[0\]\.open: there is no draft «deffect»/,
    ],
    [
      'an unknown placeholder',
      'escalation.yaml',
      'title: "{ticket.title}"',
      'title: "{ticket.titel}"',
      /drafts\.defect\.title: unknown placeholder \{ticket\.titel\}/,
    ],
    [
      'the same status twice',
      'status.yaml',
      '"В работе", ticket_state',
      '"открыто", ticket_state',
      /statuses\[1\]\.issue_status: «открыто» already stands in row 1/,
    ],
    ['a condition that tests nothing', 'escalation.yaml', 'is: ["NTTM::3ЛТП"]', '', /rules\[0\]\.when\[0\]/],
    ['a clause that is none', 'closure.yaml', 'clause: R44', 'clause: "п. 44"', /codes\[4\]\.clause/],
    [
      'a waiting state that is closed',
      'closure.yaml',
      'waiting_state: Решено',
      'waiting_state: Закрыто',
      /waiting_state: a ticket cannot wait/,
    ],
    [
      'a property that tickets do not have',
      'escalation.yaml',
      'property: ticket_queue',
      'property: очередь',
      /rules\[0\]\.when\[0\]\.property/,
    ],
    ['broken YAML', 'closure.yaml', 'closed_state: Закрыто', 'closed_state: "Закрыто', /closure\.yaml:\d+:\d+/],
  ])('%s is reported with file, line and path', async (_, file, from, to, message) => {
    expect(await faultsAfter(file, from, to)).toMatch(message);
  });

  test('a missing file is reported by name', async () => {
    await rm(join(folder, 'status.yaml'));

    expect(await faults()).toMatch(/status\.yaml:1:1: the file is missing/);
  });

  test('faults of several files come in one report', async () => {
    await writeFile(join(folder, 'status.yaml'), 'statuses: 5\n');

    expect(await faultsAfter('priority.yaml', 'priorities:', 'priority:')).toMatch(
      /status\.yaml[\s\S]*priority\.yaml|priority\.yaml[\s\S]*status\.yaml/,
    );
  });
});
