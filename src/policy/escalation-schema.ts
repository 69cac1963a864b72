import { z } from 'zod';
import { draftParts } from '../domain/required-part.ts';
import { clause, condition, logicalField, template, text } from './schema-parts.ts';

const part = z.strictObject({
  part: z
    .union([z.enum(draftParts), z.templateLiteral(['fields.', z.string().min(1)])])
    .meta({ description: 'Part of the issue, or what the ticket must have for it.' }),
  name: text('How people call it.'),
  clause,
});

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
          fields: z
            .record(z.string().min(1), template('Text of the field; left out where nothing is known to fill it with.'))
            .default({})
            .meta({ description: 'Further fields of the issue, by the logical names under `jira.fields`.' }),
          requires: z
            .array(part)
            .min(1)
            .meta({ description: 'While one of these is empty in the ticket, the issue is not opened (R51).' }),
          recommends: z
            .array(part)
            .default([])
            .meta({ description: 'The lack of these is only said in the explanation of the decision (R51).' }),
        }),
      )
      .meta({ description: 'What is opened (R51).' }),
    note: z
      .strictObject({ subject: template('Subject of the note.'), text: template('Text of the note.') })
      .meta({ description: 'The internal note that names what the issue still needs.' }),
    gone: z
      .strictObject({ subject: template('Subject of the note.'), text: template('Text of the note.') })
      .meta({ description: 'The internal note about an issue that JIRA does not show any more.' }),
    related_issues: z
      .strictObject({
        field: logicalField('Logical name of the ticket’s field in which agents name issue keys.'),
        type: text('Link type of JIRA: its name or id.'),
        clause,
      })
      .optional()
      .meta({ description: 'Links the issue with others that the ticket names; left out: no such links.' }),
    reference: z.strictObject({ title: template('How the issue calls its ticket in the link back.') }),
  })
  .meta({ description: 'When an issue of line 3 is opened and what it says (R50, R51).' });
