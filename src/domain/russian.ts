/** The common part of a word's inflected forms; the argument is in lower case with `ё` folded into `е`. */
export type Stem = (word: string) => string;

/** One word, number or percent sign of a text. */
export interface Token {
  /** Lower case, `ё` folded into `е`. */
  readonly word: string;
  readonly stem: string;
  /** Offsets in the original text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Counted from 0 within the text. */
  readonly sentence: number;
  /** Part of a sentence between commas, colons, dashes and brackets; counted from 0 within the text. */
  readonly clause: number;
}

/** A text that was read once and is searched many times. */
export interface Reading {
  /** Where the text stands, e.g. `title`. */
  readonly where: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  /** Stem -> indices of its tokens, ascending. */
  readonly byStem: ReadonlyMap<string, readonly number[]>;
}

const PIECE = /(?<word>[\p{L}\p{M}\p{N}]+|%)|(?<break>\r?\n[ \t]*(?:\r?\n\s*)*)|(?<sign>[.!?…;,:()«»"–—]|\s-\s)/gu;

/** The word as it is compared: letters of NFD joined, lower case, `ё` as `е`. */
export function foldWord(word: string): string {
  return (JOINED.test(word) ? word : word.normalize('NFC')).toLowerCase().replaceAll('ё', 'е');
}

/** Letters that NFC leaves as they are: the usual case. */
const JOINED = /^[\p{ASCII}Ѐ-ӿ]*$/u;

/** The texts that were read last: several families of rules read the same text. */
const lastRead = new Map<string, { readonly stem: Stem; readonly reading: Reading }>();
const REMEMBERED = 64;

/** Splits a text into words with sentences and clauses. Total: any string can be read. */
export function readText(where: string, text: string, stem: Stem): Reading {
  const known = lastRead.get(text);
  if (known?.stem === stem) {
    return known.reading.where === where ? known.reading : { ...known.reading, where };
  }

  const reading = read(where, text, stem);
  const [oldest] = lastRead.size < REMEMBERED ? [] : lastRead.keys();
  if (oldest !== undefined) {
    lastRead.delete(oldest);
  }
  lastRead.set(text, { stem, reading });
  return reading;
}

function read(where: string, text: string, stem: Stem): Reading {
  const tokens: Token[] = [];
  const byStem = new Map<string, number[]>();
  let sentence = 0;
  let clause = 0;
  for (const match of text.matchAll(PIECE)) {
    const { word } = match.groups ?? {};
    const end = match.index + match[0].length;
    if (word === undefined) {
      const ends = endsSentence(match[0], text, match.index, tokens.at(-1)?.word);
      sentence += ends ? 1 : 0;
      clause += ends || /[,:()–—-]/.test(match[0]) ? 1 : 0;
      continue;
    }

    const folded = foldWord(word);
    const token = { word: folded, stem: stem(folded), start: match.index, end, sentence, clause };
    const known = byStem.get(token.stem);
    if (known === undefined) {
      byStem.set(token.stem, [tokens.length]);
    } else {
      known.push(tokens.length);
    }
    tokens.push(token);
  }

  return { where, text, tokens, byStem };
}

/** Mail programs break lines at 72 characters or so; a shorter line was ended by its writer. */
const SHORT_LINE = 56;

/** Words whose full stop ends no sentence. */
const ABBREVIATIONS = new Set([
  'т',
  'е',
  'д',
  'п',
  'г',
  'стр',
  'ул',
  'им',
  'см',
  'мин',
  'ч',
  'сек',
  'др',
  'напр',
  'тел',
]);

/** Neither a full stop inside `9.40` or `т.е.` ends a sentence, nor a line that the mail program broke. */
function endsSentence(sign: string, text: string, start: number, last: string | undefined): boolean {
  const end = start + sign.length;
  if (sign.includes('\n')) {
    const isBlank = /\n[ \t]*\r?\n/.test(sign);
    const isItem = /^(?:[-*•]|\d+[.)])\s/.test(text.slice(end, end + 6));
    return isBlank || isItem || start - text.lastIndexOf('\n', start - 1) <= SHORT_LINE;
  }

  return sign === '.'
    ? /^(?:\s|$)/.test(text.slice(end, end + 1)) && !ABBREVIATIONS.has(last ?? '')
    : /[!?…;]/.test(sign);
}
