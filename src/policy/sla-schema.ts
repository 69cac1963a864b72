import { z } from 'zod';
import { isZone } from '../domain/zone.ts';
import { clause, text } from './schema-parts.ts';

const timeOfDay = (description: string) =>
  z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "05:00", in quotes')
    .meta({ description });

const amount = (description: string) => z.number().positive().max(100_000).optional().meta({ description });

const whole = (description: string) => z.number().int().min(1).max(1_000).optional().meta({ description });

const term = (description: string) =>
  z
    .strictObject({
      minutes: amount('Astronomical minutes.'),
      hours: amount('Astronomical hours.'),
      days: amount('Days of 24 hours.'),
      working_hours: amount('Hours of the working window.'),
      working_days: whole('Working days; `readings.working_day` says how long one is.'),
      months: whole('Months; `readings.month` says how they are counted.'),
    })
    .refine((units) => Object.values(units).filter((value) => value !== undefined).length === 1, {
      message: 'a term needs exactly one unit, such as { working_days: 2 }',
    })
    .meta({ description });

const target = z.strictObject({
  priority: text('Priority in OTRS, as in `priority.yaml`.'),
  number: z.number().int().min(1).max(9).meta({ description: 'Number of the priority.' }),
  clause,
  hours: z.enum(['round_the_clock', 'working_hours']).meta({ description: 'Which hours count (R12, R13).' }),
  terms: z
    .enum(['added', 'from_start'])
    .meta({ description: 'Whether the terms are written with «+» or each stands for itself (R19, R21).' }),
  reaction: term('«Время реакции».'),
  diagnosis: term('«Диагностика проблемы».'),
  workaround: term('«Предоставление временного решения, ответа».'),
  resolution: term('«Предоставление постоянного решения».'),
  resolution_if_workaround: term('«Или …, если было предоставлено временное решение».').optional(),
});

/** Ambiguous clauses; the first alternative of each is the default. `mappings/sla.yaml` explains them. */
export const readingAlternatives = {
  reaction_starts_at: ['registration', 't0'],
  reaction_pauses: ['counted_out', 'ignored'],
  plus: ['norm', 't0', 'actual'],
  workaround_base: ['norm', 'delivery'],
  late_workaround: ['switches', 'ignored'],
  working_day: ['window', 'end_of_day', 'eight_hours'],
  month: ['same_date', 'thirty_days', 'end_of_day'],
  priority_raised: ['new_chain', 'retroactive'],
} as const;

const readings = z.strictObject({
  reaction_starts_at: z
    .enum(readingAlternatives.reaction_starts_at)
    .default('registration')
    .meta({ description: 'Where the reaction is counted from (R17).' }),
  reaction_pauses: z
    .enum(readingAlternatives.reaction_pauses)
    .default('counted_out')
    .meta({ description: 'Whether a pause moves the reaction (R26).' }),
  plus: z.enum(readingAlternatives.plus).default('norm').meta({ description: 'What «+» is added to (R19).' }),
  workaround_base: z
    .enum(readingAlternatives.workaround_base)
    .default('norm')
    .meta({ description: 'What the longer term is added to (R20).' }),
  late_workaround: z
    .enum(readingAlternatives.late_workaround)
    .default('switches')
    .meta({ description: 'What a workaround after the plain deadline changes (R20).' }),
  working_day: z
    .enum(readingAlternatives.working_day)
    .default('window')
    .meta({ description: 'How long a working day is (R22).' }),
  month: z.enum(readingAlternatives.month).default('same_date').meta({ description: 'How a month is counted (R23).' }),
  priority_raised: z
    .enum(readingAlternatives.priority_raised)
    .default('new_chain')
    .meta({ description: 'What a higher priority does to the deadlines (R27).' }),
});

export const slaSchema = z
  .strictObject({
    hours: z
      .strictObject({
        round_the_clock: z.strictObject({ calendar: text('Name of the calendar.'), clause }),
        working_hours: z.strictObject({
          calendar: text('Name of the calendar.'),
          from: timeOfDay('When the window opens.'),
          to: timeOfDay('When the window closes.'),
          clause,
          days: z
            .enum(['production_calendar', 'mon_fri', 'every_day'])
            .default('production_calendar')
            .meta({ description: 'Which days are worked (R13).' }),
          short_days: z
            .enum(['full', 'hour_less'])
            .default('full')
            .meta({ description: 'Whether the day before a holiday is an hour shorter (R13).' }),
        }),
      })
      .meta({ description: 'The two clocks of the regulation (R12, R13).' }),
    zone: z
      .string()
      .refine(isZone, { message: 'is no time zone; use an IANA name such as Europe/Moscow' })
      .meta({ description: 'IANA time zone of the windows and of the deadlines shown.' }),
    targets: z.array(target).min(1).meta({ description: 'Table 4: one row per priority.' }),
    readings: readings
      .prefault({})
      .meta({ description: 'How the ambiguous clauses are read; every key has its default.' }),
    warn_at: z
      .array(z.number().int().min(1).max(100))
      .default([50, 80, 100])
      .meta({ description: 'Percentages of a stage at which to warn (R28), rising.' }),
  })
  .meta({ description: 'Table 4 and its arithmetic (R12, R13, R16-R29).' });

export type SlaMapping = z.output<typeof slaSchema>;

const date = (description: string) => z.iso.date('a date that exists, such as 2026-01-31').meta({ description });

const dayOff = z.union([
  z.strictObject({ date: date('The day.'), name: text('What the day is, for explanations.') }),
  z.strictObject({
    from: date('First day.'),
    to: date('Last day.'),
    name: text('What the days are, for explanations.'),
  }),
]);

/** A file of `calendars/`. */
export const calendarSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('round_the_clock'), calendar: text('Name of the calendar.') }),
    z.strictObject({
      kind: z.literal('working_year'),
      calendar: text('Name of the calendar that the year belongs to.'),
      year: z.number().int().min(2000).max(2099).meta({ description: 'The year.' }),
      status: z
        .enum(['decreed', 'provisional'])
        .meta({ description: '`provisional` marks every deadline that rests on the year.' }),
      source: text('The decree.'),
      days_off: z.array(dayOff).meta({ description: 'Days off; Saturdays and Sundays are off without an entry.' }),
      working_days: z
        .array(date('The day.'))
        .default([])
        .meta({ description: 'Saturdays and Sundays that are worked.' }),
      short_days: z
        .array(date('The day.'))
        .default([])
        .meta({ description: 'Days before a holiday; see `short_days` of `sla.yaml`.' }),
    }),
  ])
  .meta({ description: 'A calendar, or one year of it (R12, R13).' });

export type CalendarFile = z.output<typeof calendarSchema>;

export type WorkingYearFile = Extract<CalendarFile, { kind: 'working_year' }>;
