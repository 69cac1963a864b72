import { z } from 'zod';
import { clause, text } from './schema-parts.ts';

export const statusSchema = z
  .strictObject({
    states: z
      .array(
        z.strictObject({
          state: text('State of the ticket in OTRS.'),
          phase: z.enum(['new', 'open', 'pending', 'done']).meta({
            description:
              '`new`: nobody works on it yet; `open`: work is under way; `pending`: it waits; `done`: it is over.',
          }),
          pauses: z.boolean().default(false).meta({
            description: 'Whether waiting in this state pauses the terms once the requester was asked (R26).',
          }),
          clause,
        }),
      )
      .min(1)
      .meta({ description: 'Every state that a ticket of ours can have, and what it means (R26, R41).' }),
    statuses: z
      .array(
        z.strictObject({
          issue_status: text('Status in JIRA.'),
          ticket_state: text('State that the ticket gets in OTRS.'),
          clause,
        }),
      )
      .meta({ description: 'One row per status that does not end the work.' }),
  })
  .meta({ description: 'State of the ticket by status of the issue (R41).' });
