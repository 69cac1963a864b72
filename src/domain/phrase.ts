import type { Reading, Token } from './russian.ts';

/** A stem, of this very form of the word where `form` is given; or with `prefix` the beginning of a folded word. */
export type Word = { readonly stem: string; readonly form?: string } | { readonly prefix: string };

/** Words that stand side by side in this order. */
export type Run = readonly Word[];

/** A phrase of the mappings: each place is filled by one of its runs; places may stand in any order. */
export interface Phrase {
  /** As the administrator wrote it. */
  readonly source: string;
  readonly places: readonly (readonly Run[])[];
}

/** How words around a phrase take its meaning away. */
export interface Negation {
  /** Directly before one of the words: «не», «без», «нельзя сказать, что». */
  readonly before: readonly Run[];
  /** Directly after one of the words: «нет», «не наблюдается». */
  readonly after: readonly Run[];
  /** Anywhere before the phrase in its clause: «если», «чтобы». It then states nothing. */
  readonly supposed: readonly Run[];
  /** How many other words may stand among the words of a phrase. */
  readonly gap: number;
}

export interface Mention {
  readonly where: string;
  /** The words of the text itself, from the first to the last of the phrase. */
  readonly quote: string;
  /** Offsets in the text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly sentence: number;
  /** `denied` for «не недоступна». A mere supposition is no mention. */
  readonly sense: 'stated' | 'denied';
}

