import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { toBridgeError } from '../errors.ts';
import type { Outbox, WaitingNews } from '../store/outbox.ts';
import { pauseAfter } from './settle.ts';
import { platformTimers, type Timers } from './timers.ts';

export interface RelayContext {
  readonly outbox: Outbox;
  /** Brings news to the broker, all at once; answers with the problem of each, or undefined for one that it has. */
  readonly publish: (news: readonly WaitingNews[]) => Promise<readonly (string | undefined)[]>;
  /** Names this process among others on the same store. */
  readonly owner: string;
  readonly now: () => DateTime;
  readonly random: () => number;
  readonly log: Logger;
  readonly onEnded: (outcome: 'sent' | 'dropped', count: number) => void;
  /** Absent: those of the platform. */
  readonly timers?: Timers;
}

export interface Relay {
  stop(): Promise<void>;
}

/** How often somebody looks for news, and how many go at a time. */
const EVERY_MS = 1_000;
const AT_A_TIME = 100;
/** The broker confirms or fails within seconds; a relay that stood still for longer is taken over from. */
const LEASE_MS = 30_000;
const PRUNE_EVERY_MS = 60_000;

/** How long and how much news wait for a broker that is away, and how long it is remembered what was told. */
export const WAITS_AT_MOST = { days: 7 };
export const MOST_WAITING = 100_000;
export const REMEMBERED = { days: 100 };

/**
 * Brings news from the store to the broker, one instance at a time, each at least once and in order within a ticket. Nothing
 * else waits for it: a broker that is away leaves the news where they are.
 */
export function startRelay(context: RelayContext): Relay {
  const { outbox, owner, now, log, timers = platformTimers } = context;
  let isStopping = false;
  let fault: string | undefined;
  let failures = 0;
  let prunedAt = 0;
  let wake = () => {};

  const fail = (reason: string) => {
    failures += 1;
    // One line for each new reason; a broker that is away for hours is not worth thousands.
    log[reason === fault ? 'debug' : 'warn']({ reason, failures }, 'news wait in the store');
    fault = reason;
  };

  /** True if there may be more at once. */
  const round = async (): Promise<boolean> => {
    // To look costs next to nothing; a turn is a write, and nobody needs one for nothing.
    const isPruneDue = Math.abs(now().toMillis() - prunedAt) >= PRUNE_EVERY_MS;
    if (!(isPruneDue || (await outbox.isAnything())) || !(await outbox.takeTurn(owner, LEASE_MS, now()))) {
      return false;
    }

    if (isPruneDue) {
      await prune();
    }
    const waiting = await outbox.waiting(AT_A_TIME);
    if (waiting.length === 0) {
      return false;
    }

    const problems = await context.publish(waiting);
    const sent = inOrder(waiting, problems);
    await outbox.sent(sent, now());
    context.onEnded('sent', sent.length);
    const problem = problems.find((each) => each !== undefined);
    if (problem !== undefined) {
      fail(problem);
      return false;
    }
    failures = 0;
    fault = undefined;
    return waiting.length === AT_A_TIME;
  };

  const prune = async () => {
    const moment = now();
    prunedAt = moment.toMillis();
    const bounds = { patience: moment.minus(WAITS_AT_MOST), memory: moment.minus(REMEMBERED), limit: MOST_WAITING };
    const dropped = await outbox.prune(bounds, moment);
    if (dropped > 0) {
      context.onEnded('dropped', dropped);
      log.error({ dropped, reason: fault }, 'news were given up: they waited too long, or too many waited');
    }
  };

  const run = async () => {
    while (!isStopping) {
      const isMore = await round().catch((thrown: unknown) => {
        fail(toBridgeError(thrown).message);
        return false;
      });
      if (!isMore && !isStopping) {
        await new Promise<void>((resolve) => {
          const cancel = timers.once(failures === 0 ? EVERY_MS : pauseAfter(failures, context.random()), resolve);
          wake = () => {
            cancel();
            resolve();
          };
        });
      }
    }
  };

  const running = run();
  return {
    stop: async () => {
      isStopping = true;
      wake();
      await running;
    },
  };
}

/** What need not be sent again: of each ticket everything up to its first failure, so that the order holds when it is repeated. */
function inOrder(news: readonly WaitingNews[], problems: readonly (string | undefined)[]): readonly string[] {
  const halted = new Set<string>();
  return news.flatMap(({ id, data: { ticket } }, index) => {
    if (problems[index] !== undefined && ticket !== undefined) {
      halted.add(ticket.id);
    }
    return problems[index] === undefined && (ticket === undefined || !halted.has(ticket.id)) ? [id] : [];
  });
}
