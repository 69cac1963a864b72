import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { createActions } from './actions.ts';
import { createBeans } from './beans.ts';
import { createFaults, type Fault, isAfterEffect, type Reply, replyOf, type Where } from './faults.ts';
import { createHooks, type HookTarget } from './hooks.ts';
import { issuePage, listPage } from './page.ts';
import { createPeople, type People } from './people.ts';
import { Refusal } from './refusal.ts';
import { createRouter, type Router } from './routes.ts';
import { type Credentials, signIn } from './sign-in.ts';
import { createState, type Issue, type State } from './state.ts';

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

/** One request that arrived, for tests to look at. */
export interface Call {
  readonly method: string;
  /** Below `/rest/api/2`, without the query. */
  readonly path: string;
  readonly body: string;
}

/** A JIRA Data Center that keeps its state in memory: REST, webhooks, a page per issue, and troubles on demand. */
export interface SandboxJira extends People {
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
  const beans = createBeans(url, timeZone);
  const hooks = createHooks(beans, () => now().toMillis(), options.hooks ?? []);
  const actions = createActions(state, hooks.emit);
  const faults = createFaults();
  const calls: Call[] = [];
  const router = createRouter({ state, actions, beans, url, timeZone, version });
  const serve = createListener({ router, state, faults, calls, timeZone, credentials: { token, password } });

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
    ...createPeople(state, actions),
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

interface Serving {
  readonly router: Router;
  readonly state: State;
  readonly faults: ReturnType<typeof createFaults>;
  readonly calls: Call[];
  readonly timeZone: string;
  readonly credentials: Credentials;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

const API = '/rest/api/2';

function createListener(serving: Serving): Listener {
  return (request, response) => {
    serve(serving, request, response).catch((error: unknown) => {
      write(response, {
        status: 500,
        body: { errorMessages: ['Internal server error'], errors: {}, cause: String(error) },
      });
    });
  };
}

async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const method = request.method ?? 'GET';
  const body = await readAll(request);
  if (!pathname.startsWith(`${API}/`)) {
    write(response, showPage(pathname, serving));
    return;
  }

  const path = pathname.slice(API.length);
  serving.calls.push({ method, path, body });
  const fault = serving.faults.take(method, path);
  const reply = () => answer(serving, request, method, path, searchParams, body);
  if (fault === undefined) {
    write(response, reply());
    return;
  }

  const good = isAfterEffect(fault) ? reply() : undefined;
  if (fault.kind === 'slow') {
    await sleep(fault.milliseconds, undefined, { ref: false });
  }

  const trouble = fault.kind === 'slow' ? good : replyOf(fault);
  if (trouble === undefined) {
    response.destroy();
  } else {
    write(response, trouble);
  }
}

function answer(
  { router, credentials }: Serving,
  request: IncomingMessage,
  method: string,
  path: string,
  query: URLSearchParams,
  body: string,
): Reply {
  const user = signIn(request.headers, credentials);
  if (user === undefined) {
    return {
      status: 401,
      headers: { 'content-type': 'text/html;charset=UTF-8', 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
      body: '<html><h1>Unauthorized (401)</h1></html>',
    };
  }

  const headers = { 'x-ausername': user.name, 'x-seraph-loginreason': 'OK' };
  try {
    const reply = router(method, path, { user, query, body });
    return { ...reply, headers: { ...headers, ...reply.headers } };
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }

    return { status: error.status, headers, body: { errorMessages: error.messages, errors: error.fields } };
  }
}

function showPage(pathname: string, { state, timeZone }: Serving): Reply {
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  const key = decodeURIComponent(pathname.replace(/^\/browse\/?/, ''));
  const issue = state.all().find((each) => each.key === key);
  if (issue !== undefined) {
    return { status: 200, headers, body: issuePage(issue, timeZone) };
  }

  return pathname === '/' || key === ''
    ? { status: 200, headers, body: listPage(state.all()) }
    : {
        status: 404,
        headers,
        body: '<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><p>Такой задачи нет.</html>',
      };
}

function write(response: ServerResponse, { status, headers = {}, body }: Reply): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers });
  response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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
