import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import { freePort } from '../../sandbox/servers/free-port.ts';
import { checkApp } from '../../src/app/check.ts';
import { loadSettings, type Settings } from '../../src/app/config.ts';
import { checkRoundTrip } from '../../src/app/round-trip.ts';
import { type App, startApp } from '../../src/app.ts';

const SECRET = 'round-trip-secret';
const log = pino({ level: 'silent' });
const signal = new AbortController().signal;
const now = () => DateTime.utc();

let stack: AsyncDisposableStack;
let otrs: SandboxOtrs;
let settings: Settings;
let number: string;
let id: string;

/** A bridge that runs or not, beside an OTRS whose webhooks lead to it or not. */
async function begin(webhooks: 'sent' | 'unsent', bridge: 'runs' | 'stopped' = 'runs'): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-round-trip-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const target = { url: `http://127.0.0.1:${port}/webhooks/otrs`, secret: SECRET };
  otrs = await startSandboxOtrs(webhooks === 'sent' ? { webhook: target } : {});
  stack.defer(() => otrs.stop());
  const jira: SandboxJira = await startSandboxJira();
  stack.defer(() => jira.stop());
  ({ id, number } = otrs.createTicket({ title: 'Заявка', text: 'Текст' }));
  const loaded = await loadSettings('config/bridge.yaml');
  const { config } = loaded;
  settings = {
    ...loaded,
    config: {
      ...config,
      http: {
        ...config.http,
        port,
        webhooks: { ...config.http.webhooks, otrs: { ...config.http.webhooks.otrs, shared_secret: SECRET } },
      },
      store: { kind: 'sqlite', file: join(folder, 'bridge.sqlite'), keep_snapshots: true, keep_exchanges: 'redacted' },
      otrs: { ...config.otrs, base_url: otrs.url },
      jira: { ...config.jira, base_url: jira.url },
    },
  };
  const app: App = await startApp(settings, { log });
  // What the opening of the ticket sent must not be taken for the change.
  await otrs.settled();
  if (bridge === 'stopped') {
    await app.stop();
  } else {
    stack.defer(() => app.stop());
  }
}

beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

/** What the check says where `change` is what a person does when asked. */
async function travel(change: () => void, seconds = 20) {
  const asked: string[] = [];
  const ask = (text: string) => {
    asked.push(text);
    change();
  };
  return { asked, findings: await checkRoundTrip(settings.config, { ticket: number, seconds, ask }, now, signal) };
}

describe('the round trip of a webhook', () => {
  test('is proven by a change that a person makes when asked', async () => {
    await begin('sent');
    const { asked, findings } = await travel(() => otrs.addArticle(id, { text: 'Заметка' }));

    expect(asked).toEqual([expect.stringContaining(`change ticket ${number} in OTRS as a person`)]);
    expect(findings).toEqual([
      { level: 'ok', subject: 'webhooks: round trip', message: expect.stringMatching(/came after \d+ s\.$/) },
    ]);
  }, 60_000);

  test('fails where the ticket was changed and no webhook came', async () => {
    await begin('unsent');
    const { findings } = await travel(() => otrs.setPriority(id, '1 Критичный'), 3);

    expect(findings).toEqual([
      {
        level: 'error',
        subject: 'webhooks: round trip',
        message: expect.stringMatching(/no webhook came[\s\S]*daemon/),
      },
    ]);
  }, 60_000);

  test('proves nothing where nobody changed the ticket', async () => {
    await begin('sent');
    const { findings } = await travel(() => {}, 2);

    expect(findings).toEqual([
      { level: 'warning', subject: 'webhooks: round trip', message: expect.stringContaining('nothing is proven') },
    ]);
  }, 60_000);

  test('an earlier webhook about the ticket is not taken for the one that is waited for', async () => {
    await begin('sent');
    otrs.addArticle(id, { text: 'Раньше' });
    await otrs.settled();
    const { findings } = await travel(() => {}, 2);

    expect(findings.map(({ level }) => level)).toEqual(['warning']);
  }, 60_000);

  test('says that no bridge runs, and names an unknown ticket', async () => {
    await begin('sent', 'stopped');
    const { findings } = await travel(() => {}, 1);
    expect(findings[0]).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('No running bridge answers'),
    });

    const ask = () => {};
    expect(await checkRoundTrip(settings.config, { ticket: '2026000000000000', seconds: 1, ask }, now, signal)).toEqual(
      [{ level: 'error', subject: 'webhooks: round trip', message: expect.stringContaining('2026000000000000') }],
    );
  }, 60_000);
});

describe('the check of webhooks', () => {
  const about = async () =>
    (await checkApp(settings, now, signal)).filter(({ subject }) => subject === 'webhooks: otrs');

  test('says that none has come yet, and how to wait for one', async () => {
    await begin('unsent');
    expect(await about()).toEqual([
      { level: 'warning', subject: 'webhooks: otrs', message: expect.stringContaining('--round-trip') },
    ]);
  }, 60_000);

  test('says when the last one came', async () => {
    await begin('sent');
    otrs.addArticle(id, { text: 'Заметка' });
    await otrs.settled();
    expect(await about()).toEqual([
      { level: 'ok', subject: 'webhooks: otrs', message: expect.stringContaining('The last one came') },
    ]);
  }, 60_000);
});
