import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Claim, Store } from '../../../src/store/store.ts';
import { begin, claimOne, commentOn, issue, letter, MINUTE, now, plus, type Subject } from './sample.ts';

/** What a worker may write that has lost its ticket. */
export function describeFences(open: () => Promise<Subject>): void {
  describe('fences', () => {
    let subject: Subject;
    let store: Store;

    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });

    afterEach(() => subject.close());

    const writes: readonly (readonly [string, (claim: Claim) => Promise<unknown>])[] = [
      ['remember', (claim) => store.remember(claim, { agreed: { issueState: 'Решено' } })],
      ['intend', (claim) => store.intend(claim, commentOn(issue('1'), 'ещё раз', 'comment:otrs:8'), now)],
      ['complete', (claim) => store.complete(claim, commentOn(issue('1'), 'текст'), '99', {}, now)],
      ['retract', (claim) => store.retract(claim, commentOn(issue('1'), 'текст'))],
      ['countUnsent', (claim) => store.countUnsent(claim, commentOn(issue('1'), 'текст'), now)],
      ['keepSnapshot', (claim) => store.keepSnapshot(claim, { at: now, isDone: false, rules: 'a', facts: '{}' })],
      ['refuse', (claim) => store.refuse(claim, commentOn(issue('1'), 'текст'), letter())],
    ];

    test.each(writes)('a worker that lost its ticket cannot %s', async (_, write) => {
      const lost = await begin(store);
      await store.intend(lost, commentOn(issue('1'), 'текст'), now);
      const holder = await claimOne(subject.other, plus(MINUTE));

      await expect(write(lost)).rejects.toMatchObject({ code: 'LEASE_LOST', disposition: 'again' });
      expect(await store.extend(lost, MINUTE, plus(MINUTE))).toBe(false);
      expect(await store.release(lost, { outcome: 'settled' }, plus(MINUTE))).toBe(false);
      expect(await store.link(lost.ticket)).toMatchObject({ agreed: {}, done: {}, refused: {} });
      expect(await store.intent(lost.ticket, 'comment:jira:17')).toMatchObject({ state: 'sending', attempts: 1 });
      expect(await store.intent(lost.ticket, 'comment:otrs:8')).toBeUndefined();
      expect(await store.deadLetters({ limit: 10 })).toEqual([]);
      expect(await store.snapshots({ limit: 10 })).toEqual([]);
      expect(await subject.other.release(holder, { outcome: 'settled' }, plus(MINUTE))).toBe(true);
    });

    test.each(writes)('a worker that gave its ticket back cannot %s', async (_, write) => {
      const claim = await begin(store);
      await store.release(claim, { outcome: 'settled' }, now);
      await expect(write(claim)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    });
  });
}
