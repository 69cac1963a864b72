import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { DateTime, Duration, type DurationLikeObject } from 'luxon';
import { pino } from 'pino';
import { connectors } from '../connectors/registry.ts';
import { type SandboxJira, type SandboxJiraOptions, startSandboxJira } from '../sandbox/jira/server.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../sandbox/otrs/server.ts';
import { BRIDGE_ID } from '../sandbox/otrs/world.ts';
import type { Hint } from '../src/connector.ts';
import type { Ref } from '../src/domain/ticket.ts';
import { createAllowance } from '../src/files/allowance.ts';
import { startSweeper } from '../src/flow/sweep.ts';
import { synchronise } from '../src/flow/synchronise.ts';
import { loadPolicy } from '../src/policy/load.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import type { Claim } from '../src/store/store.ts';

/** The calls of one look, e.g. `POST /issue`, `TicketGet`; numbers and keys in addresses are left out. */
export interface Calls {
  readonly jira: readonly string[];
  readonly otrs: readonly string[];
}

/** The flow with the real desks on both sandboxes, one look at a time, every call counted. */
export interface CountedBridge {
  readonly otrs: SandboxOtrs;
  readonly jira: SandboxJira;
  /** Looks once at the ticket and answers with the calls that the look made. */
  look(ticket: Ref): Promise<Calls>;
  /** Takes the webhooks that have come since, looks at every ticket that is due, and answers with the calls of all that. */
  react(): Promise<Calls & { readonly looks: number }>;
  /** Asks both systems once what has changed; looks at nothing. */
  sweep(): Promise<Calls>;
  /** Hints of webhooks since the last question, in both systems. */
  hints(): Promise<readonly Hint[]>;
  /** Lets time go by, for both systems and the bridge. */
  pass(time: DurationLikeObject): void;
  stop(): Promise<void>;
}

export interface CountedBridgeOptions extends Omit<SandboxJiraOptions, 'now' | 'hooks'> {
  readonly jiraOptions?: object;
  readonly transport?: 'rest' | 'soap';
  /** Whether OTRS sends webhooks of the bridge's own changes too, against the conditions of its web service. */
  readonly isEchoing?: boolean;
}

const WEB_SERVICE = 'otrs-jira-bridge';

/** Of a working day: at night terms that begin at different moments end at the same one, and less is to be written. */
const MORNING = DateTime.fromISO('2026-11-24T06:00:00+03:00');

const log = pino({ level: 'silent' });

