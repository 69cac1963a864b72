import { afterEach, describe, expect, test } from '@jest/globals';
import { BridgeError, type BridgeErrorOptions, type Disposition, type ErrorCode } from '../../src/errors.ts';
import { pauseAfter, settle, settleAll } from '../../src/flow/settle.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { createMemoryDesk, createTestClock } from '../support/memory-desk.ts';
import { aTicket, NOW } from '../support/records.ts';

const secondsUntil = (release: ReturnType<typeof settle>) => release.nextLookAt?.diff(NOW).as('seconds');

describe('when a ticket is looked at again', () => {
  test.each<[ErrorCode, BridgeErrorOptions, number]>([
    ['SYSTEM_UNREACHABLE', {}, 3],
    ['LOGIN_REFUSED', {}, 3],
    ['RATE_LIMITED', { retryAfterMs: 7_000 }, 3],
    ['EFFECT_SETTLING', { retryAfterMs: 30_000 }, 3],
    ['SYSTEM_FAILING', { disposition: 'again', retryAfterMs: 1_000 }, 4],
    ['ANSWER_UNREADABLE', {}, 4],
    ['INTERNAL', {}, 4],
    ['OUTCOME_UNKNOWN', {}, 4],
    ['SCREEN_UNSUITABLE', {}, 3],
    ['LOGIN_REFUSED', { retryAfterMs: 900_000 }, 3],
    ['REFUSED', { disposition: 'again' }, 4],
  ])('%s %j leaves the count of attempts at %i after 3', (code, options, attempt) => {
    expect(settle(new BridgeError(code, 'x', options), 3, NOW, 0.5)).toMatchObject({ outcome: 'later', attempt });
  });

  test('the system’s own «wait» is obeyed', () => {
    expect(secondsUntil(settle(new BridgeError('RATE_LIMITED', 'x', { retryAfterMs: 42_000 }), 0, NOW, 0.9))).toBe(42);
  });

  test('pauses double, are spread by a quarter and end at a quarter of an hour', () => {
    expect([1, 2, 3, 4, 10, 1_000].map((attempt) => pauseAfter(attempt, 0.5) / 1_000)).toEqual([2, 4, 8, 16, 900, 900]);
    expect([pauseAfter(3, 0), pauseAfter(3, 0.999)]).toEqual([6_000, 9_996]);
  });

  test('of several errors the one that is over first decides', () => {
    const slow = new BridgeError('SYSTEM_FAILING', 'JIRA is down', { retryAfterMs: 60_000 });
    const quick = new BridgeError('RATE_LIMITED', 'OTRS asks to wait', { retryAfterMs: 2_000 });

    expect(secondsUntil(settleAll([slow, quick], 0, NOW, 0.5))).toBe(2);
  });
});

describe('what an action that fails leaves behind', () => {
  const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
  const signal = new AbortController().signal;
  let stop = async () => {};
  afterEach(() => stop());

  /** One look at a ticket whose issue cannot be opened. */
  async function lookAfter(error: BridgeError) {
    const jira = createMemoryDesk('jira', createTestClock(NOW).now);
    const rig = await createBridgeRig({ jira: { ...jira, open: () => Promise.reject(error) } });
    stop = rig.stop;
    rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
    await rig.tell(TICKET);
    await rig.work();

    const release = rig.looks.at(-1)?.release;
    const calls = rig.desks.jira.changedSince(NOW, undefined, signal);
    return {
      attempt: release !== undefined && 'attempt' in release ? release.attempt : 0,
      again: release?.outcome === 'later',
      letters: (await rig.letters()).map(({ code }) => code),
      inDoubt: (await rig.store.doubtful(TICKET)).length,
      gate: await calls.then(
        () => 'open',
        () => 'closed',
      ),
    };
  }

  test.each<[Disposition, ErrorCode, BridgeErrorOptions, Awaited<ReturnType<typeof lookAfter>>]>([
    ['outage', 'SYSTEM_FAILING', {}, { attempt: 0, again: true, letters: [], inDoubt: 0, gate: 'closed' }],
    [
      'outage',
      'LOGIN_REFUSED',
      { retryAfterMs: 60_000 },
      { attempt: 0, again: true, letters: [], inDoubt: 0, gate: 'closed' },
    ],
    [
      'again',
      'RATE_LIMITED',
      { retryAfterMs: 60_000 },
      { attempt: 0, again: true, letters: [], inDoubt: 0, gate: 'open' },
    ],
    ['again', 'ANSWER_UNREADABLE', {}, { attempt: 1, again: true, letters: [], inDoubt: 1, gate: 'open' }],
    ['in-doubt', 'OUTCOME_UNKNOWN', {}, { attempt: 1, again: true, letters: [], inDoubt: 1, gate: 'open' }],
    [
      'in-doubt',
      'LOGIN_REFUSED',
      { disposition: 'in-doubt' },
      { attempt: 1, again: true, letters: [], inDoubt: 1, gate: 'open' },
    ],
    ['dead', 'REFUSED', {}, { attempt: 0, again: false, letters: ['REFUSED'], inDoubt: 0, gate: 'open' }],
    ['parked', 'SCREEN_UNSUITABLE', {}, { attempt: 0, again: true, letters: [], inDoubt: 0, gate: 'open' }],
  ])('%s: %s %j', async (disposition, code, options, expected) => {
    const error = new BridgeError(code, 'JIRA answers', options);

    expect(error.disposition).toBe(disposition);
    expect(await lookAfter(error)).toEqual(expected);
  });
});
