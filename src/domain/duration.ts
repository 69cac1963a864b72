import { foldWord } from './russian.ts';

/** A stretch of time that a text speaks of. */
export interface Duration {
  /** Offsets in the text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** «почти час» counts one minute less than the hour. */
  readonly minutes: number;
  /** True for «меньше часа», «не более 10 минут»: how much less is not said. */
  readonly atMost: boolean;
}

export interface DurationOptions {
  /** Whether «2 часа назад» says how long it has been going on. */
  readonly ago: 'lasts' | 'ignored';
  /** Minute of the day that «с утра» means. */
  readonly morning: number;
  /** Minute of the day of registration, by which «с 9:40» without an end is measured. */
  readonly registered?: number;
}

const numbers: Readonly<Record<string, number>> = {
  пол: 0.5,
  полтора: 1.5,
  полторы: 1.5,
  полутора: 1.5,
  один: 1,
  одного: 1,
  одну: 1,
  два: 2,
  две: 2,
  двух: 2,
  пара: 2,
  пару: 2,
  пары: 2,
  несколько: 2,
  нескольких: 2,
  три: 3,
  трех: 3,
  четыре: 4,
  четырех: 4,
  пять: 5,
  пяти: 5,
  шесть: 6,
  шести: 6,
  семь: 7,
  восемь: 8,
  девять: 9,
  десять: 10,
  десяти: 10,
  двенадцать: 12,
  пятнадцать: 15,
  пятнадцати: 15,
  двадцать: 20,
  двадцати: 20,
  тридцать: 30,
  тридцати: 30,
  сорок: 40,
  сорока: 40,
  пятьдесят: 50,
  пятидесяти: 50,
};

const units: readonly (readonly [RegExp, number])[] = [
  [/^сек/, 1 / 60],
  [/^мин/, 1],
  [/^ч/, 60],
  [/^(сут|д)/, 1440],
  [/^нед/, 10_080],
];

const NUMBER = `(?:\\d+(?:[.,]\\d+)?|${Object.keys(numbers).join('|')})`;
const UNIT =
  '(?:час(?:а|ов|ик|ика|у)?|ч\\.?|мин(?:ут(?:а|ы|у|ок)?|\\.)?|сек(?:унд(?:а|ы|у)?|\\.)?|сут(?:ки|ок)|день|дн(?:я|ей)|недел(?:я|и|ю|ь))';
const EDGE = '(?<![\\p{L}\\p{N}.,:])';
const STOP = '(?![\\p{L}\\p{N}])';
const LONE =
  '(?:уже|целый|целые|целую|около|более|больше|дольше|почти|свыше|примерно|порядка|минимум|чуть меньше|меньше|менее|в течение|с лишним)';

/** `10 минут`, `10-15 мин`, `2-х часов`, `полтора часа`. */
const PLAIN = new RegExp(
  `${EDGE}(?<low>${NUMBER})(?:\\s*(?:-|–|—|или)\\s*(?<high>${NUMBER}))?(?:-?(?:ти|х|ми|ью))?\\s*(?<unit>${UNIT})${STOP}`,
  'gu',
);
const HALF = new RegExp(`${EDGE}(?:полчаса|получаса|полчасика)${STOP}`, 'gu');
/** `минут 15`, `часа два`. */
const TURNED = new RegExp(`${EDGE}(?<unit>минут|часа|часов|дня|дней)\\s+(?<low>${NUMBER})${STOP}(?!\\s*${UNIT})`, 'gu');
/** `уже час`, `около часа`. */
const ALONE = new RegExp(`${EDGE}(?<=${LONE}\\s)(?<unit>час(?:а|у)?|сут(?:ки|ок)|недел[яюи])${STOP}`, 'gu');
/** `второй час`, `третьи сутки`: the ones before have passed. */
const NTH = new RegExp(
  `${EDGE}(?<nth>втор|трет|четверт|пят)(?:ой|ый|ий|ые|ьи|ую|ью)\\s+(?<unit>час|сут(?:ки|ок)|день|недел[яю])${STOP}`,
  'gu',
);
/** A working day is eight hours at least. */
const DAY = new RegExp(`${EDGE}(?:весь|целый) день${STOP}`, 'gu');
const MORNING = new RegExp(`${EDGE}с (?:самого |раннего )?утра${STOP}`, 'gu');
/** `с 9:40 до 11:10`, `9.40–11.10`, `с 9 до 11`. */
const CLOCKS =
  /(?<![\p{L}\p{N}.,:-])(?<since>со?\s+)?(?<h1>\d{1,2})(?:(?<s1>[:.-])(?<m1>\d{2}))?(?:\s*(?:ч\.?|час(?:а|ов)?|утра|дня|мск))?\s*(?:до|по|-|–|—)\s*(?<h2>\d{1,2})(?:(?<s2>[:.-])(?<m2>\d{2}))?(?![\d.:]\d|\d|\s*(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|мин|сек|чел|польз|сут|дн|раз|%|шт))/gu;
/** `с 9:40`, `с 8 утра`, without an end. */
const SINCE =
  /(?<![\p{L}\p{N}.,:])(?:с|начиная с)\s+(?<h1>\d{1,2})(?:(?<s1>[:-])(?<m1>\d{2})|\s+(?:утра|часов|ч\.?))(?![\p{L}\d])/gu;