/** As after some hours of running: no ticket is older than the process, so nothing can have been forgotten. */
export async function startCountedBridge(
  mappings: string,
  { jiraOptions = {}, transport = 'rest', isEchoing = false, ...sandboxOptions }: CountedBridgeOptions = {},
): Promise<CountedBridge> {
  let passedMs = MORNING.diff(DateTime.utc()).toMillis();
  const now = () => DateTime.utc().plus(passedMs);
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'bridge-calls-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const listener = await listen();
  stack.defer(listener.stop);
  const otrs = await startSandboxOtrs({
    now,
    webhook: { url: `${listener.url}/otrs`, secret: 'x', ...(isEchoing ? {} : { silentUserId: BRIDGE_ID }) },
  });
  stack.defer(() => otrs.stop());
  const jira = await startSandboxJira({ ...sandboxOptions, now, hooks: [{ url: `${listener.url}/jira` }] });
  stack.defer(() => jira.stop());

  const connections = {
    otrs: connectors.otrs.connect(
      connectors.otrs.options.parse({
        base_url: otrs.url,
        transport,
        web_service: transport === 'soap' ? `${WEB_SERVICE}-soap` : WEB_SERVICE,
        login: 'bridge',
        password: 'bridge',
        user_id: BRIDGE_ID,
        time_zone: otrs.timeZone,
      }),
      { log, now, system: 'otrs' },
    ),
    jira: connectors.jira.connect(
      connectors.jira.options.parse({
        base_url: jira.url,
        token: jira.token,
        account: jira.account,
        ...(sandboxOptions.dialect === 'cloud' ? { email: jira.email } : {}),
        projects: ['OSSTTMB2B'],
        ...jiraOptions,
      }),
      { log, now, system: 'jira' },
    ),
  };
  const desks = { otrs: connections.otrs.desk, jira: connections.jira.desk };
  stack.defer(async () => {
    await Promise.all(Object.values(desks).map((desk) => desk.close()));
  });
  const store = openSqliteStore({ file: join(folder, 'bridge.sqlite'), ticketSystem: 'otrs', log });
  await store.migrate();
  stack.defer(() => store.close());
  const policy = await loadPolicy(mappings);
  const context = {
    desks,
    store,
    policy: () => policy,
    now,
    maxAttempts: 5,
    filesAhead: createAllowance(),
    startedAt: now().minus({ hours: 3 }),
    log,
    onEffect: () => {},
  };
  const signal = new AbortController().signal;
  let events = 0;

  const hints = async () => {
    await Promise.all([otrs.settled(), jira.hooksIdle()]);
    return listener.take().flatMap(({ system, ...webhook }) => [...connections[system].receive(webhook)]);
  };
  const tell = ({ ref, kind }: Hint) => {
    events += 1;
    return store.accept([{ id: `bench-${events}`, ref, kind, channel: 'webhook', at: now() }], now());
  };
  const count = async <Result>(work: () => Promise<Result>) => {
    const before = { jira: jira.calls.length, otrs: otrs.calls.length };
    const result = await work();
    const calls: Calls = {
      jira: jira.calls.slice(before.jira).map(({ method, path }) => `${method} ${nameless(path)}`),
      otrs: otrs.calls.slice(before.otrs),
    };
    return { result, calls };
  };
  const attend = async (claim: Claim) => {
    const { held, decision } = await synchronise(claim, context, signal);
    const { lookAgainAt } = decision;
    const next = lookAgainAt === undefined ? {} : { nextLookAt: lookAgainAt };
    await store.release(claim, { outcome: 'settled', ...next }, now());
    if (held[0] !== undefined) {
      throw held[0];
    }
  };
  const attendAll = async () => {
    let looks = 0;
    for (let due = await claimOne(); due !== undefined; due = await claimOne()) {
      await attend(due);
      looks += 1;
    }
    return looks;
  };
  const claimOne = async () => (await store.claim('bench', 1, 60_000, now()))[0];

  const running = stack.move();
  return {
    otrs,
    jira,
    hints,
    look: async (ticket) => {
      await tell({ ref: ticket, kind: 'changed' });
      const { calls } = await count(attendAll);
      return calls;
    },
    react: async () => {
      for (const hint of await hints()) {
        await tell(hint);
      }
      const { result: looks, calls } = await count(attendAll);
      return { ...calls, looks };
    },
    sweep: async () => {
      const sweeps = { everyMs: 1, overlapMs: 600_000, firstLookBackMs: 3_600_000 };
      const { calls } = await count(async () => {
        const sweeper = startSweeper(sweeps, { desks, store, now, log, onSwept: () => {} });
        await sweeper.sweepNow();
        await sweeper.stop();
      });
      return calls;
    },
    pass: (time) => {
      passedMs += Duration.fromObject(time).toMillis();
    },
    stop: () => running.disposeAsync(),
  };
}

function nameless(path: string): string {
  return path.replace(/\/\d+/g, '/…');
}

interface Heard {
  readonly system: 'otrs' | 'jira';
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

async function listen() {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const system = pathname === '/otrs' ? 'otrs' : 'jira';
    const body = await buffer(request);
    heard.push({ system, headers: request.headers, query: Object.fromEntries(searchParams), body });
    // OTRS takes an empty answer for a failure.
    response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => heard.splice(0),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
