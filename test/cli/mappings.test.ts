import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runCommand } from '../../src/cli/commands.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { writeFacts } from '../../src/replay/facts-file.ts';
import type { StoredSnapshot } from '../../src/store/store.ts';
import { aLink, aTicket, NOW } from '../support/records.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mappings-cli-'));
  await cp('mappings', join(folder, 'next'), { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const factsOf = (id: string, text: string) => ({
  ticket: aTicket({ ref: { system: 'otrs', id, key: `T${id}` }, title: 'NTTM', text }),
  link: aLink(),
});

const stored = (id: string, text: string): StoredSnapshot => ({
  ticket: { system: 'otrs', id, key: `T${id}` },
  at: NOW,
  rules: 'aaaaaaaaaaaa',
  facts: writeFacts(factsOf(id, text)),
});

async function run(words: readonly string[], snapshots: readonly StoredSnapshot[] = []) {
  const said = { out: '', error: '' };
  const unused = () => Promise.reject(new Error('no command here needs it'));
  const exitCode = await runCommand(['mappings', ...words], {
    version: '1',
    deeds: {
      serve: unused,
      check: unused,
      checkOffline: unused,
      migrate: unused,
      setUpBroker: unused,
      explain: unused,
      story: unused,
      backup: unused,
      restore: unused,
      otrsGuide: unused,
      writeOtrsWebService: unused,
      letters: () => Promise.reject(new Error('no command here needs it')),
      sla: unused,
      rules: async (_, mappings = 'mappings') => ({ folder: mappings, policy: await loadPolicy(mappings) }),
      snapshots: async function* () {
        yield* snapshots;
      },
    },
    streams: {
      input: async function* () {},
      drained: async () => undefined,
      out: (text) => {
        said.out += text;
      },
      error: (text) => {
        said.error += text;
      },
    },
    signal: new AbortController().signal,
    login: 'petrova.2l',
    editor: undefined,
  });
  return { exitCode, ...said };
}

async function edit(from: string, to: string): Promise<void> {
  const file = join(folder, 'next', 'priority.yaml');
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}

const hanging = 'Система зависла и не отвечает уже 15 минут.';

describe('bridge mappings test', () => {
  test('says that the examples hold', async () => {
    expect(await run(['test'])).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^\d+ example\(s\) hold under rules/),
    });
  });

  test('names what does not, as text and as JSON', async () => {
    await edit('hang_minutes: 10', 'hang_minutes: 20');
    const text = await run(['test', '--mappings', join(folder, 'next')]);
    const json = await run(['test', '--mappings', join(folder, 'next'), '--json']);

    expect(text.exitCode).toBe(1);
    expect(text.out).toMatch(/priority\.yaml:\d+:\d+ «.*expect\.priority: expected 1 Критичный, found 3 Средний/);
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ failures: [{ clause: 'R31.5', expected: '1 Критичный' }] });
  });

  test('faults of the rules come as faults', async () => {
    await edit('hang_minutes: 10', 'hang_minutes: x');
    const json = await run(['test', '--mappings', join(folder, 'next'), '--json']);

    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ faults: [{ path: 'thresholds.hang_minutes' }] });
  });
});

describe('bridge mappings diff', () => {
  test('the same rules change nothing, and it says so', async () => {
    const { exitCode, out } = await run(['diff', 'mappings'], [stored('1', hanging)]);

    expect(exitCode).toBe(0);
    expect(out).toMatch(/^nothing changes for 1 ticket\(s\)/);
  });

  test('a threshold changes the priority of stored tickets, with rule and clause on either side', async () => {
    await edit('hang_minutes: 10', 'hang_minutes: 20');
    const { exitCode, out } = await run(
      ['diff', join(folder, 'next'), '--limit', '1'],
      [stored('1', hanging), stored('2', hanging), stored('3', 'Текст')],
    );

    expect(exitCode).toBe(0);
    expect(out).toContain('2  priority by the criteria: 1 Критичный -> 3 Средний');
    expect(out).toContain('before: hangs-without-response (R31.5)');
    expect(out).toContain('after:  no-criterion-is-met (R30)');
    expect(out).toContain('T1, and 1 more');
    expect(out).toContain('2 of 3 ticket(s) would be decided differently');
  });

  test('reads facts from a file, goes on after bad lines and fails at the end', async () => {
    await edit('hang_minutes: 10', 'hang_minutes: 20');
    const file = join(folder, 'tickets.ndjson');
    const lines = [
      `\uFEFF${writeFacts(factsOf('1', hanging))}`,
      '',
      'no json',
      '{"ticket":{"title":"a"}}',
      `${JSON.stringify({ at: '2026-11-23T10:00:00+03:00', ticket: { title: 'NTTM', text: hanging, service: 'NTTM: Техническая поддержка' } })}\r`,
    ];
    await writeFile(file, lines.join('\n'));
    const json = await run(['diff', join(folder, 'next'), '--file', file, '--json']);

    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      compared: 2,
      changed: 2,
      bad: [
        { where: `${file}:3`, error: expect.stringContaining('no JSON') },
        { where: `${file}:4`, error: expect.stringContaining('ticket.text is missing') },
      ],
    });
  });

  test.each([
    [['diff', 'mappings', '--at', 'yesterday'], /CASE_INVALID.*--at/],
    [['diff', 'mappings', '--file', '/nowhere/tickets.ndjson'], /FILE_UNUSABLE: .*ENOENT/],
    [['diff', 'mappings', '--file', 'mappings'], /FILE_UNUSABLE: .*EISDIR/],
    [['diff', 'nowhere'], /nowhere\/services\.yaml:1:1: the file is missing/],
    [['export', '--file', '/nowhere/out'], /FILE_UNUSABLE: .*ENOENT/],
  ])('%j is refused with the reason', async (words, message) => {
    const { exitCode, error } = await run(words);

    expect(exitCode).toBe(1);
    expect(error).toMatch(message);
  });

  test.each([['diff'], ['diff', 'mappings', '--limit', '-1'], ['export'], []])(
    '«%s %s» is wrong usage',
    async (...words) => {
      expect((await run(words)).exitCode).toBe(2);
    },
  );
});

test('what is exported can be compared', async () => {
  const file = join(folder, 'out.ndjson');
  const exported = await run(['export', '--file', file], [stored('1', hanging), stored('2', 'Текст')]);
  expect(exported).toMatchObject({ exitCode: 0, out: `2 ticket(s) written to ${file}\n` });
  const [first] = (await readFile(file, 'utf8')).split('\n');
  expect(JSON.parse(first ?? '')).toMatchObject({ at: NOW.toISO(), ticket: { ref: { id: '1' } } });

  expect((await run(['diff', 'mappings', '--file', file])).out).toMatch(/^nothing changes for 2/);
});
