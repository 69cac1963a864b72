import { z } from 'zod';
import { clause, text } from '../policy/schema-parts.ts';
import { expectationSchema } from './expectations.ts';
import { moment, snapshotSchema } from './facts-schema.ts';
import { happenedSchema } from './happened.ts';

const { ticket, issue, isIssueGone, related, main, shownIssueOf, link } = snapshotSchema.shape;

const partOfTicket = ticket.partial().optional().meta({ description: 'The ticket, over the one of `defaults`.' });
const partOfIssue = issue.unwrap().partial().optional().meta({ description: 'Its issue, over the one of `defaults`.' });
const happened = happenedSchema.optional();

const name = text('What the example shows, as a sentence.');
const at = moment.optional().meta({ description: 'The moment of the decision.' });
const expectation = expectationSchema.meta({ description: 'What the rules have to say about it.' });

const defaults = z
  .strictObject({ at, ticket: partOfTicket, issue: partOfIssue, link, happened })
  .partial()
  .optional()
  .meta({
    description: 'What every example of the file has unless it says otherwise; `issue` and `link` where it has one.',
  });

/** An example after the defaults of its file were laid under it. */
const wholeExample = z.strictObject({
  name,
  clause,
  at,
  ticket,
  issue,
  isIssueGone,
  related,
  main,
  shownIssueOf,
  link,
  happened,
  expect: expectation,
});

/** An example as it is written: its file's defaults fill in the rest. */
const writtenExample = z.strictObject({
  name,
  clause,
  at,
  ticket: partOfTicket,
  issue: partOfIssue,
  isIssueGone,
  related,
  main,
  shownIssueOf,
  link,
  happened,
  expect: expectation,
});

const description = 'Examples of what the rules decide: run by `bridge mappings test`.';

/** A file of `examples/` as people write it: by this one editors check it. */
export const examplesSchema = z
  .strictObject({ defaults, examples: z.array(writtenExample).min(1).meta({ description: 'The examples.' }) })
  .meta({ description });

/** The same with the defaults laid under every example. */
export const wholeExamplesSchema = z.strictObject({ defaults, examples: z.array(wholeExample).min(1) });

export type WholeExample = z.output<typeof wholeExample>;
