import type { DateTime } from 'luxon';
import { BridgeError, toBridgeError } from '../../src/errors.ts';

/** Something of JIRA's that is read once and kept for a while; all who ask meanwhile share one read. */
export interface Kept<Value> {
  /** What was read at most `youngerThanMs` ago, or is read now. */
  get(signal: AbortSignal, youngerThanMs?: number): Promise<Value>;
  /** It may be wrong: who asks next has it read again. */
  drop(): void;
}

export const FRESH_MS = 10 * 60_000;

/** For this long a read that failed is not repeated. */
const REST_MS = 60_000;

interface Keeping<Value> {
  /** The signal is never that of one caller: others wait for the same read. */
  readonly read: (signal: AbortSignal) => Promise<Value>;
  readonly now: () => DateTime;
}

/** Where reading again fails, what was read before serves on: old names are better than none. */
export function keep<Value>({ read, now }: Keeping<Value>): Kept<Value> {
  let known: { readonly value: Value; readonly at: DateTime } | undefined;
  let failed: { readonly error: BridgeError; readonly at: DateTime } | undefined;
  let running: Promise<Value> | undefined;
  const everyone = new AbortController().signal;

  const start = (): Promise<Value> => {
    const reading: Promise<Value> = read(everyone).then(
      (value) => {
        if (running === reading) {
          known = { value, at: now() };
          failed = undefined;
        }
        return value;
      },
      (thrown: unknown) => {
        const error = toBridgeError(thrown);
        failed = isNotTold(error) ? { error, at: now() } : undefined;
        throw error;
      },
    );
    running = reading;
    const forget = () => {
      running = running === reading ? undefined : running;
    };
    // Those who wait are told; where nobody waits any more, nobody misses it.
    reading.then(forget, forget);
    return reading;
  };

  const isWithin = (at: DateTime, ms: number) => Math.abs(now().diff(at).milliseconds) < ms;

  return {
    get: async (signal, youngerThanMs = FRESH_MS) => {
      const old = known;
      if (old !== undefined && isWithin(old.at, youngerThanMs)) {
        return old.value;
      }

      const isResting = running === undefined && failed !== undefined && isWithin(failed.at, REST_MS);
      const work = isResting ? Promise.reject(failed?.error) : (running ?? start());
      return waitFor(work, signal).catch((thrown: unknown) => {
        if (old === undefined || signal.aborted) {
          throw thrown;
        }
        return old.value;
      });
    },
    drop: () => {
      known = undefined;
      failed = undefined;
      running = undefined;
    },
  };
}

/**
 * Whether JIRA works and just does not tell: no permission, no such thing, a path that a proxy hides. Where JIRA is away
 * or asks to slow down, everything has to wait.
 */
export function isNotTold({ code, disposition, details }: BridgeError): boolean {
  const isHidden = code === 'ANSWER_UNREADABLE' && typeof details.status === 'number' && details.status >= 400;
  return isHidden || (disposition !== 'outage' && code !== 'RATE_LIMITED');
}

/** Waits no longer than the caller may: what it waits for goes on for the others. */
async function waitFor<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const givenUp = Promise.withResolvers<never>();
  const giveUp = () => {
    givenUp.reject(new BridgeError('SYSTEM_UNREACHABLE', 'the bridge gave the call up before JIRA answered'));
  };
  if (signal.aborted) {
    giveUp();
  }
  signal.addEventListener('abort', giveUp, { once: true });
  return Promise.race([work, givenUp.promise]).finally(() => signal.removeEventListener('abort', giveUp));
}
