import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import { loadSettings } from '../../src/app/config.ts';
import { storedSnapshots } from '../../src/app/replay.ts';
import { type App, startApp } from '../../src/app.ts';

let jira: SandboxJira;
let otrs: SandboxOtrs;
let folder: string;
let app: App;
const lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  jira = await startSandboxJira();
  otrs = await startSandboxOtrs();
  folder = await mkdtemp(join(tmpdir(), 'bridge-rules-'));
  await cp('mappings', join(folder, 'mappings'), { recursive: true });
  const text = await readFile('config/bridge.yaml', 'utf8');
  await writeFile(
    join(folder, 'bridge.yaml'),
    text
      .replace(/base_url: .*OTRS_URL.*/, `base_url: ${otrs.url}`)
      .replace(/base_url: .*JIRA_URL.*/, `base_url: ${jira.url}`)
      .replace('port: 8400', 'port: 0')
      .replaceAll('../var', '.')
      .replaceAll('../mappings', 'mappings'),
  );
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  app = await startApp(await loadSettings(join(folder, 'bridge.yaml')), { log });
});

afterAll(async () => {
  await app?.stop();
  await jira?.stop();
  await otrs?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function until<Value>(what: string, ask: () => Promise<Value | undefined> | Value | undefined): Promise<Value> {
  const end = Date.now() + 20_000;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never happened: ${what}`);
}

/** As editors do: a new file takes the place of the old one. */
async function edit(file: string, from: string, to: string): Promise<void> {
  const place = join(folder, 'mappings', file);
  const text = await readFile(place, 'utf8');
  expect(text).toContain(from);
  await writeFile(`${place}.new`, text.replace(from, to));
  await rename(`${place}.new`, place);
}

const metric = async (name: string) =>
  (await (await fetch(`${app.address}/metrics`)).text()).split('\n').find((line) => line.startsWith(name));

const notes = async (id: string) =>
  (await app.store.auditTrail({ system: 'otrs', id })).filter(({ what }) => what === 'noted');

test('a threshold takes effect while the bridge runs, a broken file does not, and neither loses a ticket (R29, R31)', async () => {
  const { id } = otrs.createTicket({
    title: 'NTTM',
    text: 'Система зависла и не отвечает уже 15 минут.',
    service: 'NTTM: Техническая поддержка',
    type: 'Инцидент',
    priority: '3 Средний',
  });
  await app.sweepNow();
  const first = app.rules();
  const [noted] = await until('the disagreement is noted', async () => {
    const found = await notes(String(id));
    return found.length > 0 ? found : undefined;
  });
  expect(noted?.detail).toMatchObject({
    rules: first,
    because: [{ rule: 'priority-differs-from-the-criteria', clause: 'R31, R31.5' }],
  });

  await edit('priority.yaml', 'hang_minutes: 10', 'hang_minutes: 20');
  const second = await until('the new rules', () => (app.rules() === first ? undefined : app.rules()));
  const [, settled] = await until('the ticket is looked at again by itself', async () => {
    const found = await notes(String(id));
    return found.length > 1 ? found : undefined;
  });
  expect(settled?.detail).toEqual({ rules: second, because: [] });
  expect(await metric('bridge_rules_info')).toBe(`bridge_rules_info{version="${second}"} 1`);
  expect(await metric('bridge_rules_reloads_total{outcome="swapped"}')).toMatch(/ 1$/);
  expect(lines.find(({ msg, rules }) => msg === 'ticket looked at' && rules === second)).toBeDefined();

  await edit('priority.yaml', 'hang_minutes: 20', 'hang_minutes: двадцать');
  await until('the rules are stale', async () => (await metric('bridge_rules_stale'))?.endsWith(' 1') || undefined);
  expect(app.rules()).toBe(second);
  const complaint = lines.find(({ msg }) => msg === 'rules on disk are broken; the old ones stay in force');
  expect(JSON.stringify(complaint?.faults)).toMatch(
    /priority\.yaml:\d+:\d+ thresholds\.hang_minutes: expected a number/,
  );
  const ready = await fetch(`${app.address}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    parts: { rules: { ok: false, detail: expect.stringContaining(second) } },
  });

  await edit('priority.yaml', 'hang_minutes: двадцать', 'hang_minutes: 20');
  await until('the rules are in order', async () => (await metric('bridge_rules_stale'))?.endsWith(' 0') || undefined);
  expect(app.rules()).toBe(second);
  expect(await metric('bridge_rules_reloads_total{outcome="swapped"}')).toMatch(/ 1$/);

  const stored = await Array.fromAsync(storedSnapshots(join(folder, 'bridge.yaml')));
  expect(stored.map(({ ticket, rules }) => [ticket.id, rules])).toContainEqual([String(id), second]);
}, 90_000);
