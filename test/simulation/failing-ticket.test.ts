import { describe, expect, test } from '@jest/globals';
import { noFaults } from './faults.ts';
import { createMemoryDatabase } from './memory-database.ts';
import { simulate } from './run.ts';

const SEEDS = 12;
const PATIENCE_MS = 120_000;

/** A webhook is under way for two seconds at most, and a look for about one. Whoever waits for a poll waits for longer. */
const PROMPT_MS = 5_000;

const database = createMemoryDatabase();

describe('a ticket that fails for ever delays no other', () => {
  test.each(['refused', 'unreadable', 'hidden'] as const)(
    'where all that it asks for is %s',
    async (poison) => {
      let longest = 0;
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const outcome = await simulate({ seed, database, change: () => ({ ...noFaults, poison }) });
        expect({ seed, complaints: outcome.complaints }).toEqual({ seed, complaints: [] });
        longest = Math.max(longest, outcome.longestWaitMs);
      }
      expect(longest).toBeGreaterThan(0);
      expect(longest).toBeLessThan(PROMPT_MS);
    },
    PATIENCE_MS,
  );
});
