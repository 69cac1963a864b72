import { expect, test } from '@jest/globals';
import { watchEventLoop } from '../../src/app/event-loop.ts';

test('the share of busy time is small while nothing is done and near one while something is', async () => {
  const busy = watchEventLoop();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const idle = busy();
  for (const end = performance.now() + 50; performance.now() < end; ) {
    await new Promise(setImmediate);
  }

  expect(busy()).toBeGreaterThan(idle);
});
