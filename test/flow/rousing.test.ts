import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { BridgeError } from '../../src/errors.ts';
import { createGate } from '../../src/flow/gate.ts';
import { startRousing } from '../../src/flow/rousing.ts';
import { createTestClock } from '../support/memory-desk.ts';
import { NOW } from '../support/records.ts';

const log = pino({ level: 'silent' });
const signal = new AbortController().signal;

/** So many tickets wait; each round is taken before the next one. */
function aRousing(tickets: number) {
  const clock = createTestClock(NOW);
  const gate = createGate('jira', clock.now);
  const rings: { readonly ms: number; readonly ring: () => void }[] = [];
  const rounds: number[] = [];
  const course = { waiting: tickets, fails: 0 };
  const rousing = startRousing({
    gates: [gate],
    store: {
      rouse: async (_, most) => {
        if (course.fails > 0) {
          course.fails -= 1;
          throw new BridgeError('STORE_UNAVAILABLE', 'away');
        }
        const { waiting } = course;
        rounds.push(Math.min(waiting, most));
        course.waiting = Math.max(0, waiting - most);
        return waiting;
      },
    },
    now: clock.now,
    log,
    onRoused: () => {},
    timers: {
      once: (ms, ring) => {
        const timer = { ms, ring };
        rings.push(timer);
        return () => rings.splice(rings.indexOf(timer), 1);
      },
      every: () => () => {},
    },
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  /** Lets the next timer ring; answers with its time. */
  const next = async () => {
    await settle();
    const timer = rings.shift();
    timer?.ring();
    await settle();
    return timer?.ms;
  };
  const fall = () =>
    gate
      .through(async () => {
        throw new BridgeError('SYSTEM_FAILING', 'JIRA answers 503');
      }, signal)
      .catch(() => {});
  const rise = async () => {
    clock.pass({ minutes: 1 });
    await gate.through(async () => {}, signal);
    await settle();
  };
  return { rounds, course, clock, rings, rousing, next, fall, rise };
}

describe('tickets that wait for a system', () => {
  test('are roused from the start, a few at first and more from round to round', async () => {
    const { rounds, next } = aRousing(1_000);
    for (let round = 0; round < 9; round += 1) {
      await next();
    }
    expect(rounds).toEqual([5, 10, 20, 40, 80, 160, 200, 200, 200, 85]);
  });

  test('sleep while it is away, and are roused at once when it is back, a few at first again', async () => {
    const { rounds, next, fall, rise } = aRousing(100);
    await next();
    await fall();
    await next();
    await next();
    expect(rounds).toEqual([5, 10]);

    await rise();
    await next();
    expect(rounds).toEqual([5, 10, 5, 10]);
  });

  test('send one ahead when the pause is over and nobody has tried again, and one only', async () => {
    const { rounds, next, fall, clock } = aRousing(100);
    await next();
    await fall();
    await next();
    expect(rounds).toEqual([5, 10]);

    clock.pass({ seconds: 10 });
    expect([await next(), await next()]).toEqual([10_000, 10_000]);
    expect(rounds).toEqual([5, 10, 1, 1]);
  });

  test('are seen after every ten seconds in quiet times', async () => {
    const { rounds, next, course } = aRousing(0);
    expect([await next(), await next()]).toEqual([10_000, 10_000]);
    course.waiting = 7;
    expect([await next(), await next(), await next()]).toEqual([10_000, 1_000, 1_000]);
    expect(rounds.slice(-3)).toEqual([5, 2, 0]);
  });

  test('are not forgotten while the store is away', async () => {
    const { rounds, next, course } = aRousing(7);
    course.fails = 2;
    expect([await next(), await next(), await next()]).toEqual([1_000, 1_000, 1_000]);
    expect(rounds).toEqual([5, 2]);
  });

  test('are left alone once it is stopped', async () => {
    const { rings, next, rousing, rise, fall } = aRousing(7);
    await next();
    rousing.stop();
    await fall();
    await rise();
    expect(rings).toEqual([]);
  });
});