interface Span {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Every place of the text where all words of the phrase stand together in one sentence, in the order of the text. */
export function findPhrase(reading: Reading, phrase: Phrase, negation: Negation): readonly Mention[] {
  const places = phrase.places.map((runs) => withoutInner(spansOf(reading, runs)));
  const [first, ...others] = places;
  if (first === undefined || places.some((spans) => spans.length === 0)) {
    return [];
  }

  return first.flatMap((anchor) => {
    const spans = gather(reading, [anchor], others, negation.gap);
    return spans === undefined || isSupposed(reading, spans, negation) ? [] : [mention(reading, spans, negation)];
  });
}

/** Groups of words are shared by many phrases: each is looked for once per text. */
const known = new WeakMap<Reading, Map<readonly Run[], readonly Span[]>>();

/** All spans of any of the runs, ascending. */
function spansOf(reading: Reading, runs: readonly Run[]): readonly Span[] {
  const ofReading = known.get(reading) ?? new Map<readonly Run[], readonly Span[]>();
  known.set(reading, ofReading);
  const spans = ofReading.get(runs) ?? search(reading, runs);
  ofReading.set(runs, spans);
  return spans;
}

/** Positions of the words that begin with a letter. */
const initials = new WeakMap<Reading, ReadonlyMap<string, readonly number[]>>();

function beginningWith(prefix: string, reading: Reading): readonly number[] {
  const positions =
    initials.get(reading) ?? Map.groupBy(reading.tokens.keys(), (at) => reading.tokens[at]?.word[0] ?? '');
  initials.set(reading, positions);
  return positions.get(prefix[0] ?? '') ?? [];
}

function search(reading: Reading, runs: readonly Run[]): readonly Span[] {
  const { tokens, byStem } = reading;
  const { byFirstStem, byPrefix } = indexOf(runs);
  const spans: Span[] = [];
  const take = (run: Run, from: number) => {
    if (standsAt(tokens, run, from)) {
      spans.push({ from, to: from + run.length });
    }
  };
  // A letter has fewer words than a group may have members, a pasted log has more.
  for (const stem of byStem.size < byFirstStem.size ? byStem.keys() : byFirstStem.keys()) {
    const starts = byStem.get(stem) ?? [];
    for (const run of starts.length === 0 ? [] : (byFirstStem.get(stem) ?? [])) {
      starts.forEach((from) => {
        take(run, from);
      });
    }
  }
  for (const run of byPrefix) {
    const [first] = run;
    for (const from of first === undefined || 'stem' in first ? [] : beginningWith(first.prefix, reading)) {
      take(run, from);
    }
  }
  return spans.sort((left, right) => left.from - right.from || right.to - left.to);
}

interface RunIndex {
  readonly byFirstStem: ReadonlyMap<string, readonly Run[]>;
  readonly byPrefix: readonly Run[];
}

const indices = new WeakMap<readonly Run[], RunIndex>();

/** The runs by the stem of their first word. */
function indexOf(runs: readonly Run[]): RunIndex {
  const known = indices.get(runs);
  if (known !== undefined) {
    return known;
  }

  const byFirstStem = Map.groupBy(
    runs.filter(([first]) => first !== undefined && 'stem' in first),
    ([first]) => (first !== undefined && 'stem' in first ? first.stem : ''),
  );
  const index = { byFirstStem, byPrefix: runs.filter(([first]) => first !== undefined && 'prefix' in first) };
  indices.set(runs, index);
  return index;
}

/** Where one way to fill a place lies inside another, the longer one says more: «равноценного решения». */
function withoutInner(spans: readonly Span[]): readonly Span[] {
  const kept: Span[] = [];
  for (const span of spans) {
    if (span.to > (kept.at(-1)?.to ?? 0)) {
      kept.push(span);
    }
  }
  return kept;
}

function standsAt(tokens: readonly Token[], run: Run, from: number): boolean {
  return run.every((word, offset) => {
    const token = tokens[from + offset];
    if (token === undefined || token.sentence !== tokens[from]?.sentence) {
      return false;
    }

    return isWord(token, word);
  });
}

export function isWord(token: Token, word: Word): boolean {
  return 'stem' in word
    ? token.stem === word.stem && (word.form === undefined || token.word === word.form)
    : token.word.startsWith(word.prefix);
}

/** Words side by side that a mapping may ask for; it bounds how far apart the words of a phrase can be. */
export const LONGEST_RUN = 5;

/** The nearest words for the other places of the phrase; undefined if they stand too far away. */
function gather(
  reading: Reading,
  chosen: readonly Span[],
  [candidates, ...others]: readonly (readonly Span[])[],
  gap: number,
): readonly Span[] | undefined {
  if (candidates === undefined) {
    return foreignWords(chosen) <= gap ? chosen : undefined;
  }

  // Words of the places still to come may stand among the ones already chosen.
  const room = gap + LONGEST_RUN * others.length;
  const [anchor = { from: 0, to: 0 }] = chosen;
  const reach = gap + LONGEST_RUN * (chosen.length + 1 + others.length);
  const fitting = candidates
    .filter(({ from }) => Math.abs(from - anchor.from) <= reach)
    .map((each) => [...chosen, each])
    .filter((spans) => foreignWords(spans) <= room && areApart(spans) && areInOneSentence(reading, spans))
    .sort((left, right) => distance(left.at(-1) ?? anchor, anchor) - distance(right.at(-1) ?? anchor, anchor));
  for (const spans of fitting) {
    const found = gather(reading, spans, others, gap);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function foreignWords(spans: readonly Span[]): number {
  const { from, to } = hull(spans);
  return to - from - spans.reduce((sum, span) => sum + span.to - span.from, 0);
}

function areApart(spans: readonly Span[]): boolean {
  const last = spans.at(-1);
  return last === undefined || spans.slice(0, -1).every(({ from, to }) => last.to <= from || last.from >= to);
}

function areInOneSentence({ tokens }: Reading, spans: readonly Span[]): boolean {
  return spans.every(({ from }) => tokens[from]?.sentence === tokens[spans[0]?.from ?? 0]?.sentence);
}

function distance(left: Span, right: Span): number {
  return Math.max(left.from, right.from) - Math.min(left.to, right.to);
}

function hull(spans: readonly Span[]): Span {
  return { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) };
}

function isSupposed(reading: Reading, spans: readonly Span[], { supposed }: Negation): boolean {
  const { tokens } = reading;
  const { from, to } = hull(spans);
  const clause = tokens[from]?.clause;
  return spansOf(reading, supposed).some(
    (each) =>
      each.from < to &&
      tokens[each.to - 1]?.clause === clause &&
      !spans.some((span) => each.from >= span.from && each.to <= span.to),
  );
}

function mention(reading: Reading, spans: readonly Span[], { before, after }: Negation): Mention {
  const { tokens, text, where } = reading;
  const { from, to } = hull(spans);
  const isOwn = ({ from: at }: Span) => spans.some((span) => at >= span.from && at < span.to);
  const befores = spansOf(reading, before).filter((each) => !isOwn(each));
  const afters = spansOf(reading, after).filter((each) => !isOwn(each));
  const denied = spans.some(
    (span) =>
      befores.some((each) => each.to === span.from && isJoined(tokens, each.to - 1, span.from)) ||
      afters.some((each) => each.from === span.to && isJoined(tokens, span.to - 1, each.from)),
  );
  const start = tokens[from]?.start ?? 0;
  const end = tokens[to - 1]?.end ?? 0;
  return {
    where,
    quote: text.slice(start, end),
    start,
    end,
    sentence: tokens[from]?.sentence ?? 0,
    sense: denied ? 'denied' : 'stated',
  };
}

/** No comma parts the two, unless it belongs to a set expression such as «нельзя сказать, что». */
function isJoined(tokens: readonly Token[], left: number, right: number): boolean {
  return tokens[left]?.clause === tokens[right]?.clause;
}
