import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { loadSettings } from '../../src/app/config.ts';
import { type App, migrate, type Observers, startApp } from '../../src/app.ts';
import type { Policy } from '../../src/domain/decide.ts';
import { type SandboxJira, startSandboxJira } from '../jira/server.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../otrs/server.ts';
import { BRIDGE_ID } from '../otrs/world.ts';
import { ensurePackages } from '../servers/debian-packages.ts';
import { freePort, isFree } from '../servers/free-port.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startRabbitmq } from '../servers/rabbitmq.ts';

export type Profile = 'embedded' | 'production';

/** Which JIRA takes part, and what of the shipped rules is another here. */
export interface Cast {
  readonly jira: 'datacenter' | 'cloud';
  readonly rules?: (shipped: Policy) => Policy;
  /** `known`: on the ports of the shipped configuration, where they are free; otherwise on any. */
  readonly ports?: 'known' | 'any';
}

/** A help desk, an issue tracker and the bridge between them, all on this machine. */
export interface Scene {
  readonly otrs: SandboxOtrs;
  readonly jira: SandboxJira;
  readonly app: App;
  stop(): Promise<void>;
}

const SECRET = 'sandbox-webhook-secret';

/**
 * Starts both sandboxes and a bridge on the shipped configuration: `config/bridge.yaml` with a fresh SQLite file, or
 * `config/bridge.production.yaml` with a private RabbitMQ and PostgreSQL.
 */
export async function startScene(
  profile: Profile,
  observers: Observers = {},
  cast: Cast = { jira: 'datacenter' },
): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'bridge-scene-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));

  const portOr = (known: number) => (cast.ports === 'known' ? portOrFree(known) : freePort());
  const port = await portOr(8400);
  const door = `http://127.0.0.1:${port}`;
  const otrs = await startSandboxOtrs({
    port: await portOr(8480),
    webhook: { url: `${door}/webhooks/otrs`, secret: SECRET, silentUserId: BRIDGE_ID },
  });
  stack.defer(() => otrs.stop());
  const jira = await startSandboxJira({
    dialect: cast.jira,
    port: await portOr(8490),
    hooks: [{ url: `${door}/webhooks/jira`, signatureSecret: SECRET, headers: { 'x-bridge-secret': SECRET } }],
  });
  stack.defer(() => jira.stop());

  const file = profile === 'embedded' ? 'config/bridge.yaml' : 'config/bridge.production.yaml';
  const environment = {
    BRIDGE_URL: door,
    OTRS_URL: otrs.url,
    OTRS_USER_ID: String(BRIDGE_ID),
    JIRA_URL: jira.url,
    OTRS_WEBHOOK_SECRET: SECRET,
    JIRA_WEBHOOK_SECRET: SECRET,
    ...(profile === 'embedded' ? {} : await startServers(folder, stack)),
  };
  Object.assign(process.env, environment);
  if (profile === 'production') {
    await migrate(file);
  }

  const login = { account: jira.account, ...(cast.jira === 'cloud' ? { email: jira.email } : {}) };
  const settings = await settingsOf(file, folder, port, login);
  const app = await startApp(
    { ...settings, policy: cast.rules?.(settings.policy) ?? settings.policy },
    {
      log: pino({ level: 'silent' }),
      ...observers,
    },
  );
  stack.defer(() => app.stop());
  const running = stack.move();
  return { otrs, jira, app, stop: () => running.disposeAsync() };
}

interface JiraLogin {
  readonly account: string;
  readonly email?: string;
}

/** The shipped configuration, moved to this scene's ports and folder and tuned to be quick to watch. */
async function settingsOf(file: string, folder: string, port: number, login: JiraLogin) {
  const { config, policy } = await loadSettings(file);
  return {
    policy,
    config: {
      ...config,
      http: { ...config.http, host: '127.0.0.1', port },
      store: config.store.kind === 'sqlite' ? { ...config.store, file: join(folder, 'bridge.sqlite') } : config.store,
      jira: { ...config.jira, ...login, settle_seconds: 1 },
      otrs: { ...config.otrs, settle_seconds: 1 },
    },
  };
}

/** Private servers, and the secrets that lead to them as files, as in production. */
async function startServers(folder: string, stack: AsyncDisposableStack): Promise<Record<string, string>> {
  ensurePackages(['postgresql', 'rabbitmq-server']);
  const [postgres, rabbitmq] = await Promise.all([
    startPostgres().then((server) => {
      stack.defer(() => server.stop());
      return server;
    }),
    startRabbitmq().then((server) => {
      stack.defer(() => server.stop());
      return server;
    }),
  ]);
  const secrets = {
    otrs_webhook_secret: SECRET,
    jira_webhook_secret: SECRET,
    postgres_url: postgres.url,
    rabbitmq_url: rabbitmq.url,
    otrs_password: 'bridge',
    jira_token: 'sandbox-token',
  };
  for (const [name, value] of Object.entries(secrets)) {
    await writeFile(join(folder, name), `${value}\n`, { mode: 0o600 });
  }
  return { SECRETS: folder };
}

/** The well-known port, or a free one where something else listens on it. */
async function portOrFree(wanted: number): Promise<number> {
  return (await isFree(wanted)) ? wanted : freePort();
}
