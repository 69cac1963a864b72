import type { JiraOptions } from '../options.ts';

/** What JIRA accepts as text: legal characters, one-line summaries, labels without spaces, bounded length. */

export type TextOptions = Pick<JiraOptions, 'text_limit' | 'cut_note' | 'bmp_only'>;

type CharacterOptions = Pick<JiraOptions, 'bmp_only'>;

/** Older versions demand *less than* 255. */
const LONGEST_SUMMARY = 254;
const LONGEST_LABEL = 255;

/** Control characters, non-characters and half surrogate pairs: illegal in XML, they break JIRA's backups and feeds. */
const illegal =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove.
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Everything that Java takes for the end of a line, so that a list or heading cannot begin behind our back. */
const lineEnd = /\r\n?|[\u0085\u2028\u2029]/g;

/** The text with line ends as `\n` and without characters that JIRA cannot keep. */
export function legalText(text: string): string {
  return text.replace(lineEnd, '\n').replace(illegal, '');
}

/** The legal text in characters that this installation stores; never longer than it was. */
export function storableText(text: string, { bmp_only }: CharacterOptions): string {
  const legal = legalText(text);
  return bmp_only ? legal.replace(astral, substituteOf) : legal;
}

/** A character above U+FFFF with what modifies it and what is joined to it: one picture, so one substitute. */
const astral =
  /[\u{10000}-\u{10FFFF}][\u{1F3FB}-\u{1F3FF}\uFE0F]*(?:\u200D[\u{10000}-\u{10FFFF}\u2600-\u27BF][\u{1F3FB}-\u{1F3FF}\uFE0F]*)*/gu;

/** Emoji that carry an answer. A substitute has at most two units, as the character itself. */
const substitutes: ReadonlyMap<string, string> = new Map([
  ['👍', '+1'],
  ['👎', '-1'],
  ['👌', 'OK'],
  ...['😀', '😁', '😃', '😄', '😊', '🙂'].map((smile) => [smile, ':)'] as const),
  ...['😞', '😟', '😢', '😭', '🙁'].map((frown) => [frown, ':('] as const),
  ['😉', ';)'],
]);

function substituteOf(picture: string): string {
  return substitutes.get(String.fromCodePoint(picture.codePointAt(0) ?? 0)) ?? '\uFFFD';
}

/** One line of at most 254 UTF-16 units that ends at a whole character. */
export function summaryOf(title: string, options: CharacterOptions): string {
  const line = storableText(title, options).replace(/\s+/gu, ' ').trim();
  return line === '' ? '(без темы)' : cutAt(line, LONGEST_SUMMARY).trimEnd();
}

export function labelOf(text: string, options: CharacterOptions): string {
  return cutAt(storableText(text, options).trim().replace(/\s+/gu, '_'), LONGEST_LABEL);
}

/** Plain text of at most `text_limit` UTF-16 units. What is too long ends with the note, at a whole character. */
export function cutText(text: string, options: TextOptions): string {
  const storable = storableText(text, options);
  if (storable.length <= options.text_limit) {
    return storable;
  }

  const end = `\n\n${noteOf(options)}`;
  return `${cutAt(storable, options.text_limit - end.length)}${end}`;
}

/** Whether plain text, as it is read back from JIRA, was cut by the bridge. */
export function isCut(text: string, options: TextOptions): boolean {
  return text.trimEnd().endsWith(noteOf(options));
}

/** The note in characters that are written. */
export function noteOf(options: TextOptions): string {
  return storableText(options.cut_note, options).trim();
}

const characters = new Intl.Segmenter('ru', { granularity: 'grapheme' });

/** Longer sequences of combining characters are no writing; they may be cut anywhere. */
const LONGEST_CHARACTER = 64;

/** The first `length` units of a text, or a few less so that no surrogate pair and no combined character is torn. */
export function cutAt(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }

  const from = Math.max(0, length - LONGEST_CHARACTER);
  const around = text.slice(from, length + LONGEST_CHARACTER);
  const start = characters.segment(around).containing(length - from)?.index ?? 0;
  const isEndless = start === 0 && from > 0;
  const cut = text.slice(0, isEndless ? length : from + start);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
