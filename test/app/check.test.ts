import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import { checkApp } from '../../src/app/check.ts';
import { loadSettings } from '../../src/app/config.ts';

let jira: SandboxJira;
let otrs: SandboxOtrs;
let folder: string;

beforeAll(async () => {
  jira = await startSandboxJira();
  otrs = await startSandboxOtrs();
  otrs.createTicket({ title: 'Заявка', text: 'Текст' });
  folder = await mkdtemp(join(tmpdir(), 'bridge-check-'));
  await cp('mappings', join(folder, 'mappings'), { recursive: true });
  const text = await readFile('config/bridge.yaml', 'utf8');
  const connected = text
    .replace(/base_url: .*OTRS_URL.*/, `base_url: ${otrs.url}`)
    .replace(/base_url: .*JIRA_URL.*/, `base_url: ${jira.url}`)
    .replaceAll('../mappings', 'mappings');
  await writeFile(join(folder, 'bridge.yaml'), connected);
});

afterAll(async () => {
  await jira.stop();
  await otrs.stop();
  await rm(folder, { recursive: true, force: true });
});

async function errors(): Promise<readonly string[]> {
  const settings = await loadSettings(join(folder, 'bridge.yaml'));
  const findings = await checkApp(settings, () => DateTime.utc(), new AbortController().signal);
  return findings
    .filter(({ level }) => level === 'error')
    .map(({ subject, message }) => `${subject} | ${message.replaceAll(`${folder}/`, '')}`);
}

async function misspell(file: string, from: string, to: string): Promise<void> {
  const path = join(folder, 'mappings', file);
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replaceAll(from, to));
}

test('the shipped rules fit the sandbox; each wrong name in them is told with its file, line and column', async () => {
  expect(await errors()).toEqual([]);

  await misspell('priority.yaml', 'issue: "Средний"', 'issue: "Обычный"');
  await misspell('services.yaml', 'NTTM: Решение проблем с доступом', 'NTTM: Решение проблемы с доступом');
  await misspell('access.yaml', 'NTTM: Решение проблем с доступом', 'NTTM: Решение проблемы с доступом');
  await misspell('completeness.yaml', 'NTTM: Решение проблем с доступом', 'NTTM: Решение проблемы с доступом');
  await misspell('status.yaml', 'issue_status: "В работе"', 'issue_status: "В рaботе"');
  await misspell('closure.yaml', 'waiting_state: Решено', 'waiting_state: Решён');
  await misspell('status.yaml', 'state: "Решено"', 'state: "Решён"');
  await misspell('escalation.yaml', 'project: OSSTTMB2B', 'project: OSSTTM');

  const found = (await errors()).toSorted();
  expect(found).toEqual([
    expect.stringMatching(
      /^jira: priority Обычный \| mappings\/priority\.yaml:\d+:\d+: JIRA has no priority «Обычный»/,
    ),
    expect.stringMatching(/^jira: project OSSTTM \| mappings\/escalation\.yaml:\d+:\d+: issues are opened in «OSSTTM»/),
    expect.stringMatching(
      /^jira: status В рaботе \| mappings\/status\.yaml:\d+:\d+.*: .*contains the Latin letter «a».*did you mean «В работе»\?/,
    ),
    expect.stringMatching(
      /^otrs: service NTTM: Решение проблемы .* \| mappings\/services\.yaml:\d+:\d+.*: OTRS has no/,
    ),
    expect.stringMatching(/^otrs: state Решён \| .*mappings\/closure\.yaml:\d+:\d+: OTRS has no valid state/),
  ]);
}, 60_000);
