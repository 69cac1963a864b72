import { z } from 'zod';
import { clause, template, text } from './schema-parts.ts';

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
