import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import { openLetterOffice } from '../../src/app/letters.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { NOW } from '../support/records.ts';

let jira: SandboxJira;
let otrs: SandboxOtrs;
let folder: string;
let config: string;

beforeAll(async () => {
  jira = await startSandboxJira();
  otrs = await startSandboxOtrs();
  folder = await mkdtemp(join(tmpdir(), 'bridge-rehearsal-'));
  config = join(folder, 'bridge.yaml');
  const text = await readFile('config/bridge.yaml', 'utf8');
  await writeFile(
    config,
    text
      .replace(/base_url: .*OTRS_URL.*/, `base_url: ${otrs.url}`)
      .replace(/base_url: .*JIRA_URL.*/, `base_url: ${jira.url}`)
      .replaceAll('../var', '.')
      .replaceAll('../mappings', join(process.cwd(), 'mappings')),
  );
});

afterAll(async () => {
  await jira?.stop();
  await otrs?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A ticket that waits for its issue, and a letter about it. */
async function waitingTicket(): Promise<string> {
  const { id } = otrs.createTicket({
    title: 'Отчёт не сходится',
    text: 'Шаги: открыть отчёт 554321, нажать «Сверить». Ожидаю: суммы сходятся. Получаю: расходятся.',
    service: 'NTTM: Техническая поддержка',
    type: 'Инцидент',
    priority: '3 Средний',
  });
  otrs.moveToQueue(id, 'NTTM::3ЛТП');
  const store = openSqliteStore({
    file: join(folder, 'bridge.sqlite'),
    ticketSystem: 'otrs',
    log: pino({ level: 'silent' }),
  });
  await store.migrate();
  const ticket = { system: 'otrs', id: String(id) };
  await store.bury({ ticket, code: 'INTERNAL', message: 'x', details: {}, at: NOW });
  await store.close();
  return String(id);
}

describe('a dry run', () => {
  test('shows the calls as the connector would send them, secrets left out, and writes nothing anywhere', async () => {
    const id = await waitingTicket();
    const before = JSON.stringify(otrs.ticket(id));
    const rehearsal = await openLetterOffice(
      config,
      'look',
      () => NOW,
      async (office) => {
        const letter = await office.store.oldestLetter({ state: 'open' });
        return office.rehearse(letter, 'now', AbortSignal.timeout(20_000));
      },
    );

    const calls = rehearsal.steps.flatMap((step) => step.calls);
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toContain('POST /issue');
    expect(JSON.stringify(calls)).toContain('Отчёт не сходится');
    expect(JSON.stringify(calls)).not.toMatch(/sandbox-token|"bridge"/);
    expect(rehearsal.steps[0]?.because).not.toEqual([]);
    expect(jira.issues()).toEqual([]);
    expect(JSON.stringify(otrs.ticket(id))).toBe(before);
    expect(jira.calls.filter(({ method }) => method !== 'GET').filter(({ path }) => !/search/.test(path))).toEqual([]);
    expect(otrs.calls).not.toContain('TicketUpdate');
  });

  test('whoever looks cannot change anything', async () => {
    await waitingTicket();
    const acted = openLetterOffice(
      config,
      'look',
      () => NOW,
      async ({ store }) => {
        const letter = await store.oldestLetter({ state: 'open' });
        return store.discardLetter(letter, { who: 'petrova.2l', now: NOW, reason: 'x' });
      },
    );
    await expect(acted).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
