import { z } from 'zod';
import { conditionProperties } from '../domain/condition.ts';
import { textSources } from '../domain/ticket-texts.ts';
import { clause, condition, count, template, text } from './schema-parts.ts';

const rank = z.int().min(1).max(9).meta({ description: 'Rank of the priority; 1 is the highest.' });

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'lower-case words joined by hyphens')
  .meta({ description: 'Name in explanations.' });

const words = (description: string) => z.array(text('One or several words side by side.')).meta({ description });

/** Ambiguous places of the regulation; the first alternative of each is the default. */
export const readingAlternatives = {
  alternative_solution: ['with_critical_function', 'always', 'never'],
  workaround_unsaid: ['none', 'ask'],
  unscoped_outage: ['ask', 'critical'],
  data_loss: ['with_full_stop', 'always'],
  equal_workaround: ['low', 'medium'],
  causes: ['hints', 'criteria'],
  ago: ['lasts', 'ignored'],
} as const;

const readings = z
  .strictObject({
    alternative_solution: z
      .enum(readingAlternatives.alternative_solution)
      .default('with_critical_function')
      .meta({ description: 'When an alternative solution makes priority 2 (R31.8).' }),
    workaround_unsaid: z.enum(readingAlternatives.workaround_unsaid).default('none').meta({
      description: 'What it means that a failure of a critical function for many says nothing of a way round.',
    }),
    unscoped_outage: z
      .enum(readingAlternatives.unscoped_outage)
      .default('ask')
      .meta({ description: 'What «the system does not work» means when nobody says for whom.' }),
    data_loss: z
      .enum(readingAlternatives.data_loss)
      .default('with_full_stop')
      .meta({ description: 'When a loss of data is critical.' }),
    equal_workaround: z
      .enum(readingAlternatives.equal_workaround)
      .default('low')
      .meta({ description: 'Priority of an error with a way round of equal value (R31.10, R31.15).' }),
    causes: z
      .enum(readingAlternatives.causes)
      .default('hints')
      .meta({ description: 'Whether the causes that the regulation lists decide or are only shown.' }),
    ago: z
      .enum(readingAlternatives.ago)
      .default('lasts')
      .meta({ description: 'Whether «an hour ago» says that it has lasted an hour.' }),
  })
  .meta({ description: 'Chosen readings of ambiguous clauses.' });

const under = z
  .strictObject({
    alternative_solution: z.array(z.enum(readingAlternatives.alternative_solution)).min(1).optional(),
    workaround_unsaid: z.array(z.enum(readingAlternatives.workaround_unsaid)).min(1).optional(),
    unscoped_outage: z.array(z.enum(readingAlternatives.unscoped_outage)).min(1).optional(),
    data_loss: z.array(z.enum(readingAlternatives.data_loss)).min(1).optional(),
    equal_workaround: z.array(z.enum(readingAlternatives.equal_workaround)).min(1).optional(),
  })
  .optional()
  .meta({ description: 'The criterion is in force only under these readings.' });

const thresholds = z
  .strictObject({
    hang_minutes: z.number().positive().meta({ description: 'From how many minutes a hang is critical (R31.5).' }),
    degradation_minutes: z
      .number()
      .positive()
      .meta({ description: 'From how many minutes slowness is of high priority (R31.7).' }),
    branch_people: z
      .int()
      .positive()
      .meta({ description: 'From how many affected people on a whole branch counts as affected (R31.3).' }),
  })
  .meta({ description: 'Limits of the regulation.' });

