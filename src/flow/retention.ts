import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { PrunedKind } from '../domain/pruned-kind.ts';
import { toBridgeError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { platformTimers, type Timers } from './timers.ts';

/** Days for which each kind is kept. */
export type RetentionDays = Readonly<Record<PrunedKind, number>>;

export interface RetentionContext {
  readonly store: Pick<Store, 'prune' | 'beginSweep'>;
  readonly now: () => DateTime;
  readonly log: Logger;
  readonly onPruned: (kind: PrunedKind, rows: number) => void;
  /** Absent: those of the platform. */
  readonly timers?: Timers;
}

export interface Retention {
  /** Prunes now, unless another instance has done so within the hour. */
  pruneNow(): Promise<void>;
  stop(): Promise<void>;
}

const EVERY_MS = 3_600_000;
/** A start has better things to do. */
const FIRST_MS = 60_000;
/** Rows that go in one statement: a few milliseconds for which others have to wait. */
const BATCH = 500;
const PAUSE_MS = 50;
/** No system can be called so. */
const TURN = '#retention';

/** Takes away what is old, one instance at a time, in small batches with pauses in which tickets go on. */
export function startRetention(days: RetentionDays, context: RetentionContext): Retention {
  const { store, now, log, onPruned, timers = platformTimers } = context;
  let isStopping = false;
  let running: Promise<void> | undefined;

  const pruneKind = async (kind: PrunedKind) => {
    const before = now().minus({ days: days[kind] });
    let rows = 0;
    for (let last = BATCH; last >= BATCH && !isStopping; ) {
      last = await store.prune(kind, before, BATCH);
      rows += last;
      if (last >= BATCH) {
        await new Promise<void>((resolve) => timers.once(PAUSE_MS, resolve));
      }
    }
    if (rows > 0) {
      onPruned(kind, rows);
    }
    return [kind, rows] as const;
  };

  const prune = async () => {
    try {
      if ((await store.beginSweep(TURN, EVERY_MS / 2, now())) === undefined) {
        return;
      }

      const pruned: (readonly [PrunedKind, number])[] = [];
      for (const kind of Object.keys(days) as PrunedKind[]) {
        pruned.push(await pruneKind(kind));
      }
      if (pruned.some(([, rows]) => rows > 0)) {
        log.info(Object.fromEntries(pruned), 'old records pruned');
      }
    } catch (thrown) {
      const { code, message } = toBridgeError(thrown);
      log.warn({ code, error: message }, 'old records not pruned; the next hour tries again');
    }
  };

  const pruneNow = () => {
    running ??= prune().finally(() => {
      running = undefined;
    });
    return running;
  };

  const stops = [timers.once(FIRST_MS, () => void pruneNow()), timers.every(EVERY_MS, () => void pruneNow())];
  return {
    pruneNow,
    stop: async () => {
      isStopping = true;
      for (const stop of stops) {
        stop();
      }
      await running;
    },
  };
}
