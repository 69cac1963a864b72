import { isWord, type Run } from './phrase.ts';
import type { Reading, Token } from './russian.ts';

/** What a section of a text may be called: «Шаги», «Последовательность действий». */
export interface Label {
  /** The item that the section is about; empty for a label that only ends the section above it. */
  readonly item: string;
  readonly runs: readonly Run[];
}

/** A labelled part of a text, up to the next label. Offsets are those of the text; `end` is exclusive. */
export interface Section {
  readonly item: string;
  /** Where the label begins. */
  readonly start: number;
  /** Where the content begins. */
  readonly content: number;
  readonly end: number;
}

/** Labels by the first word that they can begin with. */
export interface LabelIndex {
  readonly byStem: ReadonlyMap<string, readonly LabelRun[]>;
  readonly byPrefix: readonly LabelRun[];
}

interface LabelRun {
  readonly item: string;
  readonly run: Run;
}

export function indexLabels(labels: readonly Label[]): LabelIndex {
  const byStem = new Map<string, LabelRun[]>();
  const byPrefix: LabelRun[] = [];
  for (const { item, runs } of labels) {
    for (const run of runs) {
      const [first] = run;
      if (first !== undefined && 'stem' in first) {
        byStem.set(first.stem, [...(byStem.get(first.stem) ?? []), { item, run }]);
      } else if (first !== undefined) {
        byPrefix.push({ item, run });
      }
    }
  }
  return { byStem, byPrefix };
}

/**
 * The labelled sections of a text in their order. A label stands at the beginning of a line or after a sentence; a colon, a
 * dash, a number or the end of the line parts it from its content. Linear in the length of the text.
 */
export function findSections(reading: Reading, index: LabelIndex): readonly Section[] {
  const { text, tokens } = reading;
  const heads: { item: string; start: number; content: number }[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const found = labelAt(reading, at, index);
    if (found !== undefined) {
      heads.push(found);
      while ((tokens[at + 1]?.end ?? Number.POSITIVE_INFINITY) <= found.content) {
        at += 1;
      }
    }
  }
  return heads.map((head, order) => ({ ...head, end: heads[order + 1]?.start ?? text.length }));
}

function labelAt(reading: Reading, at: number, { byStem, byPrefix }: LabelIndex) {
  const { tokens, text } = reading;
  const token = tokens[at];
  if (token === undefined) {
    return undefined;
  }

  const [longest] = [...(byStem.get(token.stem) ?? []), ...byPrefix]
    .filter(({ run }) => standsAt(tokens, run, at))
    .sort((left, right) => right.run.length - left.run.length);
  const last = tokens[at + (longest?.run.length ?? 0) - 1];
  if (longest === undefined || last === undefined) {
    return undefined;
  }

  const place = placeOf(reading, at);
  const content = place === undefined ? undefined : contentAfter(text, last.end, place, longest.run.length);
  const start = (place === 'numbered' ? tokens[at - 1] : token)?.start ?? token.start;
  return content === undefined ? undefined : { item: longest.item, start, content };
}

function standsAt(tokens: readonly Token[], run: Run, at: number): boolean {
  return run.every((word, offset) => {
    const token = tokens[at + offset];
    const isNear = offset === 0 || (token?.start ?? 0) - (tokens[at + offset - 1]?.end ?? 0) <= 3;
    return token !== undefined && isNear && isWord(token, word);
  });
}

type Place = 'line' | 'numbered' | 'sentence' | 'clause';

/** Where a label may stand, by what is written before it. */
function placeOf({ text, tokens }: Reading, at: number): Place | undefined {
  const start = tokens[at]?.start ?? 0;
  const before = text.slice(Math.max(tokens[at - 1]?.end ?? 0, start - LOOK), start);
  if (at === 0 || before.includes('\n')) {
    return 'line';
  }

  if (isNumber(tokens[at - 1]) && /^[.)]\s*[*«"]*$/.test(before) && !endsValue(text, tokens[at - 1])) {
    return 'numbered';
  }

  if (/[.!?…;»"”)]\s|[.!?…;]/.test(before)) {
    return 'sentence';
  }

  // People in a hurry leave the full stop out: «Шаги: открыть заявку Ожидаю: …».
  const isCapital = /\p{Lu}/u.test(text.slice(start, start + 1));
  return isCapital || /[,–—]|\s-\s/.test(before) ? 'clause' : undefined;
}

/** «Ожидаю: 26.11. Получаю: …», «Ожидаю: 15. Получаю: …»: the number belongs to the content before it and counts nothing. */
function endsValue(text: string, number: Token | undefined): boolean {
  const start = number?.start ?? 0;
  return /(\d[.,:/]|[:=]\s?)$/.test(text.slice(Math.max(0, start - LOOK), start));
}

function isNumber(token: Token | undefined): boolean {
  return token !== undefined && /^\d{1,2}$/.test(token.word);
}

/** Signs that part a label from its content, a remark before them included: «Шаги (по порядку): …». */
const COLON = /^[ \t*_»")]*(?:\([^()\n]{1,60}\)[ \t]*)?(?::|=)/u;
const REMARK = /^(?:[ \t]+[\p{L}\p{N}-]{1,20}){1,3}[ \t]*:/u;
const DASH = /^[ \t*_»")]*(?:[–—]|[ \t]-|-(?=\s))/u;
const LINE_END = /^[ \t*_»").]*(?:\n|$)/u;
const NUMBER = /^[ \t]*(?=\n?[ \t]*\d{1,2}[.)])/u;

/** Characters on either side of a label that can tell whether it is one. */
const LOOK = 200;

/** Where the content begins; undefined where the words are no label at such a place. */
function contentAfter(text: string, end: number, place: Place, words: number): number | undefined {
  const rest = text.slice(end, end + LOOK);
  const signs: readonly RegExp[] = {
    line: [COLON, DASH, LINE_END, NUMBER, REMARK],
    numbered: [COLON, DASH, LINE_END, NUMBER, REMARK],
    sentence: [COLON, DASH, NUMBER],
    clause: [COLON],
  }[place];
  const match = signs.map((sign) => sign.exec(rest)).find((each) => each !== null);
  if (match !== undefined) {
    return end + match[0].length;
  }

  // Two words such as «ожидаемый результат» begin no sentence of another kind.
  const isPlain = (place === 'line' || place === 'numbered') && words > 1 && /^[ \t]/.test(rest);
  return isPlain ? end : undefined;
}
