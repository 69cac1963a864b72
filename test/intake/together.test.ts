import { beforeEach, describe, expect, test } from '@jest/globals';
import type { TicketEvent } from '../../src/domain/event.ts';
import { BridgeError } from '../../src/errors.ts';
import { platformTimers } from '../../src/flow/timers.ts';
import { takeTogether } from '../../src/intake/together.ts';
import { NOW } from '../support/records.ts';
import { type CollectingSink, collectingSink } from './sinks.ts';

let store: CollectingSink;
beforeEach(() => {
  store = collectingSink();
});

const event = (id: string): TicketEvent => ({
  id,
  ref: { system: 'otrs', id },
  kind: 'changed',
  channel: 'webhook',
  at: NOW,
});
const ids = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);
const has = (id: string) => (events: readonly TicketEvent[]) => events.some((each) => each.id === id);

/** So many arrivals at once, while the store is slow; answers with what each was told. */
async function arrive(count: number) {
  const take = takeTogether(store.take, platformTimers.once);
  const goOn = store.hold();
  const told = ids(count).map((id) => take([event(id)]));
  goOn();
  return Promise.allSettled(told);
}
const fates = (told: readonly PromiseSettledResult<void>[]) => told.map(({ status }) => status);

describe('arrivals that come while others are taken in', () => {
  test('go into the store together, each once and in their order', async () => {
    const told = await arrive(120);

    expect(fates(told)).toEqual(ids(120).map(() => 'fulfilled'));
    expect(store.events.map(({ id }) => Number(id)).toSorted((left, right) => left - right)).toEqual(
      ids(120).map(Number),
    );
    expect(store.batches.length).toBeLessThan(10);
    expect(Math.max(...store.batches)).toBeLessThanOrEqual(50);
  });

  test('do not wait where the store is free', async () => {
    const take = takeTogether(store.take, platformTimers.once);

    await take([event('1')]);
    await take([event('2'), event('3')]);

    expect(store.batches).toEqual([1, 2]);
  });

  test('are told that it is durable only when it is', async () => {
    const take = takeTogether(store.take, platformTimers.once);
    const goOn = store.hold();
    const told: string[] = [];
    const all = ids(6).map(async (id) => {
      await take([event(id)]);
      told.push(id);
    });
    await new Promise(setImmediate);
    expect(told).toEqual([]);

    goOn();
    await Promise.all(all);
    expect(told).toHaveLength(6);
  });

  test('do not share the fate of one that the store refuses', async () => {
    store.failWhile((events) => (has('7')(events) ? new BridgeError('INTERNAL', 'too odd') : undefined));

    const told = await arrive(20);

    expect(told[7]).toMatchObject({ status: 'rejected', reason: { message: 'too odd' } });
    expect(fates(told).filter((status) => status === 'fulfilled')).toHaveLength(19);
    expect(store.events.map(({ id }) => id)).not.toContain('7');
    expect(new Set(store.events.map(({ id }) => id)).size).toBe(store.events.length);
  });

  test('are each told that the store is away', async () => {
    store.failWhile(() => new BridgeError('STORE_UNAVAILABLE', 'the disk is full'));

    const told = await arrive(40);

    expect(fates(told)).toEqual(ids(40).map(() => 'rejected'));
  });

  test('are not held up by others whose tickets somebody has locked', async () => {
    const locked = Promise.withResolvers<void>();
    const rings: (() => void)[] = [];
    const once = (_: number, ring: () => void) => {
      rings.push(ring);
      return () => {};
    };
    const slow = async (events: readonly TicketEvent[]) => {
      await (has('locked')(events) ? locked.promise : undefined);
      await store.take(events);
    };
    const take = takeTogether(slow, once, 2);
    const held = [take([event('locked')]), take([event('locked')])];
    const others = ids(10).map((id) => take([event(id)]));
    await new Promise(setImmediate);
    expect(store.events).toEqual([]);

    for (const ring of rings.splice(0)) {
      ring();
    }
    await Promise.all(others);

    expect(store.events).toHaveLength(10);
    locked.resolve();
    await Promise.all(held);
    await take([event('later')]);
    expect(store.events).toHaveLength(13);
  });

  test('are taken again after a failure', async () => {
    const take = takeTogether(store.take, platformTimers.once);
    store.failNext(new BridgeError('STORE_UNAVAILABLE', 'away'));
    await expect(take([event('1')])).rejects.toThrow('away');

    await take([event('1')]);

    expect(store.events).toHaveLength(1);
  });
});
