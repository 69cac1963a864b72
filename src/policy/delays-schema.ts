import { z } from 'zod';
import { note, text } from './schema-parts.ts';

export const delaysSchema = z
  .strictObject({
    after_minutes: z
      .number()
      .min(1)
      .max(24 * 60)
      .meta({ description: 'Minutes for which something has waited before the ticket says so.' }),
    pause_hours: z
      .number()
      .min(0)
      .max(24 * 7)
      .meta({
        description: 'Hours after the beginning of one trouble in which the next one is not told, once that is over.',
      }),
    delayed: note('Internal note in a ticket whose carrying waits.'),
    failed: note('Internal note in a ticket of which something could not be carried.'),
    mended: note('Internal note in such a ticket when nothing of the kind is left.'),
    things: z
      .strictObject({
        open: text('A record to be opened.'),
        update: text('Values of fields.'),
        comment: text('A comment.'),
        edit: text('An edit of a comment.'),
        attach: text('A file.'),
        assign: text('An assignee.'),
        move: text('A change of state.'),
        relate: text('A link with another record.'),
        ticket: text('The ticket as a whole.'),
      })
      .meta({ description: 'How people call what was not carried.' }),
  })
  .meta({ description: 'What a ticket says while its carrying is delayed or has failed.' });
