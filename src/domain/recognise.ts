import type { Evidence } from './criterion.ts';
import { textOf } from './field-value.ts';
import { findPhrase, type Phrase } from './phrase.ts';
import { type AskedTicket, ask, findInTexts, type Question, statedIn } from './question.ts';
import { foldWord } from './russian.ts';
import type { SourceText } from './source-text.ts';
import type { Attachment, Snapshot } from './ticket.ts';

export const itemProperties = [
  'title',
  'text',
  'requester.name',
  'requester.login',
  'requester.email',
  'requester.phone',
] as const;

export type ItemProperty = (typeof itemProperties)[number];

/** One way to see that the ticket says what an item asks for. */
export type Recogniser =
  | Question
  | { readonly by: 'label' }
  | { readonly by: 'field'; readonly field: string }
  | { readonly by: 'property'; readonly property: ItemProperty; readonly from: number }
  | { readonly by: 'number'; readonly digits: DigitCount; readonly near: readonly Phrase[] }
  | { readonly by: 'image'; readonly bytesFrom: number }
  | { readonly by: 'numbered-lines'; readonly atLeast: number };

interface DigitCount {
  readonly from: number;
  readonly to: number;
}

/** What shows that the ticket says it; undefined where nothing does. */
export function recognise(recogniser: Recogniser, item: string, subject: AskedTicket): Evidence | undefined {
  switch (recogniser.by) {
    case 'label':
      return findInTexts(recogniser, subject, (source) => sectionOf(source, item, subject));
    case 'field':
      return evidence(`fields.${recogniser.field}`, textOf(subject.ticket.fields[recogniser.field]));
    case 'property':
      return filledProperty(recogniser, subject);
    case 'number':
      return findInTexts(recogniser, subject, (source) => numberIn(source, recogniser, subject));
    case 'numbered-lines':
      return findInTexts(recogniser, subject, (source) => numberedIn(source, recogniser.atLeast));
    case 'image':
      return imageIn(subject, recogniser.bytesFrom);
    case 'phrases':
      return findInTexts(recogniser, subject, (source) =>
        isLeftEmpty(source, item, subject) ? undefined : statedIn(source, recogniser.phrases, subject.reading),
      );
    case 'condition':
      return ask(recogniser, subject);
  }
}

const NUMBERED = /^[^\S\n]{0,8}\d{1,2}[.)][^\S\n]+\p{L}[^\n]{3,}$/gmu;
const NUMBERED_LABEL = /^\s*\d+[.)]\s+[\p{L}\s]{2,40}[:—–-]/u;

/** «1. Открыть отчёты», «2) Нажать»: steps, whether or not anything calls them so. A numbered label is none. */
function numberedIn({ where, reading, text }: SourceText, atLeast: number): Evidence | undefined {
  const lines = [...reading.text.matchAll(NUMBERED)].filter(([line]) => !NUMBERED_LABEL.test(line));
  const [first] = lines;
  return first === undefined || lines.length < atLeast
    ? undefined
    : evidence(where, text.slice(first.index, first.index + QUOTE).trim());
}

/** Characters of a quotation. */
const QUOTE = 80;

function evidence(where: string, text: string | undefined): Evidence | undefined {
  return text === undefined ? undefined : { where, quote: text.slice(0, QUOTE) };
}

function sectionOf({ sections, text, reading, where }: SourceText, item: string, subject: AskedTicket) {
  const filled = sections.find((section) => {
    const own = reading.text.slice(section.content, section.end);
    return section.item === item && says(own, subject.reading.sectionFrom, subject);
  });
  return filled === undefined
    ? undefined
    : evidence(where, text.slice(filled.start, Math.min(filled.end, filled.start + QUOTE)).trim());
}

/** Whether the text has a section for the item and says nothing in it: other words of it do not make up for that. */
function isLeftEmpty(source: SourceText, item: string, subject: AskedTicket): boolean {
  return source.sections.some((section) => section.item === item) && sectionOf(source, item, subject) === undefined;
}

/** Whether a content says anything: «нет», «-» and «см. вложение» do not. */
function says(content: string, from: number, { reading }: AskedTicket): boolean {
  const words = content.match(/[\p{L}\p{N}]+/gu) ?? [];
  // «Ожидаю: 15» says all that there is to say.
  const isLong = words.reduce((sum, { length }) => sum + length, 0) >= from || ANSWER.test(content);
  return isLong && !(words.length <= EMPTY_WORDS && reading.emptyWords.has(foldWord(words.join(' '))));
}

/** A number or a date in the line of its label; the number of the next line is none. */
const ANSWER = /^[^\S\n]*\p{N}/u;

/** The longest content that says nothing, in words. */
const EMPTY_WORDS = 6;

function filledProperty(
  recogniser: Extract<Recogniser, { by: 'property' }>,
  subject: AskedTicket,
): Evidence | undefined {
  const { property, from } = recogniser;
  if (property !== 'title' && property !== 'text') {
    return evidence(property, personal(property, subject.ticket));
  }

  return findInTexts(recogniser, subject, ({ where, reading, text }) => {
    const isMeant = (where === 'title') === (property === 'title');
    return isMeant && says(reading.text, from, subject) ? evidence(where, text.trim()) : undefined;
  });
}

function personal(property: Exclude<ItemProperty, 'title' | 'text'>, { requester }: Snapshot): string | undefined {
  switch (property) {
    case 'requester.name':
      return isFullName(requester?.name ?? '') ? requester?.name : undefined;
    case 'requester.login':
      return textOf(requester?.login);
    case 'requester.email':
      return textOf(requester?.email);
    case 'requester.phone':
      return textOf(requester?.phone);
  }
}

/** At least two words; a login or an address that stands for a name is none. */
function isFullName(name: string): boolean {
  const words = name.split(/\s+/, 5).filter((word) => /\p{L}/u.test(word) && !word.includes('@'));
  return words.length > 1 && words.some((word) => /\p{L}{2}/u.test(word));
}

/** A number in a sentence that says what it is the number of. */
function numberIn(
  source: SourceText,
  { digits, near }: Extract<Recogniser, { by: 'number' }>,
  { reading: { negation } }: AskedTicket,
): Evidence | undefined {
  const { tokens } = source.reading;
  const numbers = tokens.filter(({ word }) => {
    const { length } = word.replace(/\D/g, '');
    return length >= digits.from && length <= digits.to;
  });
  if (numbers.length === 0) {
    return undefined;
  }

  const sentences = new Set(
    near.flatMap((phrase) => findPhrase(source.reading, phrase, negation)).map(({ sentence }) => sentence),
  );
  const found = numbers.find(({ sentence }) => sentences.has(sentence));
  return found === undefined ? undefined : evidence(source.where, source.text.slice(found.start, found.end));
}

const IMAGE_NAME = /\.(?:png|jpe?g|gif|bmp|webp|heic|tiff?)$/i;

/** Small images are the logos of signatures. */
function imageIn({ ticket, sources }: AskedTicket, bytesFrom: number): Evidence | undefined {
  const texts = new Set([`article ${ticket.textCommentId ?? ''}`, ...sources.map(({ where }) => where)]);
  const image = ticket.attachments.find(
    (file) =>
      isImage(file) &&
      file.size >= bytesFrom &&
      (file.commentId === undefined || texts.has(`article ${file.commentId}`)),
  );
  return evidence('attachment', image?.name);
}

function isImage({ contentType, name }: Attachment): boolean {
  return contentType.startsWith('image/') || IMAGE_NAME.test(name);
}
