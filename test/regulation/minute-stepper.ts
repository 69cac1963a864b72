import { DateTime } from 'luxon';

/** Table 4 once more, by walking from minute to minute: slow, simple, and without a line of the product. */
export interface SteppedCase {
  readonly priority: number;
  readonly registered: number;
  readonly complete: number;
  readonly pauses: readonly { readonly from: number; readonly to: number }[];
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const MOSCOW = 180 * MINUTE;

/** Weekdays off and weekend days worked, written out by hand from the decrees; 2027 by the labour code. */
const daysOff = new Set(
  `2025-01-01 2025-01-02 2025-01-03 2025-01-06 2025-01-07 2025-01-08 2025-05-01 2025-05-02 2025-05-08 2025-05-09
   2025-06-12 2025-06-13 2025-11-03 2025-11-04 2025-12-31
   2026-01-01 2026-01-02 2026-01-05 2026-01-06 2026-01-07 2026-01-08 2026-01-09 2026-02-23 2026-03-09 2026-05-01
   2026-05-11 2026-06-12 2026-11-04 2026-12-31
   2027-01-01 2027-01-04 2027-01-05 2027-01-06 2027-01-07 2027-01-08 2027-02-23 2027-03-08 2027-05-03 2027-05-10
   2027-06-14 2027-11-04`.split(/\s+/),
);
const workedSaturdays = new Set(['2025-11-01']);
const workingDays = new Map<number, boolean>();

/** Minutes of each stage from its start, rising; `month` for the calendar month. */
export const rows: Readonly<Record<number, readonly (number | 'month')[]>> = {
  1: [30, 90, 150, 240, 150 + 4 * 1440],
  2: [30, 90, 210, 330, 210 + 5 * 1440],
  3: [60, 780, 2 * 780, 5 * 780, 10 * 780],
  4: [780, 3 * 780, 5 * 780, 'month'],
};

/** Deadlines in the order of the table, epoch milliseconds. Moments must lie on steps. */
export function stepThrough(ticket: SteppedCase, step: number = MINUTE): readonly number[] {
  const isOpen = ticket.priority <= 2 ? () => true : isSupportTime;
  const isPaused = (moment: number) => ticket.pauses.some(({ from, to }) => from <= moment && moment < to);
  const counts = (moment: number) => isOpen(moment) && !isPaused(moment);
  const [reaction = 0, ...others] = rows[ticket.priority] ?? [];
  const lengths = others.filter((minutes) => minutes !== 'month');

  return [
    ...walk(ticket.registered, [Number(reaction)], counts, step),
    ...walk(ticket.complete, lengths, counts, step),
    ...(others.includes('month') ? [month(ticket.complete, isPaused, step)] : []),
  ];
}

/** When so many minutes had counted, for each of the rising numbers. */
function walk(start: number, minutes: readonly number[], counts: (moment: number) => boolean, step: number) {
  let counted = 0;
  let moment = start;
  return minutes.map((wanted) => {
    for (; counted < wanted * MINUTE; moment += step) {
      counted += counts(moment) ? step : 0;
    }
    return moment;
  });
}

function month(start: number, isPaused: (moment: number) => boolean, step: number): number {
  const due = monthAfter(start);
  let owed = 0;
  for (let moment = start; moment < due; moment += step) {
    owed += isSupportTime(moment) && isPaused(moment) ? step : 0;
  }
  let moment = due;
  for (; owed > 0; moment += step) {
    owed -= isSupportTime(moment) && !isPaused(moment) ? step : 0;
  }
  return moment;
}

/** «1 месяц» without pauses (R23). */
export function monthAfter(start: number): number {
  let date = DateTime.fromMillis(start, { zone: 'Europe/Moscow' }).plus({ months: 1 });
  while (!isWorkingDay(date.toMillis())) {
    date = date.plus({ days: 1 });
  }
  const opens = date.set({ hour: 5, minute: 0, second: 0, millisecond: 0 });
  const closes = opens.set({ hour: 18 });
  return DateTime.min(DateTime.max(date, opens), closes).toMillis();
}

/** «Рабочее время (с 05:00 до 18:00 МСК)» (R13). */
export function isSupportTime(moment: number): boolean {
  const minuteOfDay = ((moment + MOSCOW) % DAY) / MINUTE;
  return minuteOfDay >= 300 && minuteOfDay < 1080 && isWorkingDay(moment);
}

function isWorkingDay(moment: number): boolean {
  const day = Math.floor((moment + MOSCOW) / DAY);
  const known = workingDays.get(day);
  if (known !== undefined) {
    return known;
  }

  const date = new Date(day * DAY);
  const name = date.toISOString().slice(0, 10);
  const isWorked = [0, 6].includes(date.getUTCDay()) ? workedSaturdays.has(name) : !daysOff.has(name);
  workingDays.set(day, isWorked);
  return isWorked;
}
