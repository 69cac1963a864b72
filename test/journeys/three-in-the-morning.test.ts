import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import { loadSettings } from '../../src/app/config.ts';
import { type App, startApp } from '../../src/app.ts';

const TICKETS = 40;

/** With `DRILL=1` the test writes what docs/operations.md shows, and takes the commands along that only show. */
const isShown = process.env.DRILL !== undefined;

let jira: SandboxJira;
let otrs: SandboxOtrs;
let folder: string;
let app: App;

beforeAll(async () => {
  jira = await startSandboxJira();
  otrs = await startSandboxOtrs();
  folder = await mkdtemp(join(tmpdir(), 'bridge-night-'));
  await cp('mappings', join(folder, 'mappings'), { recursive: true });
  const text = await readFile('config/bridge.yaml', 'utf8');
  await writeFile(
    join(folder, 'bridge.yaml'),
    text
      .replace(/base_url: .*OTRS_URL.*/, `base_url: ${otrs.url}`)
      .replace(/base_url: .*JIRA_URL.*/, `base_url: ${jira.url}`)
      .replace('port: 8400', 'port: 0')
      // Nobody waits for the second sweep.
      .replace('every_seconds: 60', 'every_seconds: 1')
      .replaceAll('../var', '.')
      .replaceAll('../mappings', 'mappings'),
  );
}, 60_000);

afterAll(async () => {
  await app?.stop();
  await jira?.stop();
  await otrs?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A command as people type it, in a process of its own beside the running bridge. */
async function bridge(words: string): Promise<{ readonly code: number | null; readonly out: string }> {
  const child = spawn(
    process.execPath,
    [join(process.cwd(), 'src/main.ts'), ...words.split(' '), '--config', 'bridge.yaml'],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (isShown) {
    process.stdout.write(`$ npx bridge ${words}\n${out}\n`);
  }
  return { code, out };
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await isSo()); waited += 100) {
    if (waited > 90_000) {
      throw new Error(`never happened: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const place = join(folder, 'mappings', file);
  const text = await readFile(place, 'utf8');
  expect(text).toContain(from);
  await writeFile(`${place}.new`, text.replaceAll(from, to));
  await rename(`${place}.new`, place);
}

test('a wrong closure code stops forty tickets; its group is found, the rules are mended, the canary goes first, then the rest', async () => {
  await edit('closure.yaml', 'code: fixed,', 'code: fixt,');
  app = await startApp(await loadSettings(join(folder, 'bridge.yaml')), { log: pino({ level: 'silent' }) });
  const ids = Array.from({ length: TICKETS }, (_, index) => {
    const { id } = otrs.createTicket({
      service: 'NTTM: Техническая поддержка',
      type: 'Инцидент',
      state: 'В работе',
      priority: '3 Средний',
      title: `Отчёт № ${index + 1} не сходится`,
      text: 'Шаги: открыть отчёт 554321, нажать «Сверить». Ожидаю: суммы сходятся. Получаю: расходятся.',
    });
    otrs.moveToQueue(id, 'NTTM::3ЛТП');
    return id;
  });
  await app.sweepNow();
  const keyOf = (id: string) => String(otrs.ticket(id).fields.JiraKey ?? '');
  await until('all have issues', () => ids.every((id) => keyOf(id) !== ''));
  for (const id of ids) {
    jira.setFields(keyOf(id), {
      customfield_10200: 'Исправлен расчёт итоговых сумм в отчёте',
      components: [{ name: 'Интерфейс' }],
    });
    jira.transition(keyOf(id), 'Решено', { resolution: 'Исправлено' });
  }
  await app.sweepNow();
  const open = async () => (await app.store.deadLetters({ state: 'open', limit: 100 })).length;
  await until('all are stopped', async () => (await open()) === TICKETS);

  const groups = await bridge('dead-letters groups');
  expect(groups.out).toMatch(/^[0-9a-f]{12} {2}REFUSED {2}otrs {2}40 letters of 40 tickets, /);
  const fingerprint = groups.out.slice(0, 12);
  const oldest = await app.store.oldestLetter({ state: 'open', fingerprint });
  const show = await bridge(`dead-letters show ${oldest.id.slice(0, 8)}`);
  expect(show.out).toContain('fixt');
  if (isShown) {
    expect((await bridge('mappings test')).code).toBe(1);
  }

  const before = app.rules();
  await edit('closure.yaml', 'code: fixt,', 'code: fixed,');
  await until('the mended rules are in force', () => app.rules() !== before);
  expect((await bridge('mappings test')).code).toBe(0);
  const calls = otrs.calls.filter((operation) => operation === 'TicketUpdate').length;
  const dry = await bridge(`dead-letters replay --fingerprint ${fingerprint} --dry-run`);
  expect(dry.out).toMatch(/The first of \d+ letters[\s\S]*"Value": "fixed"[\s\S]*Nothing was sent\./);

  const replay = await bridge(`dead-letters replay --fingerprint ${fingerprint} --watch --as petrova.2l`);
  expect(replay.code).toBe(0);
  expect(replay.out).toMatch(/done: \d+ of \d+ mended, 0 failed again, 0 waiting, 0 to do/);
  expect(ids.map((id) => [otrs.ticket(id).state, otrs.ticket(id).fields.ClosureCode])).toEqual(
    ids.map(() => ['Закрыто', 'fixed']),
  );
  expect(await open()).toBe(0);
  expect(calls).toBeGreaterThan(0);
  expect(await app.store.jobs(1)).toMatchObject([{ by: 'petrova.2l', state: 'done' }]);
  if (isShown) {
    expect((await bridge('dead-letters')).out).toBe('no dead letters\n');
    expect((await bridge('dead-letters jobs')).out).toContain('by petrova.2l');
  }
}, 300_000);
