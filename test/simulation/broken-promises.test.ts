import { describe, expect, test } from '@jest/globals';
import { type Faults, noFaults } from './faults.ts';
import { createMemoryDatabase } from './memory-database.ts';
import { simulate } from './run.ts';
import type { Sabotage } from './simulation.ts';

const PATIENCE_MS = 120_000;

const database = createMemoryDatabase();

const lostAnswers = (): Faults => ({ ...noFaults, answerLost: 0.5 });
const standingStill = (): Faults => ({ ...noFaults, instances: 3, stands: 0.02, standsMs: 200_000 });
const quiet = (): Faults => noFaults;

/** The first seeds, at most so many, in which the checks find what is broken, with what they say. */
async function findIn(seeds: number, sabotage: Sabotage | undefined, change: () => Faults): Promise<string[]> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { complaints } = await simulate({ seed, database, sabotage, change });
    if (complaints.length > 0) {
      return [...complaints];
    }
  }
  return [];
}

describe('the checks find out within a few seeds', () => {
  test.each<[Sabotage, string, number, () => Faults, RegExp]>([
    ['no-look-up', 'calls without an answer are sent again unseen', 5, lostAnswers, /happened \d times/],
    ['no-fences', 'whoever lost a ticket goes on writing', 10, standingStill, /happened \d times/],
    ['no-echo-guard', 'the bridge takes its own words for those of people', 5, quiet, /came back/],
    ['no-visibility-filter', 'internal words are taken for public ones', 5, quiet, /leaked/],
  ])(
    '%s: %s',
    async (sabotage, _, seeds, change, complaint) => {
      expect(await findIn(seeds, sabotage, change)).toContainEqual(expect.stringMatching(complaint));
      expect(await findIn(seeds, undefined, change)).toEqual([]);
    },
    PATIENCE_MS,
  );
});
