import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { contentOf } from '../../sandbox/jira/file-content.ts';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import { BRIDGE_ID } from '../../sandbox/otrs/world.ts';
import { freePort } from '../../sandbox/servers/free-port.ts';
import { loadSettings, type Settings } from '../../src/app/config.ts';
import { type App, startApp } from '../../src/app.ts';
import { backupSqlite, restoreSqlite } from '../../src/store/sqlite-backup.ts';

const log = pino({ level: 'silent' });

let stack: AsyncDisposableStack;
let folder: string;
let otrs: SandboxOtrs;
let jira: SandboxJira;
let settings: Settings;
let app: App | undefined;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  folder = await mkdtemp(join(tmpdir(), 'bridge-restore-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  otrs = await startSandboxOtrs();
  stack.defer(() => otrs.stop());
  jira = await startSandboxJira();
  stack.defer(() => jira.stop());
  Object.assign(process.env, { OTRS_USER_ID: String(BRIDGE_ID) });
  const { config, policy } = await loadSettings('config/bridge.yaml');
  settings = {
    policy,
    config: {
      ...config,
      http: { ...config.http, port: await freePort() },
      store: { kind: 'sqlite', file: join(folder, 'bridge.db'), keep_snapshots: true, keep_exchanges: 'redacted' },
      sweep: { ...config.sweep, every_seconds: 1 },
      otrs: { ...config.otrs, base_url: otrs.url, settle_seconds: 1 },
      jira: { ...config.jira, base_url: jira.url, account: jira.account, settle_seconds: 1 },
    },
  };
});

afterAll(async () => {
  await app?.stop();
  await stack.disposeAsync();
});

/** No webhook comes: whatever the bridge finds, it finds by its sweeps, as after a restore. */
async function reached(what: string, found: () => boolean): Promise<void> {
  for (let waited = 0; !found() && waited < 40_000; waited += 100) {
    await app?.sweepNow();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect([what, found()]).toEqual([what, true]);
}

const ticket = (title: string) =>
  otrs.createTicket({
    service: 'NTTM: Техническая поддержка',
    type: 'Инцидент',
    state: 'В работе',
    priority: '3 Средний',
    ticketQueue: 'NTTM::3ЛТП',
    title,
    text: 'Шаги: открыть инцидент 554321, нажать «Отправить». Ожидаю: заявка создана. Получаю: ошибка 500.',
    attachments: [{ name: `${title}.txt`, contentType: 'text/plain', content: contentOf(Buffer.from(title)) }],
  });
const issueOf = (title: string) => jira.issues().find(({ values }) => JSON.stringify(values).includes(title));
const says = (id: string, text: string) => otrs.ticket(id).articles.filter(({ body }) => body.includes(text)).length;

test('a store that was set back opens no issue, carries no word and no file twice, and loses none', async () => {
  app = await startApp(settings, { log });
  const old = ticket('Старая');
  await reached('first issue', () => issueOf('Старая')?.attachments.length === 1);
  const backup = join(folder, 'backup.db');
  backupSqlite(settings.config.store.kind === 'sqlite' ? settings.config.store.file : '', backup);

  // What happens from here on the restored store knows nothing of.
  const fresh = ticket('Новая');
  jira.comment(issueOf('Старая')?.key ?? '', 'Слово после копии');
  await reached('second issue', () => issueOf('Новая')?.attachments.length === 1);
  await reached('word in the first ticket', () => says(old.id, 'Слово после копии') === 1);
  otrs.setState(fresh.id, 'Закрыто');
  await reached('link shown', () => otrs.ticket(fresh.id).state === 'Закрыто');
  await app.stop();

  const { file } = settings.config.store as { readonly file: string };
  restoreSqlite(backup, file);
  app = await startApp(settings, { log });
  await reached('the closed ticket is looked at', () => otrs.calls.length > 0);
  jira.comment(issueOf('Новая')?.key ?? '', 'Слово в закрытое');
  await reached('word in the closed ticket', () => says(fresh.id, 'Слово в закрытое') === 1);
  await new Promise((resolve) => setTimeout(resolve, 2_000));

  expect(jira.issues()).toHaveLength(2);
  expect(jira.issues().map(({ attachments }) => attachments.length)).toEqual([1, 1]);
  expect([says(old.id, 'Слово после копии'), says(fresh.id, 'Слово в закрытое')]).toEqual([1, 1]);
  expect(await app.store.deadLetters({ state: 'open', limit: 10 })).toEqual([]);
}, 120_000);
