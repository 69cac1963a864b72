import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../../src/store/store.ts';
import { begin, claimOne, event, MINUTE, now, plus, type Subject, ticket } from './sample.ts';

/** Who may work on a ticket, and when. */
export function describeClaims(open: () => Promise<Subject>): void {
  describe('claims', () => {
    let subject: Subject;
    let store: Store;

    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });

    afterEach(() => subject.close());

    test('a ticket in work is not handed out again', async () => {
      await begin(store);
      expect(await subject.other.claim('another', 10, MINUTE, plus(MINUTE - 1))).toEqual([]);
    });

    test('claimers at the same time never share a ticket and leave none', async () => {
      const ids = Array.from({ length: 200 }, (_, index) => String(index));
      await store.accept(
        ids.map((id) => event(id, ticket(id))),
        now,
      );

      const claimed: string[] = [];
      const claimAll = async (from: Store, owner: string): Promise<void> => {
        for (let idle = 0; idle < 2 && claimed.length <= 200; ) {
          const claims = await from.claim(owner, 7, MINUTE, now);
          claimed.push(...claims.map((claim) => claim.ticket.id));
          idle = claims.length === 0 ? idle + 1 : 0;
        }
      };
      await Promise.all([store, subject.other, store, subject.other].map((from, at) => claimAll(from, `worker ${at}`)));

      expect(claimed).toHaveLength(200);
      expect(new Set(claimed).size).toBe(200);
    });

    test('three instances that start at once on a long backlog take it in its order, and none waits behind later ones', async () => {
      const tickets = 300;
      for (let id = 0; id < tickets; id += 1) {
        await store.accept([event(`e${id}`, ticket(String(id)))], plus(id));
      }

      const taken: number[] = [];
      const drain = async (from: Store, owner: string): Promise<void> => {
        for (;;) {
          const claims = await from.claim(owner, 8, MINUTE, plus(tickets));
          taken.push(...claims.map((claim) => Number(claim.ticket.id)));
          if (claims.length === 0) {
            return;
          }
        }
      };
      await Promise.all([store, subject.other, store].map((from, at) => drain(from, `worker ${at}`)));

      expect(taken.toSorted((left, right) => left - right)).toEqual(Array.from({ length: tickets }, (_, id) => id));
      expect(Math.max(...taken.map((id, place) => Math.abs(id - place)))).toBeLessThanOrEqual(8 * 8);
    });

    test('the longest due ticket comes first, however often others are heard of', async () => {
      await store.accept([event('quiet', ticket('1'))], now);
      for (let times = 1; times <= 5; times += 1) {
        await store.accept([event('loud', ticket('2'))], plus(times));
      }

      expect((await claimOne(store, plus(10))).ticket).toEqual(ticket('1'));
      expect((await claimOne(store, plus(10))).ticket).toEqual(ticket('2'));
    });

    test('an expired lease goes to another worker under a higher fence, before everything that came later', async () => {
      const lost = await begin(store, '1');
      await store.accept([event('later', ticket('2'))], plus(10));

      const taken = await claimOne(subject.other, plus(MINUTE));
      expect(taken).toEqual({ ...lost, fence: lost.fence + 1 });
    });

    test('a lease that was extended in time is kept', async () => {
      const claim = await begin(store);
      expect(await store.extend(claim, MINUTE, plus(30_000))).toBe(true);
      expect(await subject.other.claim('another', 10, MINUTE, plus(MINUTE))).toEqual([]);
      expect(await subject.other.claim('another', 10, MINUTE, plus(MINUTE + 30_000))).toHaveLength(1);
    });

    test('claims of the dead end only where nobody else can be alive', async () => {
      const claim = await begin(store);
      const isShared = subject.other !== store;
      expect(await subject.other.endDeadClaims(now)).toBe(isShared ? 0 : 1);
      expect(await subject.other.endDeadClaims(now)).toBe(0);

      const [taken] = await subject.other.claim('another', 1, MINUTE, plus(MINUTE - 1));
      expect(taken?.fence).toBe(isShared ? undefined : claim.fence + 1);
      expect(await store.extend(claim, MINUTE, plus(MINUTE - 1))).toBe(isShared);
    });

    test('no ticket is handed out for a limit of none', async () => {
      await store.accept([event('a', ticket('42'))], now);
      expect(await store.claim('worker', 0, MINUTE, now)).toEqual([]);
    });
  });

  describe('giving back', () => {
    let store: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(() => close());

    test('a settled ticket is looked at again when the decision wants it', async () => {
      const claim = await begin(store);
      await store.release(claim, { outcome: 'settled', nextLookAt: plus(5 * MINUTE) }, now);

      expect(await store.nextDue()).toEqual(plus(5 * MINUTE));
      expect(await store.claim('worker', 1, MINUTE, plus(5 * MINUTE - 1))).toEqual([]);
      expect(await store.claim('worker', 1, MINUTE, plus(5 * MINUTE))).toHaveLength(1);
    });

    test.each([
      ['settled', { outcome: 'settled', nextLookAt: plus(60 * MINUTE) }, 0],
      ['failed', { outcome: 'later', nextLookAt: plus(60 * MINUTE), attempt: 1, reason: 'SYSTEM_FAILING' }, 10_000],
      ['was buried', { outcome: 'buried', nextLookAt: plus(60 * MINUTE), attempt: 1 }, 10_000],
    ] as const)('an event that arrives during a look that %s makes the ticket due', async (_, release, patience) => {
      const claim = await begin(store);
      await store.accept([event('meanwhile', ticket('42'))], plus(5));
      expect(await store.claim('worker', 1, MINUTE, plus(6))).toEqual([]);

      await store.release(claim, release, plus(7));
      if (patience > 0) {
        expect(await store.claim('worker', 1, MINUTE, plus(6 + patience))).toEqual([]);
      }
      expect(await claimOne(store, plus(7 + patience))).toMatchObject({ ticket: ticket('42'), covers: 2 });
    });

    test('a failed look keeps what it spent until a look goes well', async () => {
      await store.release(
        await begin(store),
        { outcome: 'later', nextLookAt: plus(10), attempt: 3, reason: 'RATE_LIMITED' },
        now,
      );
      expect(await store.claim('worker', 1, MINUTE, plus(9))).toEqual([]);

      const again = await claimOne(store, plus(10));
      expect(again.attempt).toBe(3);
      await store.release(again, { outcome: 'settled', nextLookAt: plus(20) }, plus(10));
      expect((await claimOne(store, plus(20))).attempt).toBe(0);
    });

    test('a new event ends the wait after a failure', async () => {
      const failed = { outcome: 'later', nextLookAt: plus(60 * MINUTE), attempt: 1, reason: 'outage' } as const;
      await store.release(await begin(store), failed, now);
      await store.accept([event('news', ticket('42'))], plus(5));

      expect(await claimOne(store, plus(10_005))).toMatchObject({ attempt: 1, covers: 2 });
    });

    test('a burst of events does not burn the attempts of a ticket that is backing off', async () => {
      const failed = { outcome: 'later', nextLookAt: plus(60 * MINUTE), attempt: 1, reason: 'REFUSED' } as const;
      await store.release(await begin(store), failed, now);
      for (let index = 0; index < 5; index += 1) {
        await store.accept([event(`burst-${index}`, ticket('42'))], plus(1000 * index));
      }

      expect(await store.claim('worker', 1, MINUTE, plus(9_999))).toEqual([]);
      expect(await claimOne(store, plus(10_000))).toMatchObject({ covers: 6 });
    });

    test('a buried ticket waits no more, keeps its count and is looked at again', async () => {
      await store.release(
        await begin(store),
        { outcome: 'buried', nextLookAt: plus(60 * MINUTE), attempt: 3 },
        plus(1),
      );

      expect(await store.backlog(plus(2))).toMatchObject({ due: 0, oldestWaitMs: 0 });
      expect(await claimOne(store, plus(60 * MINUTE))).toMatchObject({ attempt: 3 });
    });

    test('a ticket in work is next due when its lease ends', async () => {
      await begin(store, '1');
      expect(await store.nextDue()).toEqual(plus(MINUTE));

      await store.accept([event('sooner', ticket('2'))], plus(5));
      expect(await store.nextDue()).toEqual(plus(5));
    });

    test('a ticket is given back once', async () => {
      const claim = await begin(store);
      expect(await store.release(claim, { outcome: 'settled' }, now)).toBe(true);
      expect(await store.release(claim, { outcome: 'settled' }, now)).toBe(false);
      expect(await store.extend(claim, MINUTE, now)).toBe(false);
    });
  });
}
