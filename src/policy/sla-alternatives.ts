import type { Alternative } from '../domain/clock/alternative.ts';
import type { Wording } from '../domain/vocabulary.ts';
import { compileClock } from './clock-compile.ts';
import type { Mappings } from './schema.ts';
import { compileSla } from './sla-compile.ts';
import { type CalendarFile, readingAlternatives, slaSchema } from './sla-schema.ts';

/** Clauses that the readings of `sla.yaml` and `clock.yaml` rest on. */
const clauses: Readonly<Record<string, string>> = {
  'readings.reaction_starts_at': 'R17',
  'readings.reaction_pauses': 'R26',
  'readings.plus': 'R19',
  'readings.workaround_base': 'R20',
  'readings.late_workaround': 'R20',
  'readings.working_day': 'R22',
  'readings.month': 'R23',
  'readings.priority_raised': 'R27',
  'hours.working_hours.days': 'R13',
  'hours.working_hours.short_days': 'R13',
  'pauses.ends': 'R26',
};

/** Every other reading of an ambiguous clause of the terms, one at a time. */
export function alternativesOf(
  mappings: Mappings,
  calendars: readonly CalendarFile[],
  wording: Wording,
): readonly Alternative[] {
  const { sla, clock } = mappings;
  const { readings, hours } = sla;
  const withReading = (key: string, value: string) => ({ ...sla, readings: { ...readings, [key]: value } });
  const withHours = (key: string, value: string) => ({
    ...sla,
    hours: { ...hours, working_hours: { ...hours.working_hours, [key]: value } },
  });
  const ofSla = (reading: string, chosen: string, values: readonly string[], change: (value: string) => unknown) =>
    values
      .filter((value) => value !== chosen)
      .map((instead) => ({
        reading,
        clause: clauses[reading] ?? '',
        chosen,
        instead,
        policy: once(() => compileClock(mappings, compileSla(slaSchema.parse(change(instead)), calendars), wording)),
      }));

  return [
    ...Object.entries(readingAlternatives).flatMap(([key, values]) =>
      ofSla(`readings.${key}`, readings[key as keyof typeof readings], values, (value) => withReading(key, value)),
    ),
    ...Object.entries(hourAlternatives).flatMap(([key, values]) =>
      ofSla(`hours.working_hours.${key}`, hours.working_hours[key as keyof typeof hourAlternatives], values, (value) =>
        withHours(key, value),
      ),
    ),
    ...(['answer', 'acceptance'] as const)
      .filter((value) => value !== clock.pauses.ends)
      .map((instead) => ({
        reading: 'pauses.ends',
        clause: clauses['pauses.ends'] ?? '',
        chosen: clock.pauses.ends,
        instead,
        policy: once(() => {
          const changed = { ...mappings, clock: { ...clock, pauses: { ...clock.pauses, ends: instead } } };
          return compileClock(changed, compileSla(sla, calendars), wording);
        }),
      })),
  ];
}

/** Calendars take some milliseconds to compile, and most policies are never asked. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const hourAlternatives = {
  days: ['production_calendar', 'mon_fri', 'every_day'],
  short_days: ['full', 'hour_less'],
} as const;
