import { describe, expect, test } from '@jest/globals';
import { watchSink } from '../../src/app/watch-sink.ts';
import { BridgeError } from '../../src/errors.ts';
import { createTestClock } from '../support/memory-desk.ts';
import { NOW } from '../support/records.ts';

describe('a store that answers questions but takes nothing in', () => {
  const broken = async () => {
    throw new BridgeError('STORE_UNAVAILABLE', 'database or disk is full');
  };

  test('is not ready, for a while', async () => {
    const clock = createTestClock(NOW);
    const { sink, fault } = watchSink(broken, clock.now);

    expect(fault()).toBeUndefined();
    await expect(sink([])).rejects.toThrow('full');
    expect(fault()).toBe('database or disk is full');
    clock.pass({ seconds: 31 });
    expect(fault()).toBeUndefined();
  });

  test('is ready again as soon as it takes something in', async () => {
    let isFull = true;
    const { sink, fault } = watchSink(async () => (isFull ? broken() : undefined), createTestClock(NOW).now);
    await expect(sink([])).rejects.toThrow();
    isFull = false;
    await sink([]);

    expect(fault()).toBeUndefined();
  });
});
