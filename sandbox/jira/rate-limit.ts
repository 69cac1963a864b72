import { DateTime } from 'luxon';
import type { DialectName } from './dialect.ts';
import type { Reply } from './faults.ts';

/** A bucket of calls that fills up again. */
export interface RateLimit {
  /** Calls that fit into the bucket; it is full at first. */
  readonly limit: number;
  /** Calls that come back in each interval. */
  readonly fillRate: number;
  readonly intervalSeconds: number;
  /** How the time to wait is told; in seconds if nothing is said. */
  readonly retryAfter?: 'seconds' | 'date';
}

export interface RateLimiter {
  /** Undefined switches it off, as it is at first. */
  set(limit: RateLimit | undefined): void;
  /** Takes a call out of the bucket: what every answer tells, and the refusal if the bucket is empty. */
  admit(): { readonly headers: Readonly<Record<string, string>>; readonly refusal?: Reply };
}

export function createRateLimiter(dialect: DialectName, now: () => DateTime): RateLimiter {
  let limit: RateLimit | undefined;
  let tokens = 0;
  let filledAt = 0;

  const fill = ({ limit: most, fillRate, intervalSeconds }: RateLimit) => {
    const intervals = Math.floor((now().toMillis() - filledAt) / (intervalSeconds * 1_000));
    if (intervals > 0) {
      tokens = Math.min(most, tokens + intervals * fillRate);
      filledAt += intervals * intervalSeconds * 1_000;
    }
  };

  return {
    set: (wanted) => {
      limit = wanted;
      tokens = wanted?.limit ?? 0;
      filledAt = now().toMillis();
    },
    admit: () => {
      if (limit === undefined) {
        return { headers: {} };
      }

      fill(limit);
      const isAllowed = tokens > 0;
      tokens -= isAllowed ? 1 : 0;
      const freeAt = DateTime.fromMillis(filledAt + limit.intervalSeconds * 1_000, { zone: 'utc' });
      const waitMs = tokens > 0 ? 0 : freeAt.toMillis() - now().toMillis();
      const headers = headersOf(limit, tokens, isAllowed, waitMs, freeAt, dialect);
      return isAllowed ? { headers } : { headers, refusal: refusal(dialect) };
    },
  };
}

function headersOf(
  { limit, fillRate, intervalSeconds, retryAfter }: RateLimit,
  tokens: number,
  isAllowed: boolean,
  waitMs: number,
  freeAt: DateTime,
  dialect: DialectName,
): Readonly<Record<string, string>> {
  const told = retryAfter === 'date' ? (freeAt.toHTTP() ?? '') : String(Math.ceil(waitMs / 1_000));
  if (dialect === 'cloud') {
    return isAllowed ? {} : { 'retry-after': told, 'ratelimit-reason': 'jira-burst-based' };
  }

  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(tokens),
    'x-ratelimit-fillrate': String(fillRate),
    'x-ratelimit-interval-seconds': String(intervalSeconds),
    // Zero while calls are left.
    'retry-after': tokens > 0 || isAllowed ? '0' : told,
  };
}

function refusal(dialect: DialectName): Reply {
  return {
    status: 429,
    body: dialect === 'cloud' ? { errorMessages: ['Rate limit exceeded'] } : { message: 'Rate limit exceeded.' },
  };
}
