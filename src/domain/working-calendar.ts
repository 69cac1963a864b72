import type { Calendar, Stretch } from './calendar.ts';
import type { Zone } from './zone.ts';

/** Days of one year that differ from the five-day week. Dates are `2026-01-31`. */
export interface WorkingYear {
  readonly year: number;
  /** Not decreed yet: every deadline that rests on it is marked. */
  readonly isProvisional: boolean;
  readonly daysOff: ReadonlyMap<string, string>;
  /** Saturdays and Sundays that are worked. */
  readonly workingDays: ReadonlySet<string>;
  /** Days before a holiday, an hour shorter by labour law. */
  readonly shortDays: ReadonlySet<string>;
}

export interface WorkingHours {
  readonly name: string;
  readonly zone: Zone;
  /** Milliseconds since midnight. */
  readonly from: number;
  readonly to: number;
  /** Which days are worked (R13). */
  readonly days: 'production_calendar' | 'mon_fri' | 'every_day';
  /** Whether the window of a short day ends an hour earlier (R13). */
  readonly shortDays: 'full' | 'hour_less';
  /** For the production calendar only. */
  readonly years: readonly WorkingYear[];
}

/** Years in which weeks without a production calendar are laid out. */
const PLAIN_YEARS = { first: 2000, last: 2099 } as const;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Clock B: a window on working days (R13). Years that it is not given are uncovered, never guessed. */
export function createWorkingCalendar(hours: WorkingHours): Calendar {
  const { name, zone } = hours;
  const years = new Map(yearsOf(hours).map((year) => [year.year, year]));
  const { starts, ends, openUntil } = layOut(hours, [...years.values()]);
  const provisional = [...years.values()].filter(({ isProvisional }) => isProvisional).map(({ year }) => year);
  const openBefore = (moment: number): number => {
    const last = lastAtMost(starts, moment);
    return last < 0 ? 0 : at(openUntil, last) - Math.max(0, at(ends, last) - moment);
  };

  return {
    name,
    zone,
    openBefore,
    momentAt: (open) => {
      const next = firstAtLeast(openUntil, open);
      return next === openUntil.length ? undefined : at(ends, next) - (at(openUntil, next) - open);
    },
    uncoveredYear: (from, to) => {
      const last = to === undefined ? Number.POSITIVE_INFINITY : zone.yearAt(to);
      for (let year = zone.yearAt(from); year <= last; year += 1) {
        if (!years.has(year)) {
          return year;
        }
      }
      return undefined;
    },
    provisionalYears: (from, to) => {
      const [first, last] = [zone.yearAt(from), zone.yearAt(to)];
      return provisional.filter((year) => first <= year && year <= last);
    },
    stretches: (from, to) => stretchesOf(hours, years, from, to),
    windowOf: (year, month, day) => windowOf(hours, years.get(year), year, month, day),
  };
}

function yearsOf({ days, years }: WorkingHours): readonly WorkingYear[] {
  if (days === 'production_calendar') {
    return [...years].sort((left, right) => left.year - right.year);
  }

  return Array.from({ length: PLAIN_YEARS.last - PLAIN_YEARS.first + 1 }, (_, index) => ({
    year: PLAIN_YEARS.first + index,
    isProvisional: false,
    daysOff: new Map(),
    workingDays: new Set<string>(),
    shortDays: new Set<string>(),
  }));
}

/** All windows in order, and the open time up to the end of each. */
function layOut(hours: WorkingHours, years: readonly WorkingYear[]) {
  const windows = years.flatMap((year) =>
    datesOf(year.year).flatMap(([month, day]) => windowOf(hours, year, year.year, month, day) ?? []),
  );
  const openUntil = new Float64Array(windows.length);
  windows.reduce((open, { from, to }, index) => {
    openUntil[index] = open + to - from;
    return open + to - from;
  }, 0);
  return {
    starts: Float64Array.from(windows, ({ from }) => from),
    ends: Float64Array.from(windows, ({ to }) => to),
    openUntil,
  };
}

function windowOf(hours: WorkingHours, year: WorkingYear | undefined, number: number, month: number, day: number) {
  const date = dateOf(number, month, day);
  if (year === undefined || closedBecause(hours, year, date) !== undefined) {
    return undefined;
  }

  const isShort = hours.shortDays === 'hour_less' && year.shortDays.has(date);
  return {
    from: hours.zone.momentOf(number, month, day, hours.from),
    to: hours.zone.momentOf(number, month, day, isShort ? hours.to - HOUR : hours.to),
  };
}

/** Why a day has no window; undefined for a working day. */
function closedBecause({ days }: WorkingHours, year: WorkingYear, date: string): string | undefined {
  if (days === 'every_day' || year.workingDays.has(date)) {
    return undefined;
  }

  return year.daysOff.get(date) ?? (isWeekend(date) ? 'weekend' : undefined);
}

function stretchesOf(
  hours: WorkingHours,
  years: ReadonlyMap<number, WorkingYear>,
  from: number,
  to: number,
): readonly Stretch[] {
  const found: Stretch[] = [];
  const add = (begin: number, end: number, isOpen: boolean, because: string) => {
    const stretch = { from: Math.max(begin, from), to: Math.min(end, to), isOpen, because };
    if (stretch.from < stretch.to) {
      found.push(stretch);
    }
  };
  const first = hours.zone.localAt(from);
  for (let index = 0, midnight = from; midnight < to; index += 1) {
    const date = new Date(Date.UTC(first.year, first.month - 1, first.day + index));
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()] as const;
    midnight = hours.zone.momentOf(year, month, day, 0);
    const next = hours.zone.momentOf(year, month, day + 1, 0);
    const covering = years.get(year);
    const window = windowOf(hours, covering, year, month, day);
    if (window === undefined) {
      const because = covering && closedBecause(hours, covering, dateOf(year, month, day));
      add(midnight, next, false, because ?? 'no calendar covers the year');
    } else {
      add(midnight, window.from, false, 'outside the window');
      add(window.from, window.to, true, 'working hours');
      add(window.to, next, false, 'outside the window');
    }
  }
  return joinEqual(found);
}

function joinEqual(stretches: readonly Stretch[]): readonly Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches) {
    const last = joined.at(-1);
    if (last?.because === stretch.because) {
      joined[joined.length - 1] = { ...last, to: stretch.to };
    } else {
      joined.push(stretch);
    }
  }
  return joined;
}

function datesOf(year: number): readonly (readonly [month: number, day: number])[] {
  const length = (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / DAY;
  return Array.from({ length }, (_, index) => {
    const date = new Date(Date.UTC(year, 0, 1 + index));
    return [date.getUTCMonth() + 1, date.getUTCDate()] as const;
  });
}

function dateOf(year: number, month: number, day: number): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Whether a date such as `2026-01-31` is a Saturday or a Sunday. */
export function isWeekend(date: string): boolean {
  return [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
}

/** Position of the last value that is not above the limit; -1 if all are. The values rise. */
function lastAtMost(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(values, middle) <= limit) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

/** Position of the first value that is not below the limit; the length if all are. The values rise. */
function firstAtLeast(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(values, middle) >= limit) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}
