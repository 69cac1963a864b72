/** The known word that a misspelt one was meant to be, if one is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];

  return best !== undefined && best.distance <= Math.ceil(word.length / 3) ? best.candidate : undefined;
}

/** Cyrillic letters beside the Latin ones that they cannot be told from. */
const CYRILLIC = new Set('АВЕКМНОРСТУХІЈЅасеорухіјѕ');
const LATIN = new Set('ABEKMHOPCTYXIJSaceopyxijs');

/**
 * Names the letters of another alphabet that hide in a word, e.g. `contains the Cyrillic letter «О»`; empty if there
 * are none. Words of one alphabet are suspected only where the whole text looks Latin, as keys and codes are.
 */
export function strayLetters(text: string): string {
  const words = text.match(/\p{L}+/gu) ?? [];
  const looksLatin = lettersOf(text, 'Cyrillic').every((letter) => CYRILLIC.has(letter));
  const cyrillic = words.flatMap((word) => {
    const letters = lettersOf(word, 'Cyrillic');
    const isSuspect = looksLatin || lettersOf(word, 'Latin').some((letter) => !LATIN.has(letter));
    return isSuspect && letters.every((letter) => CYRILLIC.has(letter)) ? letters : [];
  });
  if (cyrillic.length > 0) {
    return `contains the ${listed('Cyrillic', cyrillic)}`;
  }

  const latin = words.flatMap((word) => {
    const letters = lettersOf(word, 'Latin');
    const isMixed = lettersOf(word, 'Cyrillic').length > 0;
    return isMixed && letters.every((letter) => LATIN.has(letter)) ? letters : [];
  });
  return latin.length > 0 ? `contains the ${listed('Latin', latin)}` : '';
}

function lettersOf(text: string, script: 'Cyrillic' | 'Latin'): readonly string[] {
  const pattern = script === 'Latin' ? /\p{Script=Latin}/gu : /\p{Script=Cyrillic}/gu;
  return text.match(pattern) ?? [];
}

function listed(alphabet: string, letters: readonly string[]): string {
  const each = [...new Set(letters)];
  return `${alphabet} letter${each.length > 1 ? 's' : ''} ${each.map((letter) => `«${letter}»`).join(', ')}`;
}

/** Number of letters to change, insert, remove or swap with their neighbour to get from one word to the other. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;

  for (let row = 1; row <= from.length; row += 1) {
    rows[row] = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const changed = at(row - 1, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      rows[row]?.push(
        Math.min(
          changed,
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          swapped ? at(row - 2, column - 2) + 1 : changed,
        ),
      );
    }
  }

  return at(from.length, to.length);
}
