import { createRoundTheClock } from '../domain/calendar.ts';
import type { SlaPolicy } from '../domain/table-4.ts';
import type { WordedTerm } from '../domain/table-4-plan.ts';
import type { Term } from '../domain/term.ts';
import { createWorkingCalendar, type WorkingYear } from '../domain/working-calendar.ts';
import { createZone } from '../domain/zone.ts';
import type { CalendarFile, SlaMapping, WorkingYearFile } from './sla-schema.ts';

type TermRow = SlaMapping['targets'][number]['reaction'];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Valid targets and calendars -> Table 4 as the arithmetic takes it. */
export function compileSla(sla: SlaMapping, calendars: readonly CalendarFile[]): SlaPolicy {
  const { round_the_clock, working_hours } = sla.hours;
  const clocks = {
    round_the_clock: createRoundTheClock(round_the_clock.calendar, sla.zone),
    working_hours: createWorkingCalendar({
      name: working_hours.calendar,
      zone: createZone(sla.zone),
      from: timeOfDay(working_hours.from),
      to: timeOfDay(working_hours.to),
      days: working_hours.days,
      shortDays: working_hours.short_days,
      years: calendars.flatMap((file) =>
        file.kind === 'working_year' && file.calendar === working_hours.calendar ? [compileYear(file)] : [],
      ),
    }),
  };
  const worded = (row: TermRow): WordedTerm => ({ words: wordsOf(row), term: compileTerm(row, sla) });
  const { readings } = sla;

  return {
    warnAt: sla.warn_at,
    readings: {
      reactionStartsAt: readings.reaction_starts_at,
      reactionPauses: readings.reaction_pauses,
      plus: readings.plus,
      workaroundBase: readings.workaround_base,
      lateWorkaround: readings.late_workaround,
      priorityRaised: readings.priority_raised,
    },
    targets: sla.targets.map((row) => ({
      number: row.number,
      name: row.priority,
      clause: row.clause,
      calendar: clocks[row.hours],
      counting: row.terms,
      terms: {
        reaction: worded(row.reaction),
        diagnosis: worded(row.diagnosis),
        workaround: worded(row.workaround),
        resolution: worded(row.resolution),
        resolutionIfWorkaround: row.resolution_if_workaround && worded(row.resolution_if_workaround),
      },
    })),
  };
}

/** Days that a row of `days_off` stands for, as `2026-01-31`, in order. */
export function datesOf(row: WorkingYearFile['days_off'][number]): readonly string[] {
  if ('date' in row) {
    return [row.date];
  }

  const first = Date.parse(`${row.from}T00:00:00Z`);
  const length = (Date.parse(`${row.to}T00:00:00Z`) - first) / DAY + 1;
  return Array.from({ length: Math.max(0, length) }, (_, index) =>
    new Date(first + index * DAY).toISOString().slice(0, 10),
  );
}

/** `05:00` -> milliseconds since midnight. */
export function timeOfDay(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * HOUR + minutes * MINUTE;
}

function compileYear(file: WorkingYearFile): WorkingYear {
  return {
    year: file.year,
    isProvisional: file.status === 'provisional',
    daysOff: new Map(file.days_off.flatMap((row) => datesOf(row).map((date) => [date, row.name] as const))),
    workingDays: new Set(file.working_days),
    shortDays: new Set(file.short_days),
  };
}

function compileTerm(row: TermRow, { readings, hours }: SlaMapping): Term {
  const { minutes = 0, hours: wholeHours = 0, days = 0, working_hours = 0, working_days, months } = row;
  if (months !== undefined) {
    return { kind: 'month', months, reading: readings.month };
  }

  if (working_days === undefined) {
    return { kind: 'open', ms: minutes * MINUTE + (wholeHours + working_hours) * HOUR + days * DAY };
  }

  switch (readings.working_day) {
    case 'end_of_day':
      return { kind: 'day-end', days: working_days };
    case 'eight_hours':
      return { kind: 'open', ms: working_days * 8 * HOUR };
    case 'window':
      return {
        kind: 'open',
        ms: working_days * (timeOfDay(hours.working_hours.to) - timeOfDay(hours.working_hours.from)),
      };
  }
}

/** `{ working_days: 2 }` -> `2 working days`. */
function wordsOf(row: TermRow): string {
  const [[unit, value] = ['', 0]] = Object.entries(row).filter(([, amount]) => amount !== undefined);
  const words = unit.replace('_', ' ');
  return `${value} ${value === 1 ? words.replace(/s$/, '') : words}`;
}
