import { describe, expect, test } from '@jest/globals';
import { play } from './play.ts';

/** `npm run simulate -- --seeds 10000` goes on. */
const SEEDS = { memory: 280, sqlite: 20 };
const AT_ONCE = 20;
const PATIENCE_MS = 300_000;

const how = { sabotage: undefined, spared: [] };

describe('nothing lost, nothing twice, while everything goes wrong', () => {
  const groups = (['memory', 'sqlite'] as const).flatMap((store) =>
    Array.from({ length: SEEDS[store] / AT_ONCE }, (_, index) => ({ store, first: index * AT_ONCE + 1 })),
  );

  test.each(groups)(
    `${AT_ONCE} seeds from $first on, with the store in $store`,
    async ({ store, first }) => {
      for (let seed = first; seed < first + AT_ONCE; seed += 1) {
        const { complaints } = await play(seed, { ...how, store });
        expect({ replay: `npm run simulate -- --seed ${seed} --store ${store} --verbose`, complaints }).toEqual({
          replay: expect.anything(),
          complaints: [],
        });
      }
    },
    PATIENCE_MS,
  );

  test('a seed tells the same story every time, whatever the store', async () => {
    const tell = async (store: 'memory' | 'sqlite') => {
      const lines: string[] = [];
      await play(7, { ...how, store }, (line) => lines.push(line));
      return lines;
    };

    const story = await tell('memory');
    expect(story.length).toBeGreaterThan(100);
    expect(await tell('memory')).toEqual(story);
    expect(await tell('sqlite')).toEqual(story);
  });
});
