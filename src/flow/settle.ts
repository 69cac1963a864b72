import type { DateTime } from 'luxon';
import type { BridgeError } from '../errors.ts';
import type { Release } from '../store/store.ts';

export type Later = Extract<Release, { outcome: 'later' }>;

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
const SHORTEST_WAIT_MS = 500;
const PARKED_PAUSE_MS = 60_000;
/** A ticket that waits for a system to come back is roused then; this is for the case that nobody does. */
const UNROUSED_PAUSE_MS = 30 * 60_000;

/** Milliseconds until the next try after `attempt` failures in a row: doubling, spread by a quarter, at most 15 minutes. */
export function pauseAfter(attempt: number, random: number): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 20), LONGEST_PAUSE_MS);
  return spread(pause, random);
}

/** Spread by a quarter, so that those who wait together do not all come back at once. */
function spread(pauseMs: number, random: number): number {
  return Math.round(pauseMs * (0.75 + random / 2));
}

/** Whether the error says nothing about the ticket itself, so that no attempt is spent. */
export function isFree({ code, disposition }: BridgeError): boolean {
  return disposition === 'outage' || disposition === 'parked' || code === 'RATE_LIMITED' || code === 'EFFECT_SETTLING';
}

/**
 * When to look again after an error. An outage, a parked mapping, a rate limit and a doubt that has to settle spend no
 * attempt; everything else counts one.
 * `random` is in [0, 1).
 */
export function settle(error: BridgeError, attempt: number, now: DateTime, random: number): Later {
  const spent = isFree(error) ? attempt : attempt + 1;
  const { waitsFor } = error;
  const pause = Math.max(askedPause(error, random) ?? pauseAfter(Math.max(spent, 1), random), SHORTEST_WAIT_MS);
  return {
    outcome: 'later',
    nextLookAt: now.plus({ milliseconds: pause }),
    attempt: spent,
    reason: `${error.code}: ${error.message}`,
    ...(waitsFor === undefined ? {} : { waitsFor }),
  };
}

/** Milliseconds that the error itself asks to wait; undefined if it does not. */
function askedPause({ disposition, waitsFor, retryAfterMs }: BridgeError, random: number): number | undefined {
  if (waitsFor !== undefined) {
    return spread(UNROUSED_PAUSE_MS, random);
  }

  return disposition === 'parked' ? spread(retryAfterMs ?? PARKED_PAUSE_MS, random) : retryAfterMs;
}

/** The errors of one look hold back only their own systems, so the one that is over first says when to look again. */
export function settleAll(errors: readonly BridgeError[], attempt: number, now: DateTime, random: number): Later {
  const releases = errors.map((error) => settle(error, attempt, now, random));
  return releases.reduce((first, each) => (each.nextLookAt < first.nextLookAt ? each : first));
}
