import { setImmediate as immediately } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { startRelay } from '../../src/flow/relay.ts';
import type { Claim } from '../../src/store/store.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

beforeEach(async () => {
  rig = await createBridgeRig();
});

afterEach(() => rig.stop());

test('behind the first news of a ticket that failed nothing of it counts as sent; other tickets go on', async () => {
  const { outbox } = rig.store;
  await outbox.since(rig.clock.now());
  const refs = ['41', '42'].map((id) => ({ system: 'otrs', id }));
  await Promise.all(refs.map((ref) => rig.tell(ref)));
  for (const claim of await rig.store.claim('test', 2, 60_000, rig.clock.now())) {
    const names = ['a', 'b', 'c'].map((name) => `${claim.ticket.id}${name}`);
    const data = { ticket: claim.ticket };
    await outbox.tell(
      claim,
      names.map((id) => ({ id, type: 'closed', at: rig.clock.now(), data }) as const),
    );
  }

  const rounds: string[][] = [];
  const done = Promise.withResolvers<void>();
  const relay = startRelay({
    outbox,
    owner: 'test',
    now: rig.clock.now,
    random: () => 0,
    log: pino({ level: 'silent' }),
    onEnded: () => {
      if (rounds.length === 2) {
        done.resolve();
      }
    },
    publish: async (news) => {
      rounds.push(news.map(({ id }) => id));
      return news.map(({ id }) => (id === '42b' && rounds.length === 1 ? 'refused' : undefined));
    },
    // What waits is looked for again at once.
    timers: {
      once: (_ms, ring) => {
        setImmediate(ring);
        return () => {};
      },
      every: () => () => {},
    },
  });
  await done.promise;
  await relay.stop();

  const [first = [], second = []] = rounds;
  expect(first.toSorted()).toEqual(['41a', '41b', '41c', '42a', '42b', '42c']);
  expect(second).toEqual(['42b', '42c']);
  expect(await outbox.size()).toBe(0);
});

test('where nothing waits the turn is left to whoever wants it, and news that come later are brought all the same', async () => {
  const { outbox } = rig.store;
  const { now } = rig.clock;
  await outbox.since(now());
  const published: string[] = [];
  let rounds = 0;
  const relay = startRelay({
    outbox,
    owner: 'test',
    now,
    random: () => 0,
    log: pino({ level: 'silent' }),
    onEnded: () => {},
    publish: async (news) => {
      published.push(...news.map(({ id }) => id));
      return news.map(() => undefined);
    },
    timers: {
      once: (_ms, ring) => {
        rounds += 1;
        setImmediate(ring);
        return () => {};
      },
      every: () => () => {},
    },
  });
  /** Until a round that began after now is over. */
  const aRound = async () => {
    for (const before = rounds; rounds < before + 2; ) {
      await immediately();
    }
  };

  await aRound();
  rig.clock.pass({ seconds: 31 });
  await aRound();
  expect(await outbox.takeTurn('another', 30_000, now())).toBe(true);

  const ref = { system: 'otrs', id: '42' };
  await rig.tell(ref);
  const [claim] = await rig.store.claim('test', 1, 60_000, now());
  await outbox.tell(claim as Claim, [{ id: '42a', type: 'closed', at: now(), data: { ticket: ref } }]);
  await aRound();
  expect(published).toEqual([]);
  rig.clock.pass({ seconds: 30 });
  await aRound();
  expect(published).toEqual(['42a']);

  await rig.store.bury({
    code: 'INTERNAL',
    message: 'broken',
    details: {},
    at: now(),
    ticket: { system: 'otrs', id: '43' },
  });
  rig.clock.pass({ seconds: 1 });
  await aRound();
  expect(published).toEqual(['42a', expect.stringContaining('dead-letter')]);
  await relay.stop();
});
