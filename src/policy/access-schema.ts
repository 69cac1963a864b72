import { z } from 'zod';
import { clause, condition, contact, logicalField, note, template, text } from './schema-parts.ts';

const services = z.array(text('Service in OTRS.')).min(1);

const step = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'a name such as curators: small letters, digits and hyphens')
    .meta({ description: 'Names the step for ever: reminders are known by it.' }),
  title: text('Name of the step for people.'),
  clause,
  who: z
    .union([z.literal('curators'), z.array(z.strictObject(contact)).min(1)])
    .meta({ description: '`curators`: those of the requester’s branch in people.yaml (R4); or people by name.' }),
  needs: z.enum(['one', 'all']).meta({ description: 'Whether one of them is enough or all are needed.' }),
});

const phrases = (description: string) =>
  z.array(text('Words in any order within one sentence; `[side by side]`, `beginning*`.')).min(1).meta({ description });

const reminder = z
  .strictObject({
    after_hours: z.number().positive().meta({ description: 'Hours of waiting until the first one.' }),
    every_hours: z.number().positive().meta({ description: 'Hours until the next one.' }),
    at_most: z.int().min(1).max(20).meta({ description: 'How many are written for one step.' }),
    news_hours: z
      .number()
      .positive()
      .default(72)
      .meta({ description: 'How long after its moment one is still written: old tickets are left in peace.' }),
    subject: template('Subject of the note.'),
    text: template('Text of the note.'),
  })
  .meta({ description: 'The internal note that reminds of an approval; left out: nobody is reminded.' });

const approval = z
  .strictObject({
    services: services.meta({ description: 'Services whose requests need approval.' }),
    clause,
    steps: z.array(step).min(1).meta({ description: 'The chain, in order (R62).' }),
    recorded_in: logicalField('Logical name of the field in which agents write down who approved.'),
    refused_in: logicalField('Logical name of the field that holds the reason of a refusal.'),
    shown_in: logicalField('Logical name of the field in which the bridge shows how far it has come.'),
    letters: z
      .enum(['proposed', 'counted'])
      .meta({ description: '`proposed`: a letter only tells the agent what to write down; `counted`: it counts.' }),
    words: z
      .strictObject({
        approved: phrases('What an approver writes who agrees.'),
        refused: phrases('What one writes who does not.'),
      })
      .meta({ description: 'How letters are understood; negations are those of priority.yaml.' }),
    texts: z
      .strictObject({
        waiting: template('{done} of {all} steps are done; {step} waits for {waiting}.'),
        approved: template('All steps are done; {approvers} approved.'),
        refused: template('It was refused: {reason}.'),
        unknown: template('Nobody is known who could approve.'),
      })
      .meta({ description: 'What `shown_in` says.' }),
    gap: text('How the missing approval is called where the ticket cannot be closed for it.'),
    letter_note: note('The internal note about a letter that has to be written down.'),
    reminder: reminder.optional(),
  })
  .meta({ description: 'The chain of approval of access requests (R4, R62); left out: nothing needs approval.' });

const checklist = z
  .strictObject({
    services: services.meta({ description: 'Services whose new tickets get the checklist.' }),
    clause,
    news_hours: z
      .number()
      .positive()
      .default(72)
      .meta({ description: 'Hours after the registration that it is of use.' }),
    subject: template('Subject of the note.'),
    text: template('Text of the note.'),
  })
  .meta({ description: 'The internal note with what line 1 looks at first (R66); left out: there is none.' });

const task = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'a name such as line-2: small letters, digits and hyphens')
      .meta({ description: 'Names the task for ever; no adjacent system may be called so.' }),
    title: text('Name of the line for people.'),
    clause,
    when: z.array(condition).min(1).meta({ description: 'Where all of these hold, the task is opened.' }),
    service: text('Service of the task: one of our own.'),
    ticket_queue: text('Ticket queue of the line.'),
    type: text('Type of the task.'),
    state: text('State to begin in.'),
    subject: template('Title of the task.'),
    text: template('First article of the task.'),
    link: z
      .enum(['ParentChild', 'Normal'])
      .optional()
      .meta({ description: 'Type of the link between the two tickets; needs the operation `link_add` of OTRS.' }),
    gap: text('How a task that is not done is called where its ticket was closed.'),
  })
  .meta({ description: 'The task that line 1 hands to line 2 (R65); left out: there is none.' });

export const accessSchema = z
  .strictObject({ approval: approval.optional(), task: task.optional(), checklist: checklist.optional() })
  .meta({ description: 'Access requests and access problems (R4, R60-R66).' });
