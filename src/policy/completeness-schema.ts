import { z } from 'zod';
import { itemProperties } from '../domain/recognise.ts';
import { clause, condition, template, text } from './schema-parts.ts';

/** Ambiguous places of the regulation; the first alternative of each is the default. */
export const completenessReadings = {
  free_text: ['phrases', 'labels_only'],
  actual_result: ['warn', 'block'],
  external_number: ['block', 'warn'],
  number_in_text: ['counts', 'field_or_label'],
  outage: ['implied', 'asked'],
} as const;

const readings = z
  .strictObject({
    free_text: z
      .enum(completenessReadings.free_text)
      .default('phrases')
      .meta({ description: 'Whether phrases count outside of labelled sections (R47).' }),
    actual_result: z
      .enum(completenessReadings.actual_result)
      .default('warn')
      .meta({ description: 'Whether a ticket without the actual result is incomplete (R36, R47).' }),
    external_number: z
      .enum(completenessReadings.external_number)
      .default('block')
      .meta({ description: 'Whether a ticket about hand-over without the number is incomplete (R37, R47).' }),
    number_in_text: z
      .enum(completenessReadings.number_in_text)
      .default('counts')
      .meta({ description: 'Whether a number in the text is the number that R37 asks for.' }),
    outage: z
      .enum(completenessReadings.outage)
      .default('implied')
      .meta({ description: 'Whether «the system is down» tells steps and expected result by itself (R47).' }),
  })
  .meta({ description: 'Chosen readings of ambiguous clauses.' });

const under = z
  .strictObject({
    free_text: z.array(z.enum(completenessReadings.free_text)).min(1).optional(),
    number_in_text: z.array(z.enum(completenessReadings.number_in_text)).min(1).optional(),
    outage: z.array(z.enum(completenessReadings.outage)).min(1).optional(),
  })
  .optional()
  .meta({ description: 'In force only under these readings.' });

const phrases = z
  .array(text('Words in any order within one sentence; `{group}`, `[side by side]`, `beginning*`, `=form`.'))
  .min(1);

/** Phrases of the text, or a condition on a property. */
const question = z.union([z.strictObject({ phrases }), condition]);

const recogniser = z
  .strictObject({
    label: z
      .array(text('One or several words side by side.'))
      .min(1)
      .optional()
      .meta({ description: 'A section of the text with one of these labels and a content.' }),
    field: text('Logical name of a field of the ticket that is filled.').optional(),
    property: z.enum(itemProperties).optional().meta({ description: 'A property of the ticket that is filled.' }),
    letters: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'Letters and digits that `property: title` or `text` must have.' }),
    phrases: phrases.optional().meta({ description: 'The text states any of these.' }),
    number_near: phrases
      .optional()
      .meta({ description: 'A number in one sentence with any of these phrases; `digits` tells how long.' }),
    attachment: z.enum(['image']).optional().meta({ description: 'A file of this kind.' }),
    numbered_lines: z.int().min(1).max(50).optional().meta({ description: 'So many numbered lines of the text.' }),
    under,
  })
  .refine(
    ({ letters: _, under: __, ...ways }) => Object.values(ways).filter((way) => way !== undefined).length === 1,
    'needs exactly one of `label`, `field`, `property`, `phrases`, `number_near`, `attachment`, `numbered_lines`',
  );

const item = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'lower-case words joined by hyphens')
    .meta({ description: 'Name of the item in explanations; once-only letters are named after it.' }),
  title: text('How the letter to the requester calls it.'),
  clause,
  mandatory: z.union([z.boolean(), z.enum(['actual_result', 'external_number'])]).meta({
    description: '`true`: the set is incomplete without it; `false`: a hint; or the reading that decides.',
  }),
  asked_if: z
    .array(question)
    .min(1)
    .optional()
    .meta({ description: 'Asked for only if one of these is so; otherwise always.' }),
  recognised_by: z.array(recogniser).min(1).meta({ description: 'Any of these is enough.' }),
});

