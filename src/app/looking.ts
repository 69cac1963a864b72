import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { createAllowance } from '../files/allowance.ts';
import { createPartWith } from '../flow/gone-ticket.ts';
import type { PerformedAction } from '../flow/progress.ts';
import { createRoom } from '../flow/room.ts';
import { synchronise } from '../flow/synchronise.ts';
import { createTellDelay } from '../flow/tell-delay.ts';
import { type EndedLook, startWorker, type Worker } from '../flow/worker.ts';
import type { Metrics } from '../metrics.ts';
import { writeFacts } from '../replay/facts-file.ts';
import type { Store } from '../store/store.ts';
import type { AppConfig } from './config.ts';
import { watchEventLoop } from './event-loop.ts';
import type { ExchangeRecorder } from './exchanges.ts';
import type { NewsService } from './news.ts';
import { observeEffect, observeLook } from './observe.ts';
import type { Rules } from './rules.ts';
import type { Systems } from './systems.ts';
import type { LookTrace } from './trace.ts';

/** Who else wants to know what the bridge does, besides log, metrics and audit. */
export interface Observers {
  readonly log?: Logger;
  readonly onEffect?: (effect: PerformedAction) => void;
  readonly onLook?: (ended: EndedLook) => void;
}

interface Watching extends Observers {
  /** Names this bridge among others on the same store. */
  readonly owner: string;
  readonly news: Pick<NewsService, 'since'>;
  readonly recorder: Pick<ExchangeRecorder, 'watchCalls'>;
  readonly trace: LookTrace;
}

export interface Looking extends Worker {
  /** A webhook is at the door: it goes before the tickets in work. */
  visited(): void;
}

/** Workers that look at tickets by the rules in force. */
export function startLooking(
  { worker: options, store: { keep_snapshots: keepsSnapshots }, files }: AppConfig,
  rules: Rules,
  { desks }: Systems,
  store: Store,
  now: () => DateTime,
  log: Logger,
  metrics: Metrics,
  { owner, news: { since: newsSince }, recorder: { watchCalls }, trace, ...observers }: Watching,
): Looking {
  const onEffect = (effect: PerformedAction) => {
    observeEffect(effect, log, metrics);
    observers.onEffect?.(effect);
  };
  const context = {
    desks,
    store,
    policy: rules.policy,
    now,
    maxAttempts: options.max_attempts,
    startedAt: now(),
    filesFolder: files.folder,
    filesAhead: createAllowance(),
    log,
    watchCalls,
    onEffect,
    ...(keepsSnapshots ? { writeFacts } : {}),
    ...(newsSince === undefined ? {} : { newsSince }),
  };
  const room = createRoom(options.concurrency, { busy: watchEventLoop(), onMore: () => worker.wake() });
  const worker = startWorker(
    {
      concurrency: options.concurrency,
      leaseMs: options.lease_seconds * 1000,
      pollMs: options.poll_seconds * 1000,
      maxAttempts: options.max_attempts,
    },
    {
      store,
      owner,
      room: room.most,
      look: (claim, signal, stepAside) => trace.run(claim, () => synchronise(claim, context, signal, stepAside)),
      now,
      random: Math.random,
      log,
      watchCalls,
      tellDelay: createTellDelay(context),
      partWith: createPartWith({ ...context, onGone: () => metrics.goneTickets.inc() }),
      onLook: (ended) => {
        observeLook(ended, rules.policy().version, trace.callsOf(ended.claim), log, metrics);
        observers.onLook?.(ended);
      },
    },
  );
  return {
    wake: worker.wake,
    visited: room.visited,
    stop: async (graceMs) => {
      await worker.stop(graceMs);
      room.stop();
    },
  };
}