const BEFORE_IGNORED = /(?:через|кажд(?:ые|ый|ую|ое)|раз в|раза в|срок(?:ом)?|не позднее|по истечении|вместо)\s*$/u;
const BEFORE_ALMOST = /(?:почти|чуть меньше|чуть менее)\s*$/u;
const BEFORE_AT_MOST =
  /(?:(?<!не )(?:менее|меньше)(?:\s+чем(?:\s+за)?)?|не более|не больше|не дольше|максимум|в пределах)\s*$/u;

/** All stretches of time of a text, in its order. Numbers that belong together («1 час 20 минут») are added up. */
export function findDurations(text: string, options: DurationOptions): readonly Duration[] {
  const folded = foldLengthwise(text);
  const found = [
    ...matches(folded, PLAIN, ({ low, unit }) => toNumber(low) * perUnit(unit)),
    ...matches(folded, HALF, () => 30),
    ...matches(folded, TURNED, ({ low, unit }) => toNumber(low) * perUnit(unit)),
    ...matches(folded, ALONE, ({ unit }) => perUnit(unit)),
    ...matches(folded, NTH, ({ nth, unit }) => ordinal(nth) * perUnit(unit)),
    ...matches(folded, DAY, () => 480),
    ...matches(folded, MORNING, () => since(options.morning, options.registered)),
    ...matches(folded, CLOCKS, betweenClocks),
    ...matches(folded, SINCE, (groups) => sinceClock(groups, options.registered)),
  ];
  const separate = withoutOverlaps(found);
  return addUp(separate, folded).flatMap((each) => judgeContext(each, folded, options));
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly minutes: number;
}

type Groups = Readonly<Record<string, string | undefined>>;

function matches(text: string, pattern: RegExp, measure: (groups: Groups) => number | undefined): readonly Stretch[] {
  return Array.from(text.matchAll(pattern), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    minutes: measure(match.groups ?? {}),
  })).filter((each): each is Stretch => each.minutes !== undefined && each.minutes > 0);
}

function toNumber(written: string | undefined): number {
  return numbers[written ?? ''] ?? Number((written ?? '').replace(',', '.'));
}

function perUnit(unit: string | undefined): number {
  return units.find(([beginning]) => beginning.test(unit ?? ''))?.[1] ?? 0;
}

/** From one time of day to the next; an earlier end lies after midnight. Undefined for what may as well be dates. */
function betweenClocks({ since, h1, m1, s1, h2, m2, s2 }: Groups): number | undefined {
  if (since === undefined && (s1 !== ':' || s2 !== ':')) {
    return undefined;
  }

  const from = minuteOfDay(h1, m1);
  const to = minuteOfDay(h2, m2);
  const written = [m1, m2].filter((part) => part !== undefined);
  const bare = written.length === 0;
  const mayBeDates = [s1, s2].includes('.') && written.every((part) => Number(part) >= 1 && Number(part) <= 12);
  if (from === undefined || to === undefined || mayBeDates || (bare && from >= to)) {
    return undefined;
  }

  return to > from ? to - from : to - from + 1440;
}

/** The number of whole units that have passed before the nth. */
function ordinal(nth: string | undefined): number {
  return ['втор', 'трет', 'четверт', 'пят'].indexOf(nth ?? '') + 1;
}

function sinceClock({ h1, m1 }: Groups, registered: number | undefined): number | undefined {
  return since(minuteOfDay(h1, m1), registered);
}

function since(from: number | undefined, registered: number | undefined): number | undefined {
  return from === undefined || registered === undefined || from >= registered ? undefined : registered - from;
}

function minuteOfDay(hours: string | undefined, minutes = '0'): number | undefined {
  const [hour, minute] = [Number(hours), Number(minutes)];
  return hour < 24 && minute < 60 ? hour * 60 + minute : undefined;
}

/** Where two forms match the same words, the longer one is meant. */
function withoutOverlaps(found: readonly Stretch[]): readonly Stretch[] {
  const byLength = [...found].sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  const kept: Stretch[] = [];
  for (const each of byLength) {
    if (kept.every(({ start, end }) => each.end <= start || each.start >= end)) {
      kept.push(each);
    }
  }
  return kept.sort((a, b) => a.start - b.start);
}

function addUp(found: readonly Stretch[], text: string): readonly Stretch[] {
  const sums: Stretch[] = [];
  for (const each of found) {
    const last = sums.at(-1);
    const joined =
      last !== undefined && last.minutes > each.minutes && /^(?:\s|\sи\s)$/u.test(text.slice(last.end, each.start));
    if (last !== undefined && joined) {
      sums[sums.length - 1] = { start: last.start, end: each.end, minutes: last.minutes + each.minutes };
    } else {
      sums.push(each);
    }
  }
  return sums;
}

/** «через 2 часа» and «каждые 10 минут» say nothing of how long something lasts. */
function judgeContext(each: Stretch, text: string, { ago }: DurationOptions): readonly Duration[] {
  const before = text.slice(Math.max(0, each.start - 24), each.start);
  const after = text.slice(each.end, each.end + 12);
  if (BEFORE_IGNORED.test(before) || (ago === 'ignored' && /^\s+назад/u.test(after))) {
    return [];
  }

  return BEFORE_ALMOST.test(before)
    ? [{ ...each, minutes: each.minutes - 1, atMost: false }]
    : [{ ...each, atMost: BEFORE_AT_MOST.test(before) }];
}

/** Folded letter by letter, so that offsets stay those of the original. */
function foldLengthwise(text: string): string {
  return text.replaceAll(/\p{Lu}|ё/gu, (letter) => {
    const folded = foldWord(letter);
    return folded.length === letter.length ? folded : letter;
  });
}
