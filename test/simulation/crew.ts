import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './run.ts';
import type { Sabotage } from './simulation.ts';

/** Which worlds are played, and how. */
export interface Order {
  readonly seeds: readonly number[];
  readonly store: 'memory' | 'sqlite';
  readonly sabotage: Sabotage | undefined;
  /** Kinds of faults that are left out. */
  readonly spared: readonly string[];
}

/** Seeds that one hand gets at a time. */
const SHARE = 100;

/** Plays the worlds on all cores, and tells of each as it ends, in any order. */
export async function playAll({ seeds, ...how }: Order, onOutcome: (outcome: Outcome) => void): Promise<void> {
  const shares = Array.from({ length: Math.ceil(seeds.length / SHARE) }, (_, index) =>
    seeds.slice(index * SHARE, (index + 1) * SHARE),
  );
  const hands = Array.from({ length: Math.min(availableParallelism(), shares.length) }, async () => {
    const hand = new Worker(new URL('./crew-hand.ts', import.meta.url));
    try {
      for (let share = shares.shift(); share !== undefined; share = shares.shift()) {
        await playShare(hand, { ...how, seeds: share }, onOutcome);
      }
    } finally {
      await hand.terminate();
    }
  });
  await Promise.all(hands);
}

function playShare(hand: Worker, order: Order, onOutcome: (outcome: Outcome) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = order.seeds.length;
    hand.removeAllListeners();
    hand.on('error', reject);
    hand.on('exit', () => reject(new Error(`a worker thread ended at one of the seeds from ${order.seeds[0]} on`)));
    hand.on('message', (outcome: Outcome) => {
      onOutcome(outcome);
      left -= 1;
      if (left === 0) {
        resolve();
      }
    });
    hand.postMessage(order);
  });
}
