import { z } from 'zod';
import { note, template, text } from './schema-parts.ts';

export const endingsSchema = z
  .strictObject({
    merged: z
      .strictObject({
        follows: template('Comment in an issue that goes along to the main ticket.'),
        stays: z
          .strictObject({
            text: template('Comment in an issue that stays, for the main ticket has one of its own.'),
            link: text('Link type of JIRA between the two issues: its name or id.'),
            close: z
              .strictObject({
                status: text('Status that ends the work on the issue.'),
                resolution: text('Resolution, where the step asks for one.').exactOptional(),
              })
              .exactOptional()
              .meta({ description: 'Closes the issue that stays; left out: line 3 closes it.' }),
          })
          .meta({ description: 'Both tickets have an issue.' }),
        unseen: template('Comment in an issue whose ticket was merged into one that the bridge does not see.'),
        linked: note('Internal note in a linked ticket that stays, for the main ticket has one of its own there.'),
      })
      .meta({ description: 'Tickets that were merged into others.' }),
    gone: z
      .strictObject({
        after_hours: z
          .number()
          .positive()
          .max(24 * 30)
          .meta({ description: 'Hours for which a ticket has to be unreadable before it counts as gone.' }),
        text: template('Comment in the issue of a ticket that is gone.'),
      })
      .meta({ description: 'Tickets that were deleted or hidden from the bridge.' }),
    archived: z
      .strictObject({ text: template('Comment in an issue that is not done.') })
      .meta({ description: 'Tickets in the archive.' }),
  })
  .meta({ description: 'How tickets end that are not closed: merged, gone, archived.' });
