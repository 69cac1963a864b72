import { z } from 'zod';
import { clause, count, logicalField, note, template, text } from './schema-parts.ts';

const group = z.strictObject({
  name: text('Name for people, e.g. 2ЛТП.'),
  ticket_queues: z.array(text('Ticket queue in OTRS.')).min(1).meta({ description: 'Where the group works.' }),
  coordinators: z
    .array(text('Login of an agent in OTRS.'))
    .default([])
    .meta({ description: 'Who hands out the work of the group (R39).' }),
});

const rule = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'lower-case words joined by hyphens')
      .meta({ description: 'Name in explanations.' }),
    clause,
    on: z
      .union([
        z.enum(['coordinator', 'state', 'ticket_queue', 'owner']),
        z.templateLiteral(['fields.', z.string().min(1)]),
      ])
      .meta({
        description:
          'Which property changes; `coordinator`: the owner becomes a coordinator of the group, and was somebody else.',
      }),
    from: z.array(z.string().min(1)).min(1).optional().meta({ description: 'The property was one of these before.' }),
    to: z.array(z.string().min(1)).min(1).optional().meta({ description: 'The property becomes one of these.' }),
    filled: z.literal(true).optional().meta({ description: 'The field gets any value.' }),
  })
  .refine(({ on, to, filled }) => count([to, filled]) === (on === 'coordinator' ? 0 : 1), {
    message: 'needs exactly one of `to` and `filled`; `on: coordinator` goes without',
  })
  .refine(({ on, filled }) => filled === undefined || on.startsWith('fields.'), {
    message: '`filled` is for fields: every other change of that property would be a return',
  })
  .refine(({ on, from }) => on !== 'coordinator' || from === undefined, {
    message: '`on: coordinator` takes no `from`: it is from anybody who is no coordinator',
  });

const returns = z
  .strictObject({
    rules: z.array(rule).meta({ description: 'What is a return (R42, R43).' }),
    reason: z
      .strictObject({
        field: logicalField('Logical name of the field of the ticket that takes the reason.').optional(),
        note_subjects: z
          .array(text('Beginning of a subject.'))
          .default([])
          .meta({ description: 'Internal notes that count as a reason; empty: every internal note of an agent.' }),
        min_length: z.int().min(1).default(10).meta({ description: 'Characters that a reason has at least.' }),
      })
      .meta({ description: 'Where the reason of a return stands.' }),
    settles_minutes: z
      .number()
      .min(0)
      .max(1_440)
      .default(5)
      .meta({ description: 'What comes within this time is one return; only then a missing reason is asked for.' }),
    news_hours: z
      .number()
      .positive()
      .max(8_784)
      .default(24)
      .meta({ description: 'How long a return without a reason is asked for one.' }),
    shown: logicalField('Logical name of the field of the ticket that shows the number of returns.').optional(),
    note: note('The internal note that asks for the reason.'),
  })
  .meta({ description: 'Tickets that are handed back (R42, R43).' });

const misrouted = z
  .strictObject({
    clause,
    issue_status: text('Status in which the issue ends.'),
    resolution: text('Resolution that it gets.').optional(),
    comment: template('What the issue is told before.'),
    back: z
      .strictObject({
        issue_status: text('Status that brings the issue back to work.').optional(),
        comment: template('What the issue is told.'),
        note: note('What the ticket is told when the issue stays closed.'),
      })
      .meta({ description: 'When the ticket comes back. Without `issue_status` the issue stays closed.' }),
  })
  .optional()
  .meta({
    description: 'What becomes of the issue of a ticket that goes to the service of somebody else; left out: nothing.',
  });

export const assignmentsSchema = z
  .strictObject({
    groups: z.array(group).min(1).meta({ description: 'Groups of support, their ticket queues and coordinators.' }),
    owner: z
      .strictObject({
        clause,
        field: logicalField('Logical name of the field of the issue, as `jira.fields` calls it.'),
        text: template('What it shows while the ticket has an owner.'),
      })
      .optional()
      .meta({ description: 'How the issue shows the owner of its ticket (R40); left out: it does not.' }),
    returns,
    misrouted,
  })
  .meta({ description: 'Who has a ticket, and what becomes of it when it goes back (R39, R40, R42, R43).' });

export type AssignmentsMapping = z.output<typeof assignmentsSchema>;
