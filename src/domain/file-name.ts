/** Letters that order or hide other letters, and control characters: a name with them does not show what it is. */
const HIDDEN = /[\p{Cc}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** Whether the name shows other letters than it has, e.g. `exe.pdf` for `fdp.exe` read from right to left. */
export function hidesLetters(name: string): boolean {
  return name.search(HIDDEN) >= 0;
}

/** Longer names are cut in the middle: both the beginning and the extension stay. */
const LONGEST = 120;

/** The name for people: hidden letters become `�`, so that it cannot be read as another one. */
export function showName(name: string): string {
  const shown = name.replaceAll(HIDDEN, '�');
  return shown.length <= LONGEST ? shown : `${shown.slice(0, LONGEST - 31)}…${shown.slice(-30)}`;
}

/** Letters at either end by which long names are told apart: systems cut them in the middle. */
const BEGINNING = 200;
const ENDING = 30;

/** What is left of a name in every system: each drops or replaces folders, blanks at the ends and signs of its own. */
export function likeNameOf(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/^.*[/\\]/u, '')
    .replaceAll(HIDDEN, '')
    .trim();
  const letters = [...plain.replaceAll(/[^\p{L}\p{M}\p{N}.]/gu, '_')];
  return letters.length <= BEGINNING
    ? letters.join('')
    : `${letters.slice(0, BEGINNING).join('')}/${letters.slice(-ENDING).join('')}`;
}

/**
 * What follows the last full stop, in lower case; undefined if nothing does. Systems drop folders, blanks and full stops
 * at the end of a name when they save the file, and know wide letters and full stops as plain ones.
 */
export function extensionOf(name: string): string | undefined {
  const letters = [...name.normalize('NFKC').replaceAll(HIDDEN, '')];
  const begin = letters.findLastIndex((letter) => letter === '/' || letter === '\\') + 1;
  const end = letters.findLastIndex((letter) => !/[\s.]/u.test(letter)) + 1;
  const plain = letters.slice(begin, end).join('');
  const dot = plain.lastIndexOf('.');
  const extension = plain
    .slice(dot + 1)
    .toLocaleLowerCase('en')
    .trim();
  return dot < 0 ? undefined : extension;
}
