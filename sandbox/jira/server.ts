import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DateTime } from 'luxon';
import { createActions } from './actions.ts';
import { createBeans } from './beans.ts';
import { createFaults, type Fault, type Where } from './faults.ts';
import { createHooks, type HookTarget } from './hooks.ts';
import { type Administration, createAdministration, createInstallation } from './installation.ts';
import { type Call, createListener, type Listener } from './listener.ts';
import { createPeople, type People } from './people.ts';
import { createRouter } from './routes.ts';
import { createState, type Issue } from './state.ts';

export type { Call };

export interface SandboxJiraOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly token?: string;
  readonly password?: string;
  readonly hooks?: readonly HookTarget[];
  /** How far the search index is behind the database, in milliseconds. */
  readonly indexLagMs?: number;
  /** Time zone of the account. */
  readonly timeZone?: string;
  readonly version?: string;
  readonly now?: () => DateTime;
}

/** A JIRA Data Center that keeps its state in memory: REST, webhooks, a page per issue, and troubles on demand. */
export interface SandboxJira extends People, Administration {
  readonly url: string;
  readonly token: string;
  readonly password: string;
  issue(idOrKey: string): Issue;
  issues(): readonly Issue[];
  readonly calls: readonly Call[];
  addHook(target: HookTarget): void;
  /** Resolves when no webhook is under way. */
  hooksIdle(): Promise<void>;
  hooksLost(): number;
  setIndexLag(milliseconds: number): void;
  failNext(fault: Fault, where?: Where): void;
  /** Connections are refused until `up`; nothing is forgotten. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSandboxJira(options: SandboxJiraOptions = {}): Promise<SandboxJira> {
  const {
    token = 'sandbox-token',
    password = 'sandbox-password',
    timeZone = 'Europe/Moscow',
    version = '10.3.24',
    now = () => DateTime.now(),
  } = options;
  let port = options.port ?? 0;
  const url = () => `http://127.0.0.1:${port}`;
  const state = createState(now, options.indexLagMs ?? 0);
  const installation = createInstallation();
  const beans = createBeans({ state, url, timeZone, language: 'russian' });
  const englishBeans = createBeans({ state, url, timeZone, language: 'english' });
  const hooks = createHooks(beans, () => now().toMillis(), options.hooks ?? []);
  const actions = createActions(state, installation, hooks.emit);
  const faults = createFaults();
  const calls: Call[] = [];
  const context = { state, installation, actions, url, timeZone, version };
  const routers = {
    russian: createRouter({ ...context, beans }),
    english: createRouter({ ...context, beans: englishBeans }),
  };
  const serve = createListener({ routers, state, faults, calls, timeZone, credentials: { token, password } });

  let server: Server | undefined;
  const up = async () => {
    if (server === undefined) {
      server = await listen(serve, port);
      port = (server.address() as AddressInfo).port;
    }
  };
  const down = async () => {
    await close(server);
    server = undefined;
  };
  await up();

  return {
    ...createPeople(state, installation, actions),
    ...createAdministration(installation),
    url: url(),
    token,
    password,
    issue: state.get,
    issues: state.all,
    calls,
    addHook: hooks.add,
    hooksIdle: hooks.idle,
    hooksLost: hooks.lost,
    setIndexLag: state.setIndexLag,
    failNext: faults.failNext,
    down,
    up,
    stop: async () => {
      await hooks.idle();
      await down();
    },
  };
}

function listen(listener: Listener, port: number): Promise<Server> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function close(server: Server | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (server === undefined) {
      resolve();
      return;
    }

    server.close(() => resolve());
    server.closeAllConnections();
  });
}
