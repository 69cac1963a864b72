import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { Change, Desk } from '../connector.ts';
import type { TicketEvent } from '../domain/event.ts';
import type { SystemName } from '../domain/ticket.ts';
import { type BridgeError, toBridgeError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Desks } from './gather.ts';
import { platformTimers, type Timers } from './timers.ts';

export interface SweepOptions {
  readonly everyMs: number;
  /** How far a sweep reaches back behind what was seen: longer than the worst delay of a search index. */
  readonly overlapMs: number;
  /** How far the very first sweep of a system reaches back. */
  readonly firstLookBackMs: number;
}

export interface SweepContext {
  readonly desks: Desks;
  readonly store: Store;
  readonly now: () => DateTime;
  readonly log: Logger;
  readonly onSwept: (system: SystemName, result: SweepResult) => void;
  readonly witness?: Witness;
  /** Absent: those of the platform. */
  readonly timers?: Timers;
}

/** Learns from the sweeps what changed. */
export interface Witness {
  /** Whether it wants to know of this change; the others are not kept in memory. */
  concerns(system: SystemName, change: Change): boolean;
  /** Told of the changes of a whole sweep that concern it, by the bridge's clock. */
  seen(system: SystemName, changes: readonly Change[]): Promise<void>;
}

export interface SweepResult {
  readonly seen: number;
  /** Changes that no earlier sweep had seen. Webhooks may have told of them. */
  readonly news: number;
  /** From which moment on the system was asked, by its own clock. */
  readonly since: DateTime;
  /** Whether the system proved that everything was seen. Else the next sweep asks from the same moment again. */
  readonly isProven: boolean;
}

export interface Sweeper {
  /** Sweeps every system now, unless another instance is at it. */
  sweepNow(): Promise<void>;
  stop(): Promise<void>;
}

/** A change this young may be followed by another one within the same second, which looks the same from outside. */
const UNSETTLED_MS = 5_000;

/** How far the clock of a system that tells no time may be ahead of ours; a wrong zone is hours. */
const AHEAD_MS = 60_000;

const UNPROVEN_HELP =
  'The system answered, but nothing in its answer proves that it searches where it should. So every sweep asks from the same moment until one is proven. Usual where no record is visible yet; else a wrong name in what the sweep watches, or a lost permission: let `bridge check` look.';

/** A timer may ring a little early: share of the interval after which a turn counts as the next one. */
const PUNCTUALITY = 0.9;

/** Polls every system for what no webhook told, and makes those tickets due. The net under lost webhooks. */
export function startSweeper(options: SweepOptions, context: SweepContext): Sweeper {
  const stopping = new AbortController();
  const failing = new Set<SystemName>();
  const unproven = new Set<SystemName>();
  let running: Promise<void> | undefined;

  const tellProof = (system: SystemName, { since, isProven }: SweepResult) => {
    if (isProven && unproven.delete(system)) {
      context.log.info({ system }, 'sweep is proven again');
    } else if (!isProven && !unproven.has(system)) {
      unproven.add(system);
      context.log.warn({ system, since: since.toISO(), help: UNPROVEN_HELP }, 'sweep proves nothing');
    }
  };

  const one = async (system: SystemName, desk: Desk) => {
    try {
      const result = await sweep(system, desk, options, context, stopping.signal);
      if (failing.delete(system)) {
        context.log.info({ system }, 'sweep works again');
      }
      if (result !== undefined) {
        tellProof(system, result);
        context.onSwept(system, result);
      }
    } catch (thrown) {
      const error = toBridgeError(thrown);
      if (!failing.has(system) && !stopping.signal.aborted) {
        context.log.warn({ system, code: error.code, error: error.message }, 'sweep failed');
      }
      failing.add(system);
    }
  };

  const sweepNow = () => {
    running ??= Promise.all(Object.entries(context.desks).map(([system, desk]) => one(system, desk)))
      .then(() => undefined)
      .finally(() => {
        running = undefined;
      });
    return running;
  };

  const { timers = platformTimers } = context;
  const stop = timers.every(options.everyMs, () => void sweepNow());
  void sweepNow();
  return {
    sweepNow,
    stop: async () => {
      stop();
      stopping.abort();
      await running;
    },
  };
}

async function sweep(
  system: SystemName,
  desk: Desk,
  options: SweepOptions,
  { store, now, witness }: SweepContext,
  signal: AbortSignal,
): Promise<SweepResult | undefined> {
  const started = now();
  const turn = await store.beginSweep(system, options.everyMs * PUNCTUALITY, started);
  if (turn === undefined) {
    return undefined;
  }

  const giveWay = (thrown: unknown) => leaveTo(system, started, toBridgeError(thrown), store);
  const since =
    earlier(turn.since, started)?.minus({ milliseconds: options.overlapMs }) ??
    started.minus({ milliseconds: options.firstLookBackMs });
  const concerning: Change[] = [];
  let mark = turn.since;
  let isProven = false;
  let cursor: string | undefined;
  let seen = 0;
  let news = 0;
  do {
    const page = await desk.changedSince(since, cursor, signal).catch(giveWay);
    const read = now();
    const { accepted } = await store.accept(page.changes.map(eventOf(started, read, page.asOf)), read);
    seen += page.changes.length;
    news += accepted;
    const told = page.changes.map(byOurClock(started, page.asOf));
    concerning.push(...told.filter((change) => witness?.concerns(system, change)));
    cursor = page.next;

    const { completeBefore } = page;
    isProven = completeBefore !== undefined;
    if (completeBefore !== undefined && (cursor === undefined || mark === undefined || completeBefore > mark)) {
      await store.moveSweepMark(system, mark, completeBefore);
      mark = completeBefore;
    }
  } while (cursor !== undefined && !signal.aborted);

  signal.throwIfAborted();
  await witness?.seen(system, concerning);
  return { seen, news, since, isProven };
}

/** Where this instance cannot reach the system, another one may: it does not have to wait for the next turn. */
async function leaveTo(system: SystemName, begunAt: DateTime, error: BridgeError, store: Store): Promise<never> {
  if (error.disposition === 'outage') {
    // A store that is away tells so elsewhere; the turn that it keeps ends by itself.
    await store.leaveSweep(system, begunAt).catch(() => undefined);
  }
  throw error;
}

/**
 * The same change seen by two sweeps is one event, once it is old enough to be told from the next one. The clock of the
 * system was read before its list was, so what changed meanwhile is younger than that moment, and its second may go on.
 */
function eventOf(started: DateTime, read: DateTime, asOf: DateTime = started) {
  const tookMs = read.diff(started).milliseconds;
  return ({ ref, changedAt }: Change): TicketEvent => {
    const age = asOf.diff(changedAt).milliseconds;
    // A clock that is far ahead of ours, or a wrong zone, must not make every sweep see news.
    const isSettled = age > UNSETTLED_MS || age < -(tookMs + AHEAD_MS);
    const version = isSettled ? changedAt.toMillis() : `${changedAt.toMillis()}~${started.toMillis()}`;
    return { id: `sweep:${ref.system}:${ref.id}:${version}`, ref, kind: 'changed', channel: 'sweep', at: started };
  };
}

/** Clocks differ; what compares a change with what the bridge did needs its moment by the bridge's own. */
function byOurClock(started: DateTime, asOf: DateTime = started) {
  const ahead = asOf.diff(started);
  return (change: Change): Change => ({ ...change, changedAt: change.changedAt.minus(ahead) });
}

/** A clock that was set back must not make the sweep wait for the future. */
function earlier(moment: DateTime | undefined, now: DateTime): DateTime | undefined {
  return moment === undefined || moment < now ? moment : now;
}
