import { z } from 'zod';
import { conditionProperties } from '../domain/condition.ts';

export const text = (description: string) => z.string().trim().min(1).meta({ description });

/** Clause ids of the itemised regulation, e.g. `R50` or `R51a`; several as `R53, R54`. */
export const clause = z
  .string()
  .regex(/^R\d+[a-z]?(\.\d+)?(, R\d+[a-z]?(\.\d+)?)*$/, 'is no clause id like R50, R51a or R31.4')
  .meta({ description: 'Clause of the regulation that the row rests on, e.g. `R50`.' });

/** A field of the ticket under the name that the configuration gives it. */
export const logicalField = (description: string) =>
  z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, 'a logical name of otrs.dynamic_fields such as external_number')
    .meta({ description });

export const template = (description: string) => z.string().min(1).meta({ description });

/** A note in the ticket. */
export const note = (description: string) =>
  z
    .strictObject({ subject: template('Subject of the note.'), text: template('Text of the note.') })
    .meta({ description });

/** Somebody by name or role. */
export const contact = {
  name: text('Name or role, as letters and texts show it.'),
  email: z.email({ error: 'is no e-mail address like name@rt.ru' }).meta({ description: 'E-mail address.' }),
};

const property = z
  .union([z.enum(conditionProperties), z.templateLiteral(['fields.', z.string().min(1)])])
  .meta({ description: 'What is looked at: a property of the ticket or `fields.<logical name>`.' });

export const condition = z
  .strictObject({
    property,
    is: z.array(z.string()).min(1).optional().meta({ description: 'Holds if the value is one of these.' }),
    is_not: z.array(z.string()).min(1).optional().meta({ description: 'Holds if the value is none of these.' }),
    filled: z.literal(true).optional().meta({ description: 'Holds if there is a value.' }),
    empty: z.literal(true).optional().meta({ description: 'Holds if there is none.' }),
  })
  .refine(({ property: _, ...tests }) => count(Object.values(tests)) === 1, {
    message: 'a condition needs exactly one of `is`, `is_not`, `filled`, `empty`',
  });

/** How many of the options are given. */
export function count(options: readonly unknown[]): number {
  return options.filter((option) => option !== undefined).length;
}
