import { describe, expect, test } from '@jest/globals';
import { createMemoryDatabase } from './memory-database.ts';
import { simulate } from './run.ts';

/** What fits into about a minute on one core; `npm run simulate -- --seeds 10000` goes on. */
const SEEDS = 160;
const AT_ONCE = 20;
const PATIENCE_MS = 300_000;

const database = createMemoryDatabase();

describe('nothing lost, nothing twice, while everything goes wrong', () => {
  const firsts = Array.from({ length: SEEDS / AT_ONCE }, (_, index) => index * AT_ONCE + 1);

  test.each(firsts)(
    'twenty seeds from %i on',
    async (first) => {
      for (let seed = first; seed < first + AT_ONCE; seed += 1) {
        const { complaints } = await simulate({ seed, database });
        expect({ replay: `npm run simulate -- --seed ${seed} --verbose`, complaints }).toEqual({
          replay: expect.anything(),
          complaints: [],
        });
      }
    },
    PATIENCE_MS,
  );

  test('a seed tells the same story every time', async () => {
    const tell = async () => {
      const lines: string[] = [];
      await simulate({ seed: 7, database, write: (line) => lines.push(line) });
      return lines;
    };

    const story = await tell();
    expect(story.length).toBeGreaterThan(100);
    expect(await tell()).toEqual(story);
  });
});
