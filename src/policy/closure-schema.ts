import { z } from 'zod';
import { outcomeFamilies } from '../domain/closing-block.ts';
import { clause, note, template, text } from './schema-parts.ts';

const closureCode = {
  code: text('Key of the dropdown value in OTRS.'),
  family: z.enum(outcomeFamilies).meta({
    description: '`fixed`: the defect is gone; `impossible`: it cannot be done; `other`: there was none (R53).',
  }),
  needs_reason: z.boolean().default(false).meta({ description: 'Whether the solution has to say why (R53, R69).' }),
  clause,
};

const fieldName = (description: string) =>
  z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, 'a logical name such as update_installed')
    .meta({ description });

const solution = z
  .strictObject({
    min_length: z.int().min(1).meta({ description: 'Shortest solution in characters.' }),
    not_title: z.boolean().meta({ description: 'Whether a solution that only repeats the title counts as empty.' }),
    bare: z.array(text('A word.')).meta({ description: 'A solution of nothing but these words counts as empty.' }),
    why: z
      .strictObject({
        says_nothing: template('Nothing but bare words.'),
        same_as_title: template('Repeats the title.'),
        too_short: template('Shorter than `min_length`.'),
        only_resolution: template('A reason was due, and only the resolution is named.'),
        reason_too_short: template('Shorter than `reason.min_length`.'),
      })
      .meta({ description: 'How each fault is told; {minimum} is the length that was asked for.' }),
  })
  .meta({ description: 'What counts as a solution: short but informative (R54).' });

const reason = z
  .strictObject({
    min_length: z.int().min(1).meta({ description: 'Shortest reason in characters.' }),
    not_resolution: z
      .boolean()
      .meta({ description: 'Whether a solution that only names the resolution counts as empty.' }),
  })
  .meta({ description: 'What the solution needs besides where a code has `needs_reason` (R53, R54, R69).' });

const shipsInUpdate = z
  .strictObject({
    field: fieldName('Logical field of the issue that names the versions.'),
    state: text('State in which the ticket waits for the installation.'),
    installed: fieldName('Logical field of the ticket that an agent fills once the update is installed.'),
    unless_resolution: z
      .array(text('Resolution in JIRA.'))
      .default([])
      .meta({ description: 'Resolutions with which nothing is shipped.' }),
    released_version_counts: z
      .enum(['no', 'yes'])
      .default('no')
      .meta({ description: 'Whether it is enough that JIRA shows every version as released.' }),
    clause,
    note: note('The internal note that names the versions.'),
  })
  .optional()
  .meta({ description: 'A fix that ships in an update waits for the installation (R52); left out: it does not.' });

const closingLetter = z
  .strictObject({
    services: z.array(text('Service in OTRS.')).min(1).meta({ description: 'Whose requesters get the letter.' }),
    subject: template('Subject of the letter.'),
    text: template('Text of the letter; {solution} is the solution.'),
    request: template('What asks the requester to confirm, while `confirmation` is `requested`.'),
    clause,
  })
  .optional()
  .meta({ description: 'The public article that tells the requester the solution (R63); left out: there is none.' });

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
    solution,
    reason,
    checks: z
      .array(
        z.strictObject({
          field: fieldName('Logical field of the ticket.'),
          name: text('How people call the field.'),
          clause,
        }),
      )
      .default([])
      .meta({ description: 'Further fields of the ticket that must be filled before it closes (R55).' }),
    names: z
      .strictObject({
        code: text('«Код закрытия».'),
        solution: text('«Решение».'),
        configuration_item: text('«Конфигурационная единица».'),
      })
      .meta({ description: 'How people call the three fields.' }),
    note: note('The internal note that names what is missing.'),
    ships_in_update: shipsInUpdate,
    agent_closed_incomplete: z
      .enum(['report', 'note'])
      .default('report')
      .meta({ description: 'What becomes of a ticket that an agent closed without its block (R54).' }),
    agent_closed_note: note('The internal note for `agent_closed_incomplete: note`.'),
    agent_closed_comment: z
      .strictObject({ text: template('Text of the comment.'), clause })
      .optional()
      .meta({ description: 'What an issue under way is told when an agent closes its ticket; left out: nothing.' }),
    confirmation: z
      .enum(['requested', 'off'])
      .default('requested')
      .meta({ description: 'Whether the closing letter asks the requester to confirm the solution (R3).' }),
    closing_letter: closingLetter,
  })
  .meta({ description: 'When a ticket closes and with what (R3, R52-R55, R63, R69).' });
