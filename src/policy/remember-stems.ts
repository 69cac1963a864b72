import type { Stem } from '../domain/russian.ts';

/** Words that are remembered; texts repeat a small part of them. */
const REMEMBERED = 20_000;

/** The same stems, of words seen before without the work. */
export function rememberStems(slow: Stem): Stem {
  const known = new Map<string, string>();
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) {
      return before;
    }

    const found = slow(word);
    if (known.size < REMEMBERED && word.length < 40) {
      known.set(word, found);
    }
    return found;
  };
}
