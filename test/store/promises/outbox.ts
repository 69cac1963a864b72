import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { News } from '../../../src/domain/news.ts';
import type { Store } from '../../../src/store/store.ts';
import { begin, commentOn, issue, letter, linkTo, now, plus, type Subject, ticket } from './sample.ts';

const DAY = 86_400_000;

const opened = (id: string, at = now): News => ({
  id: `otrs/${id}:issue-opened:jira/1`,
  type: 'issue-opened',
  at,
  data: { ticket: ticket(id), issue: issue('1') },
});

const missed = (id: string, stage: 'reaction' | 'resolution', at = now): News => ({
  id: `otrs/${id}:deadline-missed:${stage}`,
  type: 'deadline-missed',
  at,
  data: { ticket: ticket(id), stage },
});

/** What other programs are told. */
export function describeOutbox(open: () => Promise<Subject>): void {
  describe('news', () => {
    let store: Store;
    let other: Store;
    let close: Subject['close'];

    const waiting = async () => (await store.outbox.waiting(10)).map(({ id }) => id);
    const types = async () => (await store.outbox.waiting(10)).map(({ type }) => type);

    beforeEach(async () => {
      ({ store, other, close } = await open());
      await store.outbox.since(now);
    });

    afterEach(() => close());

    test('are written together with what they tell, and with a stale fence neither is', async () => {
      const claim = await begin(store);
      const action = commentOn(issue('1'), 'x');
      await store.complete(claim, action, '17', { news: [opened('42')] }, now);
      expect(await waiting()).toEqual([opened('42').id]);

      const stale = { ...claim, fence: claim.fence - 1 };
      await expect(store.remember(stale, { news: [missed('42', 'reaction')] })).rejects.toMatchObject({
        code: 'LEASE_LOST',
      });
      await expect(store.outbox.tell(stale, [missed('42', 'reaction')])).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect(await waiting()).toEqual([opened('42').id]);
    });

    test('are told once, also after they were sent', async () => {
      const claim = await begin(store);
      await store.outbox.tell(claim, [missed('42', 'reaction')]);
      await store.outbox.tell(claim, [missed('42', 'reaction', plus(5)), missed('42', 'resolution')]);
      expect(await waiting()).toEqual([missed('42', 'reaction').id, missed('42', 'resolution').id]);
      await store.outbox.sent(await waiting(), plus(10));
      await store.outbox.tell(claim, [missed('42', 'reaction', plus(20))]);
      expect(await waiting()).toEqual([]);
    });

    test('keep their order within a ticket although clocks differ', async () => {
      const claim = await begin(store);
      await store.outbox.tell(claim, [missed('42', 'reaction', plus(50))]);
      await store.outbox.tell(claim, [missed('42', 'resolution', plus(-50))]);
      const news = await store.outbox.waiting(10);
      expect(news.map(({ data }) => data.stage)).toEqual(['reaction', 'resolution']);
      expect(news[1]?.at).toEqual(plus(-50));
      expect(news[1]?.position).toBeGreaterThan(news[0]?.position ?? 0);
    });

    test('of a dead letter follow from the letter, whoever changes it', async () => {
      const claim = await begin(store);
      const action = commentOn(issue('1'), 'Секрет: пароль 1234', 'comment:jira:17');
      await store.refuse(claim, action, letter({ ticket: ticket('42'), code: 'ATTEMPTS_EXHAUSTED' }));
      const [told] = await store.outbox.waiting(10);
      const [kept] = await store.deadLetters({ limit: 1 });
      expect(told).toMatchObject({
        type: 'dead-letter',
        data: { ticket: ticket('42'), letter: kept?.id, code: 'ATTEMPTS_EXHAUSTED', system: 'jira', action: 'comment' },
      });
      expect(JSON.stringify(told)).not.toContain('Секрет');

      await store.outbox.sent(await waiting(), plus(1));
      expect(await waiting()).toEqual([]);
      await store.complete(claim, action, '99', {}, plus(2));
      expect(await types()).toEqual(['dead-letter-resolved']);
      await store.outbox.sent(await waiting(), plus(3));
      expect(await waiting()).toEqual([]);
    });

    test('of a letter that opened and ended between two rounds are two, before what happened later', async () => {
      const claim = await begin(store);
      await store.bury(letter({ ticket: ticket('42'), code: 'RECORD_NOT_READABLE' }));
      await store.unbury(ticket('42'), plus(5));
      await store.outbox.tell(claim, [missed('42', 'resolution', plus(20))]);
      await store.bury(letter({ code: 'MESSAGE_UNREADABLE', at: plus(30) }));
      const first = await types();
      await store.outbox.sent(await waiting(), plus(40));
      expect([...first, ...(await types())]).toEqual([
        'dead-letter',
        'dead-letter-resolved',
        'deadline-missed',
        'dead-letter',
      ]);
    });

    test('of a letter that is opened again have an id of their own', async () => {
      await store.bury(letter({ ticket: ticket('42'), code: 'RECORD_NOT_READABLE' }));
      const ids = await waiting();
      await store.unbury(ticket('42'), plus(5));
      ids.push(...(await waiting()));
      await store.bury(letter({ ticket: ticket('42'), code: 'RECORD_NOT_READABLE' }));
      ids.push(...(await waiting()));
      expect(new Set(ids).size).toBe(3);
    });

    test('tell of a revision as of a letter of its own, and of what an operator does with it', async () => {
      await store.bury(letter({ code: 'MESSAGE_UNREADABLE', details: { body: 'мусор' } }));
      await store.outbox.sent(await waiting(), plus(1));
      const [buried] = await store.deadLetters({ limit: 1 });
      const by = { who: 'petrova.2l', reason: 'тест', now: plus(5) };
      if (buried === undefined) {
        throw new Error('there is no letter');
      }

      const revision = await store.reviseLetter(buried, { body: '{}' }, by);
      await store.discardLetter(revision, by);
      const told = await store.outbox.waiting(10);
      expect(told.map(({ type, data }) => [type, data.letter, data.outcome])).toEqual(
        expect.arrayContaining([
          ['dead-letter-resolved', buried.id, 'revised'],
          ['dead-letter', revision.id, undefined],
          ['dead-letter-resolved', revision.id, 'discarded'],
        ]),
      );
      expect(JSON.stringify(told)).not.toContain('petrova');
    });

    test('begin when somebody begins to listen: letters of before are old', async () => {
      await close();
      ({ store, other, close } = await open());
      await store.bury(letter({ ticket: ticket('42'), code: 'RECORD_NOT_READABLE' }));
      expect(await store.outbox.since(plus(5))).toEqual(plus(5));
      expect(await store.outbox.since(plus(9))).toEqual(plus(5));
      expect(await waiting()).toEqual([]);
      await store.unbury(ticket('42'), plus(10));
      expect(await types()).toEqual(['dead-letter-resolved']);
    });

    test('that wait are known without a turn, and so are letters of which nothing was told yet', async () => {
      const drain = async () => store.outbox.sent(await waiting(), now);
      expect(await other.outbox.isAnything()).toBe(false);
      const claim = await begin(store);
      await store.outbox.tell(claim, [missed('42', 'reaction')]);
      expect(await other.outbox.isAnything()).toBe(true);
      await drain();
      expect(await other.outbox.isAnything()).toBe(false);

      await store.bury(letter({ ticket: ticket('43') }));
      expect(await other.outbox.isAnything()).toBe(true);
      await drain();
      expect(await other.outbox.isAnything()).toBe(false);
    });

    test('are relayed by one at a time, and by another when the lease is over', async () => {
      expect(await store.outbox.takeTurn('a', 1_000, now)).toBe(true);
      expect(await other.outbox.takeTurn('b', 1_000, plus(500))).toBe(false);
      expect(await store.outbox.takeTurn('a', 1_000, plus(500))).toBe(true);
      expect(await other.outbox.takeTurn('b', 1_000, plus(1_499))).toBe(false);
      expect(await other.outbox.takeTurn('b', 1_000, plus(1_500))).toBe(true);
      expect(await store.outbox.takeTurn('a', 1_000, plus(1_600))).toBe(false);
      // The clock was set back by an hour: the lease ends later than any lease can.
      expect(await store.outbox.takeTurn('a', 1_000, plus(-3_600_000))).toBe(true);
    });

    test('that wait too long or are too many are given up, and not told after all', async () => {
      const claim = await begin(store);
      await store.outbox.tell(claim, [missed('42', 'reaction', plus(-8 * DAY)), missed('42', 'resolution')]);
      await linkTo(store, '43', issue('3'));
      const third = await begin(store, '44');
      await store.outbox.tell(third, [opened('44', plus(10))]);
      const bounds = { patience: plus(-7 * DAY), memory: plus(-100 * DAY), limit: 10 };
      expect(await store.outbox.prune(bounds, now)).toBe(1);
      expect(await waiting()).toEqual([missed('42', 'resolution').id, opened('44').id]);
      expect(await store.outbox.prune({ ...bounds, limit: 1 }, now)).toBe(1);
      expect(await waiting()).toEqual([opened('44').id]);
      await store.outbox.tell(claim, [missed('42', 'reaction'), missed('42', 'resolution')]);
      expect(await store.outbox.size()).toBe(1);
      // What ended long ago is forgotten.
      expect(await store.outbox.prune({ ...bounds, memory: plus(1) }, now)).toBe(0);
      await store.outbox.tell(claim, [missed('42', 'reaction', plus(20))]);
      expect(await store.outbox.size()).toBe(2);
    });
  });
}