const requirement = z
  .strictObject({
    phrases: z
      .array(text('Words in any order within one sentence; `{group}`, `[side by side]`, `beginning*`.'))
      .min(1)
      .optional()
      .meta({ description: 'Met by any of these phrases.' }),
    lasts_at_least: z
      .enum(['hang_minutes', 'degradation_minutes'])
      .optional()
      .meta({ description: 'Met by a duration in the text that reaches this threshold.' }),
    people_at_least: z
      .enum(['branch_people'])
      .optional()
      .meta({ description: 'Met by a number of people in the text that reaches this threshold.' }),
    property: z
      .union([z.enum(conditionProperties), z.templateLiteral(['fields.', z.string().min(1)])])
      .optional()
      .meta({ description: 'Property of the ticket or `fields.<logical name>`; goes with one of the four tests.' }),
    is: z.array(z.string()).min(1).optional().meta({ description: 'Met if the value is one of these.' }),
    is_not: z.array(z.string()).min(1).optional().meta({ description: 'Met if the value is none of these.' }),
    filled: z.literal(true).optional().meta({ description: 'Met if there is a value.' }),
    empty: z.literal(true).optional().meta({ description: 'Met if there is none.' }),
  })
  .refine(
    ({ phrases, lasts_at_least, people_at_least, property }) =>
      count([phrases, lasts_at_least, people_at_least, property]) === 1,
    {
      message: 'a requirement needs exactly one of `phrases`, `lasts_at_least`, `people_at_least`, `property`',
    },
  )
  .refine(({ property, is, is_not, filled, empty }) => count([is, is_not, filled, empty]) === count([property]), {
    message: '`property` goes with exactly one of `is`, `is_not`, `filled`, `empty`, and these only with `property`',
  });

const criterion = z.strictObject({
  name,
  clause,
  priority: rank,
  quote: text('Words of the regulation.'),
  under,
  hint: z.boolean().default(false).meta({ description: 'A possible cause: decides only under `causes: criteria`.' }),
  when: z.array(requirement).min(1).meta({ description: 'All of these must be met.' }),
  unless: z.array(requirement).default([]).meta({ description: 'Any of these refutes the criterion.' }),
});

const fallback = {
  name,
  clause,
  priority: rank,
  triage: z.boolean().default(false).meta({ description: 'An agent has to confirm it.' }),
};

export const prioritySchema = z
  .strictObject({
    priorities: z
      .array(z.strictObject({ rank, ticket: text('Priority in OTRS.'), issue: text('Priority in JIRA.'), clause }))
      .min(1)
      .meta({ description: 'Priority of the ticket -> priority of the issue.' }),
    thresholds,
    readings,
    read: z
      .strictObject({
        from: z.array(z.enum(textSources)).min(1).meta({ description: 'Which texts of the ticket are read.' }),
        at_most: z.int().min(100).default(20_000).meta({ description: 'Characters of each text that are read.' }),
        morning: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 09:00')
          .default('09:00')
          .meta({ description: 'Time of day that «since the morning» means.' }),
        gap: z
          .int()
          .min(0)
          .max(20)
          .default(6)
          .meta({ description: 'How many other words may stand among the words of a phrase.' }),
      })
      .meta({ description: 'How texts are read.' }),
    negation: z
      .strictObject({
        before: words('Directly before a word of the phrase: the phrase is denied.'),
        after: words('Directly after a word of the phrase: the phrase is denied.'),
        supposed: words('In the same clause before the phrase: nothing is stated.'),
      })
      .meta({ description: 'Words that take the meaning of a phrase away.' }),
    people: words('Words for people that a number is counted with.').min(1),
    words: z
      .record(z.string(), z.array(text('One or several words side by side.')).min(1))
      .meta({ description: 'Groups of words of one meaning, for `{group}` in phrases.' }),
    criteria: z.array(criterion).min(1).meta({ description: 'Characteristics of the priorities (R31.1-R31.18).' }),
    defaults: z
      .array(
        z.strictObject({
          ...fallback,
          when: z.array(condition).min(1).meta({ description: 'All of these must hold.' }),
        }),
      )
      .meta({ description: 'Priority of a ticket that meets no criterion; the first that fits applies.' }),
    disagreement: z.enum(['record', 'note']).default('record').meta({
      description: 'What happens where the agent and the criteria differ (R31): `note` also tells the agents.',
    }),
    note: z
      .strictObject({
        subject: template('Subject of the internal note.'),
        text: template('Text of the internal note.'),
      })
      .optional()
      .meta({ description: 'The internal note of `disagreement: note`.' }),
    otherwise: z.strictObject(fallback).meta({ description: 'Priority where no default fits (R30).' }),
  })
  .refine(({ disagreement, note }) => disagreement === 'record' || note !== undefined, {
    path: ['disagreement'],
    message: '`note` needs the section `note` with `subject` and `text`',
  })
  .meta({ description: 'Priorities on both sides and the criteria for them (R30, R31).' });

export type PriorityMapping = z.output<typeof prioritySchema>;
