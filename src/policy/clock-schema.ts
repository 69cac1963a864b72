import { z } from 'zod';
import { clause, count, template, text } from './schema-parts.ts';

const trigger = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'lower-case words joined by hyphens')
      .meta({ description: 'Name in explanations.' }),
    clause,
    on: z
      .union([
        z.enum(['request', 'return', 'answer', 'state', 'ticket_queue', 'owner', 'priority', 'service', 'type']),
        z.templateLiteral(['fields.', z.string().min(1)]),
      ])
      .meta({
        description:
          'What happens: a question to the requester, a return with its reason, an answer, or a change of this property.',
      }),
    to: z.array(z.string()).min(1).optional().meta({ description: 'The property becomes one of these.' }),
    filled: z.literal(true).optional().meta({ description: 'The property gets any value.' }),
    subjects: z
      .array(text('Beginning of a subject.'))
      .min(1)
      .optional()
      .meta({ description: 'With `on: answer`: how the subject of the public article begins.' }),
  })
  .refine(({ on, subjects }) => (on === 'answer') === (subjects !== undefined), {
    message: '`subjects` goes with `on: answer`, and `on: answer` needs it',
  })
  .refine(({ on, to, filled }) => count([to, filled]) === (['answer', 'request', 'return'].includes(on) ? 0 : 1), {
    message: 'a change needs exactly one of `to` and `filled`; `request`, `return` and `answer` go without',
  });

const triggers = (description: string) => z.array(trigger).meta({ description });
const minutes = (description: string) => z.number().min(0).max(10_080).meta({ description });
const field = (description: string) =>
  z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, 'the logical name of a field')
    .optional()
    .meta({ description });

const texts = z
  .strictObject({
    stages: z
      .strictObject({
        reaction: text('«Реакция».'),
        diagnosis: text('«Диагностика».'),
        workaround: text('«Временное решение, ответ».'),
        resolution: text('«Постоянное решение».'),
      })
      .meta({ description: 'How people call the stages of Table 4.' }),
    running: template('The next deadline lies ahead.'),
    warned: template('A share of the stage has been used up.'),
    late: template('A deadline has passed; one for each stage that is late, joined by semicolons.'),
    paused: template('The clock is paused.'),
    waiting: template('The term has not begun: information is missing.'),
    closed: template('The ticket was closed in time.'),
    closed_unstarted: template('The ticket was closed without ever having been complete.'),
    closed_late: template('The ticket was closed, and a stage was late.'),
    left: template('The ticket went to a service that is not ours.'),
    reason_in_note: template('Stands for a reason that was given in an internal note, which is not copied.'),
    no_reason: template('Stands for a reason that nobody gave.'),
    merged: template('The ticket was merged into another one.'),
    uncovered: template('The deadline rests on a year without a calendar.'),
  })
  .meta({ description: 'How the terms stand, in one line.' });

export const clockSchema = z
  .strictObject({
    stages: z
      .strictObject({
        reaction: triggers('What ends the reaction.'),
        diagnosis: triggers('What ends the diagnosis.'),
        workaround: triggers('What ends the stage of workaround or answer, besides a workaround.'),
      })
      .meta({ description: 'What ends each stage; the first event counts (R24, R25). The last one ends by closing.' }),
    workaround: z
      .strictObject({
        given: triggers('A workaround was given.').min(1),
        withdrawn: triggers('The workaround did not hold.'),
      })
      .meta({ description: 'The fact that the longer term of the permanent solution rests on (R20).' }),
    pauses: z
      .strictObject({
        request_within_minutes: minutes('By how much the request may come before the state that waits for its answer.'),
        ends: z.enum(['answer', 'acceptance']).default('answer').meta({ description: 'What ends a pause (R26).' }),
        call_notes: z
          .array(text('Beginning of a subject.'))
          .default([])
          .meta({ description: 'Subjects of internal notes on a call that brought the answer (R49a).' }),
        call_failed: z
          .array(text('Words that stand side by side.'))
          .default([])
          .meta({ description: 'Words in subject or first line of such a note after which it ends no pause.' }),
        confirmed_by_agent: z
          .array(text('Priority in OTRS.'))
          .default([])
          .meta({ description: 'Priorities that pause only for a request which a person wrote.' }),
      })
      .meta({ description: 'When waiting for the requester stops the clock (R26).' }),
    correction: z
      .strictObject({
        subjects: z
          .array(text('Beginning of a subject.'))
          .meta({ description: 'Subjects of internal notes that call the old priority a mistake.' }),
        within_minutes: minutes('How near to the change the note has to be.'),
      })
      .meta({ description: 'When a change of priority corrects a mistake (R27).' }),
    shown: z
      .strictObject({
        ticket: z.strictObject({
          reaction: field('Field for the deadline of the reaction.'),
          diagnosis: field('Field for the deadline of the diagnosis.'),
          workaround: field('Field for the deadline of the workaround.'),
          resolution: field('Field for the deadline of the permanent solution.'),
          status: field('Field for the line that says how the terms stand.'),
        }),
        issue: z.strictObject({
          date: field('Field for the day of the permanent solution.'),
          moment: field('Field for the day and time of the permanent solution.'),
        }),
      })
      .meta({ description: 'Fields that show the deadlines, by logical name; one left out is not written (R56).' }),
    texts,
    note: z
      .strictObject({
        shares: z
          .array(z.number().int().min(1).max(100))
          .meta({ description: 'At which percentages of `warn_at` a note is written.' }),
        news_hours: z.number().positive().max(8_784).default(12).meta({ description: 'How long a warning is news.' }),
        subject: template('Subject of the note.'),
        text: template('Text of the note.'),
      })
      .meta({ description: 'The internal note at a share of a stage (R28, R32, R33).' }),
  })
  .meta({ description: 'What moves the terms of a ticket, and where they are shown (R17, R20, R24-R28, R56).' });

export type ClockMapping = z.output<typeof clockSchema>;
