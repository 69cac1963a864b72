import { z } from 'zod';
import { template, text } from './schema-parts.ts';

const internal = (description: string) => z.enum(['stay', 'carried']).default('stay').meta({ description });

const edits = z
  .strictObject({
    to_ticket: z
      .enum(['as_note', 'ignored'])
      .default('as_note')
      .meta({ description: 'What becomes of a comment of JIRA that is edited after it was carried.' }),
    to_issue: z
      .enum(['as_edit', 'as_note', 'ignored'])
      .default('as_edit')
      .meta({ description: 'What becomes of an article that is edited after it was carried.' }),
    note: z
      .strictObject({
        subject: template('Subject of the article that tells of an edit.'),
        to_ticket: template('Text of the article that tells of an edit.'),
        to_issue: template('Text of the comment that tells of an edit.'),
      })
      .meta({ description: 'How an edit is told.' }),
  })
  .meta({ description: 'Edits after a comment was carried.' });

export const commentsSchema = z
  .strictObject({
    to_issue: z.strictObject({
      text: template('Text of a comment that was carried into the issue.'),
      internal_notes: internal('Whether internal notes of OTRS stay there or become internal comments of the issue.'),
    }),
    to_ticket: z.strictObject({
      subject: template('Subject of the article.'),
      text: template('Text of the article.'),
      visibility: z
        .enum(['public', 'internal'])
        .default('internal')
        .meta({ description: 'Whether the requester sees a comment that JIRA restricts to nobody.' }),
      restricted_comments: internal(
        'Whether comments that JIRA restricts stay there or become internal notes of the ticket.',
      ),
    }),
    edits,
    moments: z.strictObject({
      format: text('Format of moments in texts, in the tokens of luxon.'),
      zone: text('IANA time zone of moments in texts, e.g. `Europe/Moscow`.'),
    }),
  })
  .meta({ description: 'How comments are carried (R51a).' });
