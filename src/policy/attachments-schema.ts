import { z } from 'zod';
import { refusalRules } from '../domain/attachments.ts';
import { clause, template } from './schema-parts.ts';

const extensions = z
  .array(
    z
      .string()
      .regex(/^[a-z0-9]+$/, 'an extension in lower case without a full stop, such as pdf')
      .meta({ description: 'Extension in lower case, without a full stop.' }),
  )
  .min(1);

const list = (description: string) =>
  z
    .strictObject({
      clause,
      extensions: extensions.meta({ description: 'Extensions of the list.' }),
      megabytes: z.number().positive().meta({ description: 'Largest size of one file.' }),
    })
    .meta({ description });

const visibility = (description: string) => z.enum(['internal', 'public']).default('internal').meta({ description });

const fileName = (description: string) =>
  z
    .string()
    .regex(/^[^/\\\p{Cc}]+\.txt$/u, 'a file name that ends with .txt, without folders')
    .meta({ description });

const readings = z
  .strictObject({
    bracket: z
      .enum(['examples', 'exhaustive'])
      .default('examples')
      .meta({ description: 'Whether the extensions in brackets are examples or all there are.' }),
    log_files: z
      .enum(['technical_support', 'every_service', 'never'])
      .default('technical_support')
      .meta({ description: 'In which cases log files are permitted.' }),
    files_of_issue: z
      .enum(['same_list', 'everything'])
      .default('same_list')
      .meta({ description: 'Whether files of the issue keep to the same lists.' }),
    hidden_letters: z
      .enum(['refused', 'ignored'])
      .default('refused')
      .meta({ description: 'What happens to a file whose name hides letters.' }),
  })
  .meta({ description: 'Chosen readings of ambiguous places.' });

const refusals = Object.fromEntries(refusalRules.map((rule) => [rule, template('Text for people.')])) as Record<
  (typeof refusalRules)[number],
  ReturnType<typeof template>
>;

export const attachmentsSchema = z
  .strictObject({
    readings,
    lists: z
      .strictObject({
        listed: list('Extensions that the regulation names.'),
        derived: list('Extensions of the same kind that it does not name.'),
        log: list('Log files.'),
      })
      .meta({ description: 'Permitted extensions (R10).' }),
    content: z.enum(['checked', 'ignored']).default('checked').meta({
      description: 'Whether the content of a file has to be what its name promises; archives are looked into.',
    }),
    screenshot: z
      .strictObject({
        clause,
        extensions: extensions.meta({ description: 'What counts as a screenshot.' }),
      })
      .meta({ description: 'A screenshot is recommended, not required (R11).' }),
    to_ticket: z
      .strictObject({
        subject: template('Subject of the article that brings a file of the issue.'),
        text: template('Text of the article that brings a file of the issue.'),
        visibility: visibility('Whether the requester sees files of the issue that came with no comment.'),
      })
      .meta({ description: 'How files of the issue come into the ticket.' }),
    whole_text: z
      .strictObject({
        ticket: fileName('Name of the file with the whole text of a ticket.'),
        comment: fileName('Name of the file with the whole text of a comment.'),
      })
      .meta({ description: 'Files with texts that had to be cut in the issue.' }),
    refusals: z.strictObject(refusals).meta({ description: 'What people read about a file that is not carried.' }),
    refusal_note: z
      .strictObject({ subject: template('Subject of the note.'), text: template('Text of the note.') })
      .meta({ description: 'The note in the ticket that names files which are not carried.' }),
    refusal_visibility: visibility('Whether the requester reads why a file that he can see is not carried.'),
  })
  .meta({ description: 'Which files go from one side to the other (R10, R11).' });
