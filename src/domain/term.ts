import type { Calendar, Stretch } from './calendar.ts';

/** Time that does not count because the requester owes information (R26). Epoch milliseconds. */
export interface Pause {
  readonly from: number;
  readonly to: number;
  /** When it was established, if that was later: it moves no deadline that had passed by then (I5). */
  readonly knownSince?: number | undefined;
}

/** How long a stage may take, in the calendar of its priority. */
export type Term =
  /** So many open milliseconds. */
  | { readonly kind: 'open'; readonly ms: number }
  /** Until the same date of a later month (R23). */
  | { readonly kind: 'month'; readonly months: number; readonly reading: MonthReading }
  /** Until the end of the window of the so manyth working day after the start (R22). */
  | { readonly kind: 'day-end'; readonly days: number };

export type MonthReading = 'same_date' | 'thirty_days' | 'end_of_day';

/** Pauses as the arithmetic wants them: in the order in which they became known, apart from each other, in open time. */
export interface PauseTable {
  readonly pauses: readonly Pause[];
  readonly opensFrom: readonly number[];
  readonly opensTo: readonly number[];
  readonly opensKnown: readonly number[];
}

/** A stretch of a term: counted if the calendar is open and nothing pauses it. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly isCounted: boolean;
  /** The calendar's reason, or `paused`. */
  readonly because: string;
}

const DAY = 86_400_000;
const noPauses: PauseTable = { pauses: [], opensFrom: [], opensTo: [], opensKnown: [] };

/** Joins pauses that overlap or touch, and drops empty ones. */
export function tabulatePauses(pauses: readonly Pause[], calendar: Calendar): PauseTable {
  if (pauses.length === 0) {
    return noPauses;
  }

  const apart = pauses.some(isBackdated) ? cutApart(pauses) : joinPauses(pauses);
  return {
    pauses: apart,
    opensFrom: apart.map(({ from }) => calendar.openBefore(from)),
    opensTo: apart.map(({ to }) => calendar.openBefore(to)),
    opensKnown: apart.map((pause) => calendar.openBefore(knownSince(pause))),
  };
}

/**
 * When a term that starts at `start` is used up (R28a): the earliest moment at which that much open and unpaused time has
 * passed. So a term that ends with the window ends at 18:00 and not at the next 05:00, and one that ends where a pause
 * begins is not moved by the pause. Undefined if the calendar ends before.
 */
export function advance(start: number, term: Term, calendar: Calendar, table: PauseTable): number | undefined {
  if (term.kind === 'open') {
    return calendar.momentAt(withPauses(calendar.openBefore(start), term.ms, table));
  }

  const unpaused =
    term.kind === 'month' ? monthAfter(start, term, calendar) : endOfDayAfter(start, term.days, calendar);
  if (unpaused === undefined) {
    return undefined;
  }

  const opensAt = calendar.openBefore(start);
  const open = calendar.openBefore(unpaused);
  const target = withPauses(opensAt, open - opensAt, table);
  // The same open time may have two moments, 18:00 and the next 05:00: without credit the date stays as it was found.
  return target === open ? unpaused : calendar.momentAt(target);
}

/**
 * From `from` to `to` without gaps: what counted and what did not, and why. A pause takes precedence over the calendar.
 */
export function segmentsOf(from: number, to: number, calendar: Calendar, table: PauseTable): readonly Segment[] {
  const end = calendar.openBefore(to);
  const pauses = table.pauses
    .filter((_, index) => (table.opensKnown[index] ?? 0) < end)
    .sort((left, right) => left.from - right.from);
  return calendar.stretches(from, to).flatMap((stretch) => split(stretch, pauses));
}

/** Open time at which the term ends: each pause that is known before the end moves it on by what the pause covers. */
function withPauses(startsAt: number, ms: number, { opensFrom, opensTo, opensKnown }: PauseTable): number {
  let target = startsAt + ms;
  for (let index = 0; index < opensFrom.length; index += 1) {
    if (target <= Math.max(opensKnown[index] ?? 0, startsAt)) {
      break;
    }
    target += Math.max(0, (opensTo[index] ?? 0) - Math.max(opensFrom[index] ?? 0, startsAt));
  }
  return target;
}

