import { z } from 'zod';
import { clause, condition, template, text } from './schema-parts.ts';

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
