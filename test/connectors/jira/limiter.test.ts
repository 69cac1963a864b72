import { afterEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { createLimiter, type LimiterParts } from '../../../connectors/jira/http/limiter.ts';

const signal = new AbortController().signal;
const BEGUN = DateTime.fromISO('2026-11-23T10:00:00Z');

/** A clock that stands still until it is told to pass, and nothing is spread. */
const clock = { now: BEGUN, alarms: new Map<() => void, number>() };
afterEach(() => {
  clock.now = BEGUN;
  clock.alarms.clear();
});

const onTestClock = (rest: Partial<LimiterParts> = {}) =>
  createLimiter({
    now: () => clock.now,
    random: () => 0,
    wait: (ms, aborted) => {
      aborted.throwIfAborted();
      return new Promise((resolve, reject) => {
        clock.alarms.set(resolve, clock.now.toMillis() + ms);
        aborted.addEventListener('abort', () => reject(aborted.reason));
      });
    },
    ...rest,
  });

const untilNothingMoves = () => new Promise((resolve) => setImmediate(resolve));

/** Lets so much time pass, and everybody go on whose wait is over in it. */
async function pass(ms: number): Promise<void> {
  const until = clock.now.plus(ms);
  for (;;) {
    await untilNothingMoves();
    const next = Math.min(...clock.alarms.values());
    if (next > until.toMillis()) {
      clock.now = until;
      return;
    }
    clock.now = DateTime.fromMillis(next);
    for (const [ring, at] of [...clock.alarms]) {
      if (at <= next) {
        clock.alarms.delete(ring);
        ring();
      }
    }
  }
}

/** Milliseconds until each of so many calls is let through; those that wait longer than a minute are missing. */
async function paceOf(limiter: ReturnType<typeof createLimiter>, calls: number): Promise<readonly number[]> {
  const begun = clock.now;
  const pace: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    void limiter.admit(signal).then(() => pace.push(clock.now.diff(begun).toMillis()));
  }
  await pass(60_000);
  return pace;
}

const bucket = (remaining: string, rest: Readonly<Record<string, string>> = {}) => ({
  status: 200,
  headers: {
    'x-ratelimit-limit': '50',
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-fillrate': '10',
    'x-ratelimit-interval-seconds': '1',
    'retry-after': '0',
    ...rest,
  },
});