/** Open time between two places in open time that a term did not use because of pauses. */
export function pausedBetween(
  opensAt: number,
  closesAt: number,
  { opensFrom, opensTo, opensKnown }: PauseTable,
): number {
  return opensFrom.reduce(
    (sum, from, index) =>
      (opensKnown[index] ?? 0) < closesAt
        ? sum + Math.max(0, Math.min(opensTo[index] ?? 0, closesAt) - Math.max(from, opensAt))
        : sum,
    0,
  );
}

function knownSince({ from, knownSince: known = from }: Pause): number {
  return Math.max(known, from);
}

function isBackdated(pause: Pause): boolean {
  return knownSince(pause) > pause.from;
}

/** In the order in which they became known, each without what the ones before it cover. */
function cutApart(pauses: readonly Pause[]): readonly Pause[] {
  const apart: Pause[] = [];
  for (const pause of [...pauses].sort((left, right) => knownSince(left) - knownSince(right))) {
    const covered = joinPauses(apart);
    const edges = [pause.from, ...covered.flatMap(({ from, to }) => [from, to]), pause.to];
    for (let index = 0; index < edges.length; index += 2) {
      const piece = {
        from: Math.max(edges[index] ?? 0, pause.from),
        to: Math.min(edges[index + 1] ?? 0, pause.to),
        knownSince: knownSince(pause),
      };
      if (piece.from < piece.to) {
        apart.push(piece);
      }
    }
  }
  return apart;
}

function joinPauses(pauses: readonly Pause[]): readonly Pause[] {
  const joined: Pause[] = [];
  for (const pause of pauses.filter(({ from, to }) => from < to).sort((left, right) => left.from - right.from)) {
    const last = joined.at(-1);
    if (last !== undefined && pause.from <= last.to) {
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, pause.to) };
    } else {
      joined.push(pause);
    }
  }
  return joined;
}

/** The same date later, clamped into the window; a month without the date ends with its last day (R23). */
function monthAfter(
  start: number,
  { months, reading }: Extract<Term, { kind: 'month' }>,
  calendar: Calendar,
): number | undefined {
  const { year, month, day, timeOfDay } = calendar.zone.localAt(start);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const date =
    reading === 'thirty_days'
      ? new Date(Date.UTC(year, month - 1, day + 30 * months))
      : new Date(Date.UTC(year, month - 1 + months, Math.min(day, last)));
  const window = nextWindow(date, calendar);
  if (window === undefined) {
    return undefined;
  }

  const { found, from, to } = window;
  const wanted = calendar.zone.momentOf(found.getUTCFullYear(), found.getUTCMonth() + 1, found.getUTCDate(), timeOfDay);
  return reading === 'end_of_day' ? to : Math.min(Math.max(wanted, from), to);
}

function endOfDayAfter(start: number, days: number, calendar: Calendar): number | undefined {
  const { year, month, day } = calendar.zone.localAt(start);
  let date = new Date(Date.UTC(year, month - 1, day));
  let end: number | undefined;
  for (let passed = 0; passed < days; passed += 1) {
    const window = nextWindow(new Date(date.getTime() + DAY), calendar);
    if (window === undefined) {
      return undefined;
    }
    date = window.found;
    end = window.to;
  }
  return end;
}

/** The window of the first working day on or after a date (ГК РФ ст. 193), within the years that are covered. */
function nextWindow(date: Date, calendar: Calendar) {
  for (let found = date; ; found = new Date(found.getTime() + DAY)) {
    const [year, month, day] = [found.getUTCFullYear(), found.getUTCMonth() + 1, found.getUTCDate()] as const;
    const window = calendar.windowOf(year, month, day);
    if (window !== undefined) {
      return { found, ...window };
    }
    if (calendar.uncoveredYear(calendar.zone.momentOf(year, month, day, DAY / 2)) === year) {
      return undefined;
    }
  }
}

function split({ from, to, isOpen, because }: Stretch, pauses: readonly Pause[]): readonly Segment[] {
  const segments: Segment[] = [];
  let reached = from;
  const add = (until: number, isCounted: boolean, why: string) => {
    if (reached < until) {
      segments.push({ from: reached, to: until, isCounted, because: why });
      reached = until;
    }
  };
  for (const pause of pauses) {
    if (pause.to > reached && pause.from < to) {
      add(Math.min(pause.from, to), isOpen, because);
      add(Math.min(pause.to, to), false, 'paused');
    }
  }
  add(to, isOpen, because);
  return segments;
}