const service = z.strictObject({
  service: text('Name of the service, as in services.yaml.'),
  kind: z
    .enum(['ticket', 'change'])
    .default('ticket')
    .meta({ description: '`change`: a service that lives in JIRA and need not stand in services.yaml (R67).' }),
  clause,
  types: z.array(text('Type of the ticket.')).default([]).meta({
    description: 'Only tickets of these types are asked for anything; of every type where there are none.',
  }),
  letter: z
    .enum(['draft', 'send', 'off'])
    .default('draft')
    .meta({ description: '`draft`: an internal note with the letter; `send`: a public article; `off`: none (R49).' }),
  exempt: z.array(question).default([]).meta({ description: 'Nothing is asked for if one of these is so.' }),
  exempt_unless: z.array(question).default([]).meta({ description: 'One of these takes the exemption away.' }),
  items: z.array(item).min(1).meta({ description: 'What is asked for.' }),
});

const override = z
  .strictObject({
    field: text('Logical name of the field.'),
    complete: text('Value that says «complete».'),
    incomplete: text('Value that says «incomplete».'),
  })
  .meta({ description: 'Field by which an agent overrules the list (R17).' });

const read = z
  .strictObject({
    at_most: z.int().min(100).default(20_000).meta({ description: 'Characters of each text that are read.' }),
    section_from: z.int().min(1).default(3).meta({ description: 'Letters and digits that make a content.' }),
    image_from_bytes: z.int().min(0).default(10_000).meta({ description: 'Smaller images are logos.' }),
    digits: z
      .strictObject({ from: z.int().min(1), to: z.int().max(30) })
      .meta({ description: 'How many digits a number of a request has.' }),
    gap: z.int().min(0).max(20).default(6).meta({ description: 'Other words among the words of a phrase.' }),
    call_notes: z
      .array(text('Beginning of a subject.'))
      .default([])
      .meta({ description: 'Internal notes whose subject begins so hold the requester’s words (R49a).' }),
    empty: z
      .array(text('A content that says nothing.'))
      .default([])
      .meta({ description: 'Contents that count as none.' }),
    denied_by: z
      .strictObject({
        before: z.array(text('One or several words side by side.')).default([]),
        after: z.array(text('One or several words side by side.')).default([]),
      })
      .meta({ description: 'Directly before or after a word of a phrase: the phrase is denied.' }),
    doubts: z
      .array(text('One or several words side by side.'))
      .default([])
      .meta({ description: 'In the same clause before a phrase: nothing is stated.' }),
    other_labels: z
      .array(text('One or several words side by side.'))
      .default([])
      .meta({ description: 'Labels that only end the section above them.' }),
  })
  .meta({ description: 'How texts are read.' });

const letter = z
  .strictObject({
    send_for: z
      .array(text('Priority in OTRS.'))
      .default([])
      .meta({ description: 'Priorities whose letters the bridge may send by itself, where the service says `send`.' }),
    news_hours: z.number().positive().max(8_784).default(72).meta({
      description: 'Hours after the requester’s last words for which a letter makes sense.',
    }),
    pausing_state: text('State of a ticket whose letter was sent; status.yaml must let it pause.'),
    subject: template('Subject of the letter.'),
    text: template('Text of the letter; `{missing}` is the list of what is missing.'),
    draft: z
      .strictObject({ subject: template('Subject of the note.'), text: template('Text of the note, with `{letter}`.') })
      .meta({ description: 'The internal note that holds the letter until an agent sends it.' }),
  })
  .meta({ description: 'The letter that asks for what is missing (R49).' });

export const completenessSchema = z
  .strictObject({
    readings,
    override,
    accepted_by: z.array(condition).default([]).meta({
      description:
        'What an agent does who takes the information as it is: a change after which one of these holds (R17, R46).',
    }),
    read,
    letter,
    words: z
      .record(z.string(), z.array(text('One or several words side by side.')).min(1))
      .default({})
      .meta({ description: 'Groups of words of one meaning, for `{group}` in phrases.' }),
    services: z.array(service).min(1).meta({ description: 'What the tickets of each service have to say.' }),
  })
  .meta({
    description: 'What a ticket has to say and the letter that asks for the rest (R17, R35-R38, R46-R49, R64).',
  });

export type CompletenessMapping = z.output<typeof completenessSchema>;
