import type { DateTime } from 'luxon';
import type { BridgeError } from '../errors.ts';
import type { Release } from '../store/store.ts';

export type Later = Extract<Release, { outcome: 'later' }>;

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
const SHORTEST_WAIT_MS = 500;

/** Milliseconds until the next try after `attempt` failures in a row: doubling, spread by a quarter, at most 15 minutes. */
export function pauseAfter(attempt: number, random: number): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 20), LONGEST_PAUSE_MS);
  return Math.round(pause * (0.75 + random / 2));
}

/**
 * When to look again after an error. An outage, a parked mapping, a rate limit and a doubt that has to settle spend no
 * attempt; everything else counts one.
 * `random` is in [0, 1).
 */
export function settle(error: BridgeError, attempt: number, now: DateTime, random: number): Later {
  const isFree =
    error.disposition === 'outage' ||
    error.disposition === 'parked' ||
    error.code === 'RATE_LIMITED' ||
    error.code === 'EFFECT_SETTLING';
  const spent = isFree ? attempt : attempt + 1;
  const pause = Math.max(error.retryAfterMs ?? pauseAfter(Math.max(spent, 1), random), SHORTEST_WAIT_MS);
  return {
    outcome: 'later',
    nextLookAt: now.plus({ milliseconds: pause }),
    attempt: spent,
    reason: `${error.code}: ${error.message}`,
  };
}

/** The errors of one look hold back only their own systems, so the one that is over first says when to look again. */
export function settleAll(errors: readonly BridgeError[], attempt: number, now: DateTime, random: number): Later {
  const releases = errors.map((error) => settle(error, attempt, now, random));
  return releases.reduce((first, each) => (each.nextLookAt < first.nextLookAt ? each : first));
}
