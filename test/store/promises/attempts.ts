import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../../src/domain/attempt.ts';
import type { Store } from '../../../src/store/store.ts';
import { begin, claimOne, commentOn, issue, letter, now, plus, type Subject, ticket } from './sample.ts';

const action = commentOn(issue('10042'), 'Прошу предоставить лог');

const attempt = (changes: Partial<Attempt> = {}): Attempt => ({
  key: action.key,
  system: 'jira',
  at: now,
  ms: 12,
  outcome: 'done',
  exchanges: [{ method: 'POST', path: '/issue/10042/comment', ms: 11, status: 201, answer: { id: '9001' } }],
  ...changes,
});

/** What is kept of each call, for people. */
export function describeAttempts(open: () => Promise<Subject>): void {
  describe('attempts', () => {
    let store: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(() => close());

    test('each call is on record with what was said, in the order of the calls', async () => {
      const claim = await begin(store);
      const failed = attempt({ outcome: 'in-doubt', code: 'OUTCOME_UNKNOWN', message: 'нет ответа\0', exchanges: [] });
      await store.intend(claim, action, now);
      await store.keepAttempt(claim, failed);
      await store.complete(claim, action, '9001', {}, plus(5), attempt({ at: plus(5) }));

      expect(await store.attempts(ticket('42'), { limit: 10 })).toEqual([
        { ...failed, message: 'нет ответа' },
        attempt({ at: plus(5) }),
      ]);
    });

    test('those of one action are found, the latest ones', async () => {
      const claim = await begin(store);
      await store.keepAttempt(claim, attempt({ key: 'move:otrs' }));
      for (const ms of [1, 2, 3]) {
        await store.keepAttempt(claim, attempt({ ms }));
      }

      const found = await store.attempts(ticket('42'), { key: action.key, limit: 2 });
      expect(found.map(({ ms }) => ms)).toEqual([2, 3]);
      expect(await store.attempts(ticket('4'), { limit: 10 })).toEqual([]);
    });

    test('a refusal and a call that was not executed keep theirs with the same commit', async () => {
      const claim = await begin(store);
      await store.intend(claim, action, now);
      await store.retract(claim, action, attempt({ outcome: 'outage', code: 'SYSTEM_UNREACHABLE' }));
      await store.intend(claim, action, plus(1));
      await store.refuse(claim, action, letter(), attempt({ outcome: 'dead', code: 'REFUSED' }));

      const found = await store.attempts(ticket('42'), { limit: 10 });
      expect(found.map(({ outcome, code }) => `${outcome} ${code}`)).toEqual([
        'outage SYSTEM_UNREACHABLE',
        'dead REFUSED',
      ]);
    });

    test('a holder who has lost the lease writes none', async () => {
      const late = await begin(store);
      await claimOne(store, plus(120_000));

      await expect(store.keepAttempt(late, attempt())).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect(await store.attempts(ticket('42'), { limit: 10 })).toEqual([]);
    });
  });
}