describe('the limiter of a JIRA client', () => {
  test('lets everything through while JIRA says nothing, or that there is room', async () => {
    const limiter = onTestClock();
    limiter.learn({ status: 200, headers: {} });
    limiter.learn(bucket('40'));

    expect(await paceOf(limiter, 50)).toEqual(Array.from({ length: 50 }, () => 0));
  });

  test('spreads calls over the refill, in the order of their coming, before JIRA refuses any', async () => {
    const limiter = onTestClock();
    limiter.learn(bucket('4'));
    const order: number[] = [];
    for (const call of [1, 2, 3, 4]) {
      void limiter.admit(signal).then(() => order.push(call));
    }
    const pace = await paceOf(limiter, 4);

    expect(order).toEqual([1, 2, 3, 4]);
    expect(pace).toEqual([800, 1_000, 1_200, 1_400]);
  });

  test('is quick again when the bucket has filled up', async () => {
    const limiter = onTestClock();
    limiter.learn(bucket('2'));
    await paceOf(limiter, 1);
    limiter.learn(bucket('30'));

    expect(await paceOf(limiter, 10)).toEqual(Array.from({ length: 10 }, () => 0));
  });

  test('lets waiting calls go as soon as there is room again', async () => {
    const limiter = onTestClock();
    limiter.learn(bucket('0'));
    const pace: number[] = [];
    for (let call = 0; call < 4; call += 1) {
      void limiter.admit(signal).then(() => pace.push(clock.now.diff(BEGUN).toMillis()));
    }
    await pass(50);
    limiter.learn(bucket('30'));
    await pass(60_000);

    expect(pace).toEqual([0, 100, 100, 100]);
  });

  test('slows where Cloud says that the limit is near', async () => {
    const limiter = onTestClock();
    limiter.learn({ status: 200, headers: { 'x-ratelimit-nearlimit': 'true' } });

    expect(await paceOf(limiter, 2)).toEqual([0, 1_000]);
  });

  test.each<[string, number, Readonly<Record<string, string>>, string, number]>([
    ['429 with seconds', 429, { 'retry-after': '60' }, 'RATE_LIMITED', 60],
    ['429 with a date', 429, { 'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT' }, 'RATE_LIMITED', 30],
    ['429 with the interval of the bucket', 429, { 'x-ratelimit-interval-seconds': '20' }, 'RATE_LIMITED', 20],
    ['429 with a moment of Cloud', 429, { 'x-ratelimit-reset': '2026-11-23T10:00:15Z' }, 'RATE_LIMITED', 15],
    ['429 with a moment in seconds', 429, { 'x-ratelimit-reset': '1795428015' }, 'RATE_LIMITED', 15],
    ['429 with a moment in milliseconds', 429, { 'retry-after': '1795428015000' }, 'RATE_LIMITED', 15],
    ['429 with a time past belief', 429, { 'retry-after': '99999999' }, 'RATE_LIMITED', 3_600],
    ['503 with a time', 503, { 'retry-after': '120' }, 'SYSTEM_FAILING', 120],
    ['the last token, with the time of the next', 200, bucket('0', { 'retry-after': '5' }).headers, 'RATE_LIMITED', 5],
  ])('after %s nothing of the client is sent before that', async (_, status, headers, code, seconds) => {
    const limiter = onTestClock();
    limiter.learn({ status, headers });

    await expect(limiter.admit(signal)).rejects.toMatchObject({ code, retryAfterMs: seconds * 1_000 });
    limiter.learn({ status: 200, headers: {} });
    await expect(limiter.admit(signal)).rejects.toMatchObject({ code });
    clock.now = clock.now.plus({ seconds });
    await expect(limiter.admit(signal)).resolves.toBeUndefined();
  });

  test('calls of one burst that are refused together count as one refusal', async () => {
    const limiter = onTestClock();
    for (let refusal = 0; refusal < 4; refusal += 1) {
      limiter.learn({ status: 429, headers: { 'retry-after': 'Mon, 23 Nov 2026 09:59:59 GMT' } });
    }
    clock.now = clock.now.plus({ milliseconds: 1_001 });

    expect(await paceOf(limiter, 4)).toEqual([0, 0, 0, 0]);
  });

  test('refusals that name no time are answered with longer and longer rests', async () => {
    const limiter = onTestClock();
    const rests: number[] = [];
    for (let refusal = 0; refusal < 9; refusal += 1) {
      limiter.learn({ status: 429, headers: {} });
      const error = (await limiter.admit(AbortSignal.abort()).catch((thrown: unknown) => thrown)) as {
        retryAfterMs?: number;
      };
      rests.push((error.retryAfterMs ?? 0) / 1_000);
      clock.now = clock.now.plus({ minutes: 2 });
    }

    // The first two are short enough to be waited for.
    expect(rests).toEqual([0, 0, 4, 8, 16, 32, 60, 60, 60]);
  });

  test('a short rest is waited for and not thrown', async () => {
    const limiter = onTestClock();
    limiter.learn({ status: 429, headers: { 'retry-after': '0.2' } });

    expect(await paceOf(limiter, 1)).toEqual([200]);
  });

  test('a limit on one issue holds up no other', async () => {
    const limiter = onTestClock();
    limiter.learn({
      status: 429,
      headers: { 'ratelimit-reason': 'jira-per-issue-on-write', 'retry-after': '60' },
    });

    await expect(limiter.admit(signal)).resolves.toBeUndefined();
  });

  test('«retry-after: 0», which every answer carries while there is room, makes nobody wait', async () => {
    const limiter = onTestClock();
    limiter.learn(bucket('20'));
    limiter.learn({ status: 503, headers: { 'retry-after': '0' } });

    await expect(limiter.admit(signal)).resolves.toBeUndefined();
  });

  test('tickets that have to wait do not all come back at once', async () => {
    let turn = 0;
    const random = () => {
      turn += 1;
      return (turn % 4) / 4;
    };
    const limiter = onTestClock({ random });
    limiter.learn({ status: 429, headers: { 'retry-after': '60' } });
    const waits = await Promise.all(
      [1, 2, 3].map(() => limiter.admit(signal).catch((thrown: { retryAfterMs: number }) => thrown.retryAfterMs)),
    );

    expect(new Set(waits).size).toBe(3);
    expect(Math.min(...waits.map(Number))).toBeGreaterThanOrEqual(60_000);
  });

  test('who is given up does not wait on', async () => {
    const limiter = onTestClock();
    limiter.learn({ status: 429, headers: { 'retry-after': '2' } });
    const giveUp = new AbortController();
    const waiting = limiter.admit(giveUp.signal);
    giveUp.abort();

    await expect(waiting).rejects.toThrow();
  });

  test('a clock that is put back does not make the rest longer', async () => {
    const limiter = onTestClock();
    limiter.learn({ status: 429, headers: { 'retry-after': '60' } });
    clock.now = clock.now.minus({ hours: 5 });

    await expect(limiter.admit(signal)).resolves.toBeUndefined();
  });

  test('what is left is told to who measures it', () => {
    const told: number[] = [];
    const limiter = onTestClock({ onRemaining: (calls) => told.push(calls) });
    limiter.learn(bucket('17'));
    limiter.learn({ status: 200, headers: {} });
    limiter.learn(bucket('0'));

    expect(told).toEqual([17, 0]);
  });
});
