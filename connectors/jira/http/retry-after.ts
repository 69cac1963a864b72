import { DateTime } from 'luxon';

/** By lower-case name. */
export type Headers = Readonly<Record<string, unknown>>;

/** Longest wait that is believed: the longest budget of JIRA Cloud is an hour's, and a ticket must not sleep for years. */
const LONGEST_WAIT_MS = 3_600_000;

/** No wait has so many seconds: a number beyond it is a moment since 1970, as proxies write it, in seconds or milliseconds. */
const LEAST_MOMENT_S = 1e9;
const LEAST_MOMENT_MS = 1e12;

/**
 * Milliseconds that a refused call is told to wait, by `Retry-After` in seconds or as a date, else by the end of the
 * window (Cloud), else by the interval in which Data Center refills the bucket. Undefined where nothing says so, or 0 does.
 */
export function waitToldBy(headers: Headers, now: DateTime): number | undefined {
  const told = headers['retry-after'] ?? headers['x-ratelimit-reset'] ?? headers['x-ratelimit-interval-seconds'];
  return waitIn(told, now);
}

/** As `waitToldBy`, by `Retry-After` alone: the others stand in good answers, too. */
export function retryAfterIn(headers: Headers, now: DateTime): number | undefined {
  return waitIn(headers['retry-after'], now);
}

function waitIn(told: unknown, now: DateTime): number | undefined {
  if (typeof told !== 'string') {
    return undefined;
  }

  const text = told.trim();
  const ms = /^\d+(\.\d+)?$/u.test(text) ? millisOf(Number(text), now) : momentIn(text).diff(now).milliseconds;
  return ms > 0 ? Math.min(ms, LONGEST_WAIT_MS) : undefined;
}

function millisOf(number: number, now: DateTime): number {
  if (number < LEAST_MOMENT_S) {
    return number * 1_000;
  }

  return (number < LEAST_MOMENT_MS ? number * 1_000 : number) - now.toMillis();
}

function momentIn(text: string): DateTime {
  const http = DateTime.fromHTTP(text);
  return http.isValid ? http : DateTime.fromISO(text, { zone: 'utc' });
}
