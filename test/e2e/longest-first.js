import { createRequire } from 'node:module';

const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** What takes longest, the longest first: begun last, each would run alone at the end. Others follow as they come. */
const LONG = ['contract', 'addon', 'merge', 'related', 'sweep', 'otrs-desk'];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = LONG.findIndex((name) => path.endsWith(`/${name}.test.ts`));
      return place < 0 ? LONG.length : place;
    };
    return super.sort(tests).toSorted((left, right) => rank(left) - rank(right));
  }
}
