import { z } from 'zod';
import { draftParts } from '../domain/required-part.ts';
import { clause, condition, logicalField as field, template, text } from './schema-parts.ts';

const mandatory = z.strictObject({
  field: field('Logical name of the field in the ticket.'),
  title: text('Name of the field for people.'),
  clause,
});

const system = z.strictObject({
  key: z
    .string()
    .regex(/^[^\s:@]{1,40}$/u, 'up to 40 letters without blanks, colons and @')
    .meta({ description: 'Key of the dropdown in OTRS by which the agent decides; names the linked ticket for ever.' }),
  title: text('Name of the system for people.'),
  clause,
  system: text('Connected system that keeps its tickets, as the configuration calls it.').default('otrs'),
  service: text('Service of its support.'),
  ticket_queue: text('Ticket queue of its support; in a system of its own, the place where tickets are opened.'),
  open: text('Name of the draft below.'),
  when: z
    .array(condition)
    .default([])
    .meta({ description: 'Where all of these hold, a ticket is opened although no agent chose the system.' }),
  link: z
    .enum(['ParentChild', 'Normal'])
    .optional()
    .meta({ description: 'Type of the link between the two tickets; needs the operation `link_add` of OTRS.' }),
  mandatory: z
    .array(mandatory)
    .default([])
    .meta({ description: 'Fields that must be filled before its support can be asked.' }),
  named_by: z
    .array(text('Words in any order within one sentence; `[side by side]`, `beginning*`.'))
    .default([])
    .meta({ description: 'How requesters call the system: then the bridge proposes it.' }),
});

const draft = z.strictObject({
  type: text('Type of the ticket.'),
  state: text('State to begin in.'),
  title: template('Title.'),
  text: template('First article.'),
  requester: text('Customer login of the one who asks; the ticket’s own requester if it is left out.').optional(),
  fields: z
    .record(z.string().min(1), template('Text of the field; left out where nothing is known to fill it with.'))
    .default({})
    .meta({ description: 'Further fields of the linked ticket, by logical name.' }),
  requires: z
    .array(
      z.strictObject({
        part: z
          .union([z.enum(draftParts), z.templateLiteral(['fields.', z.string().min(1)])])
          .meta({ description: 'What the ticket must have.' }),
        name: text('How people call it.'),
        clause,
      }),
    )
    .default([])
    .meta({ description: 'While one of these is empty in the ticket, nothing is opened.' }),
});

const note = (description: string) =>
  z
    .strictObject({ subject: template('Subject of the article.'), text: template('Text of the article.') })
    .meta({ description });

const telling = (where: string) =>
  z
    .strictObject({
      visibility: z
        .enum(['public', 'internal'])
        .default('internal')
        .meta({ description: 'Whether the requester sees what was public on the other side.' }),
      comment: z.strictObject({
        subject: template('Subject of the article.'),
        text: template('Text of the article.'),
        edited: template('Text of the article that tells of an edit.'),
      }),
      file: z.strictObject({
        subject: template('Subject of the article beside a file.'),
        text: template('Text of the article beside a file.'),
      }),
    })
    .meta({ description: `How words and files are told in ${where}.` });

export const relatedSystemsSchema = z
  .strictObject({
    decided_by: field('Logical name of the field by which the agent decides for an adjacent system.'),
    systems: z.array(system).meta({ description: 'Adjacent systems and the way to their support (R71).' }),
    drafts: z.record(z.string(), draft).meta({ description: 'What is opened (R71).' }),
    shown: z
      .strictObject({
        in_ticket: template('One linked ticket in the field `related_tickets`.'),
        gone: template('The same of one that is not shown to the bridge any more.'),
        in_related: template('The ticket in the field `parent_ticket` of its linked tickets.'),
      })
      .meta({ description: 'The fields that show each ticket on the other one.' }),
    takes_back: z
      .array(field('Logical name.'))
      .default([])
      .meta({ description: 'Fields that the ticket takes over from its linked tickets where its own are empty.' }),
    to_related: telling('linked tickets'),
    to_ticket: telling('the ticket'),
    notes: z
      .strictObject({
        missing: note('In the ticket: what a linked ticket still needs.'),
        opened: note('In the ticket, when a linked ticket was opened; left out: the field is enough.').optional(),
        closed: note('In the ticket, for its owner, when a linked ticket was closed.'),
        lacking: z
          .strictObject({
            subject: template('Subject of the article.'),
            text: template('Text of the article.'),
            abilities: z
              .strictObject({
                comments: text('It takes no comments.'),
                files: text('It takes no files.'),
                state: text('It does not tell its state.'),
                fields: text('It keeps no fields.'),
              })
              .meta({ description: 'A sentence for each thing that the system cannot do.' }),
          })
          .meta({ description: 'In the ticket, when the system of a linked ticket cannot do all that others can.' }),
        gone: note('In the ticket, when a linked ticket is not shown to the bridge any more.'),
        ticket_closed: note(
          'In a linked ticket that is still open, when the ticket was closed; left out: nothing is said.',
        ).optional(),
      })
      .meta({ description: 'Internal notes.' }),
  })
  .meta({
    description: 'Adjacent systems: who their support is, what it needs, what both sides tell each other (R71).',
  });
