import { describe, expect, test } from '@jest/globals';
import { BridgeError, type BridgeErrorOptions, type ErrorCode } from '../../src/errors.ts';
import { pauseAfter, settle, settleAll } from '../../src/flow/settle.ts';
import { NOW } from '../support/records.ts';

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
