import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import { freePort } from '../../sandbox/servers/free-port.ts';
import { loadSettings } from '../../src/app/config.ts';
import { type App, startApp } from '../../src/app.ts';
import type { Policy } from '../../src/domain/decide.ts';
import type { ReadTicket } from './otrs/agent.ts';
import { type Otrs, startOtrs } from './otrs/set-up.ts';

const SECRET = 'end-to-end-secret';

/** A real help desk, a sandbox JIRA, and a bridge that can be stopped and started between them. */
export interface Rig {
  readonly otrs: Otrs;
  readonly jira: SandboxJira;
  readonly address: string;
  /** The bridge's SQLite file. */
  readonly store: string;
  readonly secret: string;
  app(): App;
  startBridge(): Promise<void>;
  stopBridge(): Promise<void>;
  /** Takes the store of a stopped bridge away. */
  loseStore(): Promise<void>;
  /** The ticket as the help desk's own database has it. */
  ticket(id: string): Promise<ReadTicket>;
  stop(): Promise<void>;
}

/** `rules` changes the shipped rules for the bridge. */
export async function startRig(rules: (shipped: Policy) => Policy = (shipped) => shipped): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'bridge-e2e-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const otrs = await startOtrs({
    hooks: { url: `${address}/webhooks/otrs`, secret: SECRET },
    onStep: (step, ms) => console.log(`help desk: ${step} ${(ms / 1000).toFixed(1)} s`),
  });
  stack.defer(() => otrs.stop());
  const jira = await startSandboxJira({
    hooks: [{ url: `${address}/webhooks/jira`, headers: { 'x-bridge-secret': SECRET } }],
  });
  stack.defer(() => jira.stop());
  Object.assign(process.env, {
    OTRS_URL: otrs.baseUrl,
    OTRS_LOGIN: otrs.bridge.login,
    OTRS_PASSWORD: otrs.bridge.password,
    OTRS_USER_ID: otrs.bridge.userId,
    OTRS_WEBHOOK_SECRET: SECRET,
    JIRA_WEBHOOK_SECRET: SECRET,
    JIRA_URL: jira.url,
  });

  const { config, policy } = await loadSettings('config/bridge.yaml');
  const settings = {
    policy: rules(policy),
    config: {
      ...config,
      http: { ...config.http, port },
      store: {
        kind: 'sqlite' as const,
        file: join(folder, 'bridge.sqlite'),
        keep_snapshots: true,
        keep_exchanges: 'redacted' as const,
      },
      // Sweeps run when a test asks for them.
      sweep: { ...config.sweep, every_seconds: 1 },
      otrs: { ...config.otrs, web_service: otrs.webService },
    },
  };
  let app: App | undefined;
  const stopBridge = async () => {
    await app?.stop();
    app = undefined;
  };
  stack.defer(stopBridge);
  const running = stack.move();

  return {
    otrs,
    jira,
    address,
    store: join(folder, 'bridge.sqlite'),
    secret: SECRET,
    app: () => {
      if (app === undefined) {
        throw new Error('the bridge is stopped');
      }
      return app;
    },
    startBridge: async () => {
      app = await startApp(settings, { log: pino({ level: process.env.BRIDGE_LOG ?? 'silent' }) });
    },
    stopBridge,
    loseStore: async () => {
      const files = (await readdir(folder)).filter((name) => name.startsWith('bridge.sqlite'));
      await Promise.all(files.map((name) => rm(join(folder, name))));
    },
    ticket: async (id) => {
      const found = await otrs.people.ticket(id);
      if (found === undefined) {
        throw new Error(`the help desk has no ticket ${id}`);
      }
      return found;
    },
    stop: () => running.disposeAsync(),
  };
}

/** Waits for what the bridge does by itself; hooks of a help desk may take seconds. */
export async function reached(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  patienceMs = 60_000,
): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > end) {
      throw new Error(`not reached in ${patienceMs / 1000} s: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
