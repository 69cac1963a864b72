import { isWeekend } from '../domain/working-calendar.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import type { CalendarSource } from './calendars.ts';
import { datesOf } from './sla-compile.ts';
import type { SlaMapping, WorkingYearFile } from './sla-schema.ts';

/** Calendars that `sla.yaml` names and nobody wrote, years left out, and days that contradict each other. */
export function crossCheckCalendars(
  sla: SlaMapping,
  source: YamlFile,
  calendars: readonly CalendarSource[],
): readonly Fault[] {
  return [
    ...missingCalendars(sla, source, calendars),
    ...calendars.flatMap(misnamed),
    ...calendars.flatMap((file) => (file.value.kind === 'working_year' ? faultsOfYear(file.value, file.source) : [])),
  ];
}

function missingCalendars(
  { hours }: SlaMapping,
  source: YamlFile,
  calendars: readonly CalendarSource[],
): readonly Fault[] {
  const { round_the_clock, working_hours } = hours;
  const hasOpen = calendars.some(
    ({ value }) => value.kind === 'round_the_clock' && value.calendar === round_the_clock.calendar,
  );
  const years = calendars
    .flatMap(({ value }) =>
      value.kind === 'working_year' && value.calendar === working_hours.calendar ? [value.year] : [],
    )
    .sort((left, right) => left - right);
  const gap = years.find((year, index) => index > 0 && year > (years[index - 1] ?? year) + 1);
  const at = (clock: keyof typeof hours, message: string, file: string) =>
    source.fault(['hours', clock, 'calendar'], 'value', message, `Add calendars/${file}.yaml.`);
  const isNeeded = working_hours.days === 'production_calendar';

  return [
    ...(hasOpen
      ? []
      : [at('round_the_clock', `there is no calendar «${round_the_clock.calendar}»`, round_the_clock.calendar)]),
    ...(isNeeded && years.length === 0
      ? [at('working_hours', `calendar «${working_hours.calendar}» has no years`, `${working_hours.calendar}-2026`)]
      : []),
    ...(isNeeded && gap !== undefined
      ? [
          at(
            'working_hours',
            `calendar «${working_hours.calendar}» does not cover ${gap - 1}`,
            `${working_hours.calendar}-${gap - 1}`,
          ),
        ]
      : []),
  ];
}

function misnamed({ name, value, source }: CalendarSource): readonly Fault[] {
  const expected = value.kind === 'working_year' ? `${value.calendar}-${value.year}` : value.calendar;
  return name === expected
    ? []
    : [
        source.fault(
          [value.kind === 'working_year' ? 'year' : 'calendar'],
          'value',
          `the file should be called ${expected}.yaml`,
          'Rename it, or mend its contents.',
        ),
      ];
}

function faultsOfYear(file: WorkingYearFile, source: YamlFile): readonly Fault[] {
  const off = new Set<string>();
  const outside = (path: readonly (string | number)[], date: string) =>
    date.startsWith(`${file.year}-`)
      ? []
      : [source.fault(path, 'value', `${date} does not lie in ${file.year}`, 'Each year has a file of its own.')];
  const daysOff = file.days_off.flatMap((row, index) => {
    const path = ['days_off', index];
    const ends = 'date' in row ? { date: row.date } : { from: row.from, to: row.to };
    const strayed = Object.entries(ends).flatMap(([key, date]) => outside([...path, key], date));
    if (strayed.length > 0) {
      return strayed;
    }
    return faultsOfDayOff(row, path, file, off, source);
  });
  const workingDays = file.working_days.flatMap((date, index) => [
    ...outside(['working_days', index], date),
    ...(isWeekend(date)
      ? []
      : [
          source.fault(
            ['working_days', index],
            'value',
            `${date} is no Saturday and no Sunday`,
            'Days from Monday to Friday are worked without an entry.',
          ),
        ]),
  ]);
  const shortDays = file.short_days.flatMap((date, index) => [
    ...outside(['short_days', index], date),
    ...(off.has(date) || (isWeekend(date) && !file.working_days.includes(date))
      ? [source.fault(['short_days', index], 'value', `${date} is no working day`, 'Remove it.')]
      : []),
  ]);
  return [...daysOff, ...workingDays, ...shortDays];
}

/** Adds the row's days to those that are off. */
function faultsOfDayOff(
  row: WorkingYearFile['days_off'][number],
  path: readonly (string | number)[],
  file: WorkingYearFile,
  off: Set<string>,
  source: YamlFile,
): readonly Fault[] {
  if ('from' in row && row.to < row.from) {
    return [source.fault([...path, 'to'], 'value', 'the last day comes before the first', 'Swap the two.')];
  }

  const dates = datesOf(row);
  const worked = dates.find((date) => file.working_days.includes(date));
  const known = dates.find((date) => off.has(date));
  for (const date of dates) {
    off.add(date);
  }
  const help = 'Remove one of the two.';
  return [
    ...(worked === undefined
      ? []
      : [source.fault(path, 'value', `${worked} is both a day off and a working day`, help)]),
    ...(known === undefined ? [] : [source.fault(path, 'value', `${known} already stands in a row above`, help)]),
  ];
}
