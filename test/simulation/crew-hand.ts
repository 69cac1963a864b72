// One of the threads that `crew.ts` shares the worlds out to: takes orders and answers with the outcome of each world.
import { parentPort } from 'node:worker_threads';
import type { Order } from './crew.ts';
import { play } from './play.ts';

parentPort?.on('message', async ({ seeds, ...how }: Order) => {
  for (const seed of seeds) {
    parentPort?.postMessage(await play(seed, how));
  }
});
