import { describe, expect, test } from '@jest/globals';
import { createRoom } from '../../src/flow/room.ts';
import type { Timers } from '../../src/flow/timers.ts';

/** Room for so many tickets in a process of which a test says how busy it is. */
function aRoom(concurrency: number) {
  const rings: (() => void)[] = [];
  const timers: Timers = {
    once: () => () => {},
    every: (_, ring) => {
      rings.push(ring);
      return () => {};
    },
  };
  const loop = { busy: 0 };
  const woken = { times: 0 };
  const onMore = () => {
    woken.times += 1;
  };
  const room = createRoom(concurrency, { busy: () => loop.busy, onMore, timers });
  const pass = (times: number, each: () => void = () => {}) => {
    for (let time = 0; time < times; time += 1) {
      each();
      rings[0]?.();
    }
  };
  return { room, loop, woken, pass };
}

describe('tickets in work while webhooks come', () => {
  test('are as many as configured while the door is quiet, however busy the process is', () => {
    const { room, loop, pass } = aRoom(32);
    loop.busy = 1;
    pass(50);

    expect(room.most(32)).toBe(32);
  });

  test('begin with few when a burst of webhooks begins', () => {
    const { room } = aRoom(32);
    expect(room.most(0)).toBe(32);

    room.visited();

    expect(room.most(0)).toBe(2);
  });

  test('get more while the process has time to spare and all of the room is used', () => {
    const { room, loop, woken, pass } = aRoom(32);
    loop.busy = 0.5;
    room.visited();
    pass(20, () => {
      room.visited();
      room.most(room.most(0));
    });

    expect(room.most(0)).toBe(32);
    expect(woken.times).toBeGreaterThan(3);
  });

  test('get no more than they use', () => {
    const { room, loop, pass } = aRoom(32);
    loop.busy = 0.5;
    room.visited();
    pass(20, () => {
      room.visited();
      room.most(1);
    });

    expect(room.most(1)).toBe(2);
  });

  test('get fewer when the process has no time to spare, but some always go on', () => {
    const { room, loop, pass } = aRoom(32);
    room.most(32);
    room.visited();
    loop.busy = 1;
    expect(room.most(32)).toBe(32);

    let inWork = 32;
    pass(18, () => {
      room.visited();
      inWork = Math.max(2, inWork - 2);
      room.most(inWork);
    });

    expect(room.most(2)).toBe(2);
  });

  test('are as many as configured again once nobody has come for a second', () => {
    const { room, loop, woken, pass } = aRoom(32);
    loop.busy = 1;
    room.visited();
    pass(10);
    expect(room.most(1)).toBe(2);

    pass(1);

    expect(room.most(1)).toBe(32);
    expect(woken.times).toBe(1);
  });

  test('get one more each second in which no look ends: those that only wait keep the process from nothing', () => {
    const { room, loop, woken, pass } = aRoom(16);
    room.visited();
    loop.busy = 1;
    let inWork = 2;
    const hang = () => {
      room.visited();
      inWork = Math.max(inWork, room.most(inWork));
    };
    pass(11, hang);
    expect(room.most(inWork)).toBe(3);

    pass(200, hang);

    expect(room.most(inWork)).toBe(16);
    expect(woken.times).toBeGreaterThan(10);
  });

  test('are never more than configured', () => {
    const { room, loop, pass } = aRoom(2);
    room.visited();
    expect(room.most(2)).toBe(2);
    loop.busy = 0.1;
    pass(20, room.visited);

    expect(room.most(2)).toBe(2);
  });
});
