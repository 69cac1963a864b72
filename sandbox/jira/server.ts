import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DateTime } from 'luxon';
import { createActions } from './actions.ts';
import { createBeans } from './beans.ts';
import { account, findUser, type User } from './catalogue.ts';
import { createCloudDialect, type DialectName, dataCenter } from './dialect.ts';
import { createFaults, type Fault, type RandomFaults, type Where } from './faults.ts';
import { flavourOf, type HookTarget } from './hook-delivery.ts';
import { createHooks, type Disturbance } from './hooks.ts';
import { type Administration, createAdministration, createInstallation } from './installation.ts';
import { type Call, createListener, type Listener, type Serving } from './listener.ts';
import { createPeople, type People } from './people.ts';
import { createRateLimiter, type RateLimit } from './rate-limit.ts';
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
  /** Data Center unless it says otherwise. */
  readonly dialect?: DialectName;
  /** Of Data Center, from 8 to 11; Cloud has none. */
  readonly version?: string;
  readonly now?: () => DateTime;
}

/** A JIRA Data Center or Cloud that keeps its state in memory: REST, webhooks, a page per issue, and troubles on demand. */
export interface SandboxJira extends People, Administration {
  readonly url: string;
  readonly token: string;
  readonly password: string;
  /** The account's e-mail address, which Cloud takes in place of a user name. */
  readonly email: string;
  /** What the account is known by: its user name, or its account id on Cloud. */
  readonly account: string;
  issue(idOrKey: string): Issue;
  issues(): readonly Issue[];
  readonly calls: readonly Call[];
  addHook(target: HookTarget): void;
  /** Resolves when no webhook is under way. */
  hooksIdle(): Promise<void>;
  hooksLost(): number;
  setIndexLag(milliseconds: number): void;
  failNext(fault: Fault, where?: Where): void;
  /** Strikes by dice until it is called with nothing. `calls` tell which requests were struck. */
  failRandomly(faults?: RandomFaults): void;
  /** Delays each answer by method and path below `/rest/api/<version>`, in milliseconds. */
  slow(delayOf: (method: string, path: string) => number): void;
  /** Switches the limit of calls on, or off with nothing. */
  setRateLimit(limit?: RateLimit): void;
  /** What goes wrong with webhooks from now on; nothing stands for undisturbed. */
  disturbHooks(disturbance?: Disturbance): void;
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
    version = options.dialect === 'cloud' ? '1001.0.0-SNAPSHOT' : '10.3.24',
    now = () => DateTime.now(),
  } = options;
  let port = options.port ?? 0;
  const url = () => `http://127.0.0.1:${port}`;
  const state = createState(now, options.indexLagMs ?? 0);
  const installation = createInstallation();
  const dialect = options.dialect === 'cloud' ? createCloudDialect() : dataCenter;
  const beans = createBeans({ state, url, timeZone, dialect, language: 'russian' });
  const englishBeans = createBeans({ state, url, timeZone, dialect, language: 'english' });
  const self = accountUser();
  const flavour = flavourOf(dialect.name, version);
  const hooks = createHooks({ beans, flavour, now: () => now().toMillis() }, options.hooks ?? []);
  const actions = createActions(state, installation, hooks.emit);
  const faults = createFaults();
  const limiter = createRateLimiter(dialect.name, now);
  const delays: Serving['delays'] = { of: () => 0 };
  const calls: Call[] = [];
  const context = { state, installation, dialect, actions, url, timeZone, version };
  const routers = {
    russian: createRouter({ ...context, beans }),
    english: createRouter({ ...context, beans: englishBeans }),
  };
  const hasPasswords = dialect.name === 'datacenter' && Number.parseInt(version, 10) < 11;
  const credentials = { dialect: dialect.name, token, password: hasPasswords ? password : undefined };
  const serve = createListener({
    routers,
    dialect,
    installation,
    state,
    hooks,
    flavour,
    limiter,
    faults,
    delays,
    calls,
    timeZone,
    credentials,
  });

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
    email: self.emailAddress,
    account: dialect.name === 'cloud' ? self.accountId : self.name,
    issue: state.get,
    issues: state.all,
    calls,
    addHook: hooks.add,
    hooksIdle: hooks.idle,
    hooksLost: hooks.lost,
    setIndexLag: state.setIndexLag,
    failNext: faults.failNext,
    failRandomly: faults.failRandomly,
    slow: (delayOf) => {
      delays.of = delayOf;
    },
    setRateLimit: limiter.set,
    disturbHooks: hooks.disturb,
    down,
    up,
    stop: async () => {
      await hooks.idle();
      await down();
    },
  };
}

function accountUser(): User {
  const user = findUser(account);
  if (user === undefined) {
    throw new Error('the account of the bridge is not among the users');
  }

  return user;
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
