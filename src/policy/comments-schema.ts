import { z } from 'zod';
import { template, text } from './schema-parts.ts';

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
