import { z } from 'zod';
import { prioritySchema } from './priority-schema.ts';
import { clause, condition, template, text } from './schema-parts.ts';
import { slaSchema } from './sla-schema.ts';

export const servicesSchema = z
  .strictObject({
    services: z
      .array(z.strictObject({ service: text('Name of the service in OTRS.'), clause }))
      .min(1)
      .meta({ description: 'Services whose tickets the bridge looks after.' }),
  })
  .meta({ description: 'Which tickets are ours (R14).' });

export const escalationSchema = z
  .strictObject({
    rules: z
      .array(
        z.strictObject({
          name: z
            .string()
            .regex(/^[a-z][a-z0-9-]*$/, 'lower-case words joined by hyphens')
            .meta({ description: 'Name of the rule in explanations and in the audit.' }),
          clause,
          when: z.array(condition).min(1).meta({ description: 'All of these must hold.' }),
          open: text('Name of the draft below.'),
        }),
      )
      .meta({ description: 'From top to bottom; the first rule whose conditions all hold opens the issue.' }),
    drafts: z
      .record(
        z.string(),
        z.strictObject({
          project: text('Key of the JIRA project.'),
          type: text('Issue type.'),
          title: template('Summary; one line, cut at 254 characters.'),
          text: template('Description.'),
          labels: z
            .array(z.string().regex(/^\S+$/, 'a label has no blanks'))
            .default([])
            .meta({ description: 'Labels of the issue.' }),
        }),
      )
      .meta({ description: 'What is opened (R51).' }),
    reference: z.strictObject({ title: template('How the issue calls its ticket in the link back.') }),
  })
  .meta({ description: 'When an issue of line 3 is opened and what it says (R50, R51).' });

export const commentsSchema = z
  .strictObject({
    to_issue: z.strictObject({ text: template('Text of a comment that was carried into the issue.') }),
    to_ticket: z.strictObject({
      subject: template('Subject of the article.'),
      text: template('Text of the article.'),
      visibility: z
        .enum(['public', 'internal'])
        .default('internal')
        .meta({ description: 'Whether the requester sees a comment that JIRA restricts to nobody.' }),
    }),
    moments: z.strictObject({
      format: text('Format of moments in texts, in the tokens of luxon.'),
      zone: text('IANA time zone of moments in texts, e.g. `Europe/Moscow`.'),
    }),
  })
  .meta({ description: 'How comments are carried (R51a).' });

export const statusSchema = z
  .strictObject({
    statuses: z
      .array(
        z.strictObject({
          issue_status: text('Status in JIRA.'),
          ticket_state: text('State that the ticket gets in OTRS.'),
          clause,
        }),
      )
      .meta({ description: 'One row per status that does not end the work.' }),
  })
  .meta({ description: 'State of the ticket by status of the issue (R41).' });

const closureCode = { code: text('Key of the dropdown value in OTRS.'), clause };

export const closureSchema = z
  .strictObject({
    closed_state: text('State of a closed ticket.'),
    waiting_state: text('State of a ticket whose issue is done but whose closing block is not filled.'),
    codes: z
      .array(z.strictObject({ resolution: text('Resolution in JIRA.'), ...closureCode }))
      .meta({ description: 'Resolution -> closure code (R53).' }),
    otherwise: z.strictObject(closureCode).meta({ description: 'The code for a resolution that no row names.' }),
    configuration_items: z
      .array(
        z.strictObject({ issue: text('Component of the issue.'), ticket: text('Key of the dropdown value in OTRS.') }),
      )
      .meta({ description: 'Component -> configuration item.' }),
    solution_from_comment: z
      .enum(['allowed', 'never'])
      .default('never')
      .meta({ description: 'Whether the last public comment may stand for an empty solution.' }),
    names: z
      .strictObject({
        code: text('«Код закрытия».'),
        solution: text('«Решение».'),
        configuration_item: text('«Конфигурационная единица».'),
      })
      .meta({ description: 'How people call the three fields.' }),
    note: z
      .strictObject({ subject: template('Subject of the note.'), text: template('Text of the note.') })
      .meta({ description: 'The internal note that names what is missing.' }),
  })
  .meta({ description: 'When a ticket closes and with what (R52-R54).' });

/** One schema per file of the mappings folder; the key is the file's name without `.yaml`. */
export const mappingSchemas = {
  services: servicesSchema,
  escalation: escalationSchema,
  priority: prioritySchema,
  comments: commentsSchema,
  status: statusSchema,
  closure: closureSchema,
  sla: slaSchema,
} as const;

export type MappingName = keyof typeof mappingSchemas;

export type Mappings = { readonly [Name in MappingName]: z.output<(typeof mappingSchemas)[Name]> };
