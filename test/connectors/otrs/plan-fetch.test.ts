import { describe, expect, test } from '@jest/globals';
import { type ArticlePlace, planFetch } from '../../../connectors/otrs/plan-fetch.ts';

const MEGABYTE = 1024 * 1024;

/** Articles `1`, `2` … of so many megabytes; `agent:5` is one of an agent. */
const articles = (...sizes: readonly (number | `agent:${number}`)[]): readonly ArticlePlace[] =>
  sizes.map((size, index) => ({
    id: String(index + 1),
    sender: typeof size === 'number' ? 'customer' : 'agent',
    bytes: (typeof size === 'number' ? size : Number(size.slice('agent:'.length))) * MEGABYTE,
  }));
const wanting = (places: readonly ArticlePlace[], ...ids: readonly number[]) =>
  new Map(ids.map((id) => [String(id), places[id - 1]?.bytes ?? 0]));

describe('the call that fetches a file', () => {
  test.each<[string, readonly ArticlePlace[], readonly number[], object]>([
    ['reaches it from the beginning', articles(1, 1, 90), [1], { order: 'ASC', limit: 1 }],
    ['or from the end, with room for articles that came since', articles(90, 1, 1), [3], { order: 'DESC', limit: 4 }],
    [
      'asks for the articles of its sender only',
      articles('agent:90', 1, 'agent:90', 1, 'agent:90'),
      [2],
      { sender: 'customer', order: 'ASC', limit: 1 },
    ],
    [
      'brings its neighbours along where they are wanted',
      articles(0.2, 0.2, 0.2, 0.2),
      [1, 2, 4],
      { order: 'ASC', limit: 4 },
    ],
    [
      'asks for all senders where more of them is wanted',
      articles(1, 'agent:1', 1, 'agent:1'),
      [1, 2, 3, 4],
      { order: 'ASC', limit: 4 },
    ],
    [
      'leaves a large neighbour that is not wanted alone',
      articles(1, 1, 90, 1, 90),
      [1, 2, 4],
      { order: 'ASC', limit: 2 },
    ],
    ['takes no more at once than OTRS holds with ease', articles(...Array(60).fill(1)), [1, 33, 60], { limit: 1 }],
  ])('%s', (_, places, wanted, plan) => {
    expect(planFetch(places, String(wanted[0]), wanting(places, ...wanted))).toMatchObject(plan);
  });

  test('cannot be planned for an article that is not there', () => {
    expect(planFetch(articles(1), '2', new Map([['2', 1]]))).toBeUndefined();
  });

  test.each([
    ['alike', () => 1],
    ['growing', (index: number) => index / 100],
    ['mixed', (index: number) => ((index * 7919) % 40) / 10],
    ['one large among small ones', (index: number) => (index === 150 ? 40 : 0.1)],
  ])('for 300 files of 300 articles, %s: all calls together come to little more than the ticket', (_, sizeOf) => {
    const places: readonly ArticlePlace[] = Array.from({ length: 300 }, (_each, index) => ({
      id: String(index),
      sender: index % 3 === 0 ? 'agent' : 'customer',
      bytes: Math.ceil(sizeOf(index) * MEGABYTE) + 1,
    }));
    const total = places.reduce((sum, { bytes }) => sum + bytes, 0);
    const left = new Map(places.map(({ id, bytes }) => [id, bytes]));
    let asked = 0;
    let calls = 0;
    let largest = 0;
    for (const [first] of left) {
      const plan = planFetch(places, first, left);
      const alike = places.filter(({ sender }) => plan?.sender === undefined || sender === plan.sender);
      const shown = plan?.order === 'DESC' ? alike.slice(-plan.limit + 3) : alike.slice(0, plan?.limit);
      for (const { id } of shown) {
        left.delete(id);
      }
      expect(left.has(first)).toBe(false);
      asked += plan?.bytes ?? 0;
      largest = Math.max(largest, plan?.bytes ?? 0);
      calls += 1;
    }

    expect(asked).toBeLessThan(2 * total);
    expect(calls).toBeLessThan(15);
    // To reach the file in the middle one half has to be asked for anyway.
    expect(largest).toBeLessThanOrEqual(Math.max(total, 32 * MEGABYTE));
  });
});
