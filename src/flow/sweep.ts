import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { Change, Desk } from '../connector.ts';
import type { TicketEvent } from '../domain/event.ts';
import type { SystemName } from '../domain/ticket.ts';
import { toBridgeError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Desks } from './gather.ts';

export interface SweepOptions {
  readonly everyMs: number;
  /** How far a sweep reaches back behind the last one: longer than the worst delay of a search index. */
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
  /** Told of every change that a whole sweep saw. */
  readonly onSeen?: (system: SystemName, changes: readonly Change[]) => Promise<void>;
}

export interface SweepResult {
  readonly seen: number;
  /** Changes that no earlier sweep had seen. Webhooks may have told of them. */
  readonly news: number;
}

export interface Sweeper {
  /** Sweeps every system now, unless another instance is at it. */
  sweepNow(): Promise<void>;
  stop(): Promise<void>;
}

/** A change this young may be followed by another one within the same second, which looks the same from outside. */
const UNSETTLED_MS = 5_000;

/** A timer may ring a little early: share of the interval after which a turn counts as the next one. */
const PUNCTUALITY = 0.9;

/** Polls every system for what no webhook told, and makes those tickets due. The net under lost webhooks. */
export function startSweeper(options: SweepOptions, context: SweepContext): Sweeper {
  const stopping = new AbortController();
  const failing = new Set<SystemName>();
  let running: Promise<void> | undefined;

  const one = async (system: SystemName, desk: Desk) => {
    try {
      const result = await sweep(system, desk, options, context, stopping.signal);
      if (failing.delete(system)) {
        context.log.info({ system }, 'sweep works again');
      }
      if (result !== undefined) {
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

  const timer = setInterval(() => void sweepNow(), options.everyMs);
  void sweepNow();
  return {
    sweepNow,
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}

async function sweep(
  system: SystemName,
  desk: Desk,
  options: SweepOptions,
  { store, now, onSeen }: SweepContext,
  signal: AbortSignal,
): Promise<SweepResult | undefined> {
  const started = now();
  const turn = await store.beginSweep(system, options.everyMs * PUNCTUALITY, started);
  if (turn === undefined) {
    return undefined;
  }

  const since =
    earlier(turn.since, started)?.minus({ milliseconds: options.overlapMs }) ??
    started.minus({ milliseconds: options.firstLookBackMs });
  let cursor: string | undefined;
  const seen: Change[] = [];
  let news = 0;
  do {
    const page = await desk.changedSince(since, cursor, signal);
    const events = page.changes.map((change) => eventOf(change, started));
    const { accepted } = await store.accept(events, now());
    seen.push(...page.changes);
    news += accepted;
    cursor = page.next;
  } while (cursor !== undefined && !signal.aborted);

  signal.throwIfAborted();
  await store.endSweep(system, started);
  await onSeen?.(system, seen);
  return { seen: seen.length, news };
}

/** The same change seen by two sweeps is one event, once it is old enough to be told from the next one. */
function eventOf({ ref, changedAt }: Change, started: DateTime): TicketEvent {
  const age = started.diff(changedAt).milliseconds;
  // A clock that is ahead of ours, or a wrong zone, must not make every sweep see news.
  const isSettled = age > UNSETTLED_MS || age < 0;
  const version = isSettled ? changedAt.toMillis() : `${changedAt.toMillis()}~${started.toMillis()}`;
  return { id: `sweep:${ref.system}:${ref.id}:${version}`, ref, kind: 'changed', channel: 'sweep', at: started };
}

/** A clock that was set back must not make the sweep wait for the future. */
function earlier(moment: DateTime | undefined, now: DateTime): DateTime | undefined {
  return moment === undefined || moment < now ? moment : now;
}
