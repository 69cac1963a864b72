import { setTimeout as sleep } from 'node:timers/promises';
import type { DateTime } from 'luxon';
import { BridgeError, type ErrorCode } from '../../../src/errors.ts';
import { type Headers, retryAfterIn, waitToldBy } from './retry-after.ts';

/**
 * Keeps the whole client within the pace that JIRA allows: one for all calls of a connection, asked before each call
 * and told of each answer. It knows nothing of how calls are sent, so both dialects use it.
 */
export interface Limiter {
  /**
   * Resolves when the call may be sent. A wait of up to three seconds is waited for here and belongs to no call's time-out;
   * a longer one throws `RATE_LIMITED` (or `SYSTEM_FAILING` in maintenance) at once, so that it holds no worker.
   */
  admit(signal: AbortSignal): Promise<void>;
  /** What an answer says about the pace, whether it was good or not. */
  learn(answer: { readonly status: number; readonly headers: Headers }): void;
}

export interface LimiterParts {
  readonly now: () => DateTime;
  /** Calls that may be under way at a time; 4 if nothing is said. */
  readonly concurrency?: number;
  /** In [0, 1): waits are spread, lest several bridges and tickets come back at the same moment. */
  readonly random?: () => number;
  /** Resolves after so many milliseconds of the same clock as `now`, or rejects when the signal is aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told of the calls that are left before JIRA refuses, where it says so. */
  readonly onRemaining?: (calls: number) => void;
}

interface Rest {
  readonly code: ErrorCode;
  readonly since: number;
  readonly until: number;
}

const PATIENCE_MS = 3_000;

/** Below this share of the bucket calls are spread over the time in which it refills. */
const LOW_SHARE = 0.1;

/**
 * Longest pause between two calls of a client that is near its limit. A call is slowed but never refused while tokens are
 * left: what takes several calls would otherwise begin again and again and never end.
 */
const LONGEST_SPACING_MS = 2_000;

/** Where JIRA says that the limit is near, but not how fast there will be room again. */
const UNTOLD_SPACING_MS = 1_000;

/** How often a waiting call looks whether it still has to. */
const STEP_MS = 100;

/** After refusals that name no time, doubling. */
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/** Cloud’s limit on writes to one issue: it says nothing about calls for other issues. */
const OF_ONE_ISSUE = 'jira-per-issue-on-write';

export function createLimiter({
  now,
  concurrency = 4,
  random = Math.random,
  wait = (ms, signal) => sleep(ms, undefined, { signal }),
  onRemaining = () => {},
}: LimiterParts): Limiter {
  let rest: Rest | undefined;
  let spacingMs = 0;
  let lastSlot = 0;
  let refusals = 0;

  const millis = () => now().toMillis();

  const restFor = (code: ErrorCode, ms: number) => {
    const since = millis();
    const until = since + ms + random() * Math.min(ms / 10, 1_000);
    if (rest === undefined || until > rest.until) {
      rest = { code, since, until };
    }
  };

  /** A rest that lies further ahead than it can was set by a clock that has been put back since. */
  const restLeftMs = (): number => {
    const moment = millis();
    if (rest !== undefined && (moment >= rest.until || moment < rest.since)) {
      rest = undefined;
    }
    return rest === undefined ? 0 : rest.until - moment;
  };

  /** First come, first served: each call goes one space after the one before. */
  const takeSlot = (): number => {
    const moment = millis();
    const isPutBack = lastSlot > moment + LONGEST_REST_MS;
    lastSlot = spacingMs === 0 || isPutBack ? moment : Math.max(moment, lastSlot + spacingMs);
    return lastSlot;
  };

  const learnRefusal = (headers: Headers) => {
    if (headers['ratelimit-reason'] === OF_ONE_ISSUE) {
      return;
    }

    // Calls that were under way together are refused together.
    refusals += restLeftMs() === 0 || refusals === 0 ? 1 : 0;
    const untold = Math.min(FIRST_REST_MS * 2 ** Math.min(refusals - 1, 10), LONGEST_REST_MS);
    restFor('RATE_LIMITED', waitToldBy(headers, now()) ?? untold);
  };

  return {
    admit: async (signal) => {
      const slot = takeSlot();
      for (;;) {
        const restMs = restLeftMs();
        if (rest !== undefined && restMs > PATIENCE_MS) {
          throw resting(rest.code, restMs + random() * Math.min(restMs / 4, 10_000));
        }

        // Slots are void as soon as there is room again.
        const waitMs = Math.max(restMs, spacingMs === 0 ? 0 : slot - millis());
        if (waitMs <= 0) {
          signal.throwIfAborted();
          return;
        }
        await wait(Math.min(Math.ceil(waitMs), STEP_MS), signal);
      }
    },
    learn: ({ status, headers }) => {
      const remaining = numberIn(headers, 'x-ratelimit-remaining');
      if (remaining !== undefined) {
        onRemaining(remaining);
      }
      spacingMs = spacingTold(headers, status, concurrency) ?? spacingMs;

      const told = retryAfterIn(headers, now());
      if (status === 429) {
        learnRefusal(headers);
      } else if (status === 503 && told !== undefined) {
        restFor('SYSTEM_FAILING', told);
      } else if (remaining === 0 && told !== undefined) {
        restFor('RATE_LIMITED', told);
      } else if (status < 400) {
        refusals = 0;
      }
    },
  };
}

function resting(code: ErrorCode, retryAfterMs: number): BridgeError {
  const seconds = Math.ceil(retryAfterMs / 1_000);
  return new BridgeError(code, `JIRA asked for a pause: nothing is sent to it for ${seconds} s`, { retryAfterMs });
}

/** Pause between two calls; undefined where the answer says nothing about it, such as a proxy’s page. */
function spacingTold(headers: Headers, status: number, concurrency: number): number | undefined {
  const isNear = String(headers['x-ratelimit-nearlimit'] ?? '').toLowerCase() === 'true';
  const limit = numberIn(headers, 'x-ratelimit-limit');
  const remaining = numberIn(headers, 'x-ratelimit-remaining');
  if (limit === undefined || remaining === undefined) {
    return isNear ? UNTOLD_SPACING_MS : status < 400 ? 0 : undefined;
  }

  // As many as are left may be under way already.
  if (!isNear && remaining >= limit * LOW_SHARE && remaining > concurrency) {
    return 0;
  }

  const fill = numberIn(headers, 'x-ratelimit-fillrate');
  const interval = numberIn(headers, 'x-ratelimit-interval-seconds');
  if (fill === undefined || fill === 0 || interval === undefined) {
    return UNTOLD_SPACING_MS;
  }

  // No faster than the bucket fills up, and so that what is left lasts until it does: it may do so all at once.
  const calls = Math.min(fill, remaining + 1);
  return Math.min((interval * 1_000) / calls, LONGEST_SPACING_MS);
}

function numberIn(headers: Headers, name: string): number | undefined {
  const text = headers[name];
  return typeof text === 'string' && /^\d+(\.\d+)?$/u.test(text.trim()) ? Number(text) : undefined;
}
