import { z } from 'zod';
import { clause, text } from './schema-parts.ts';

const following = {
  from_issue_status: z
    .array(text('Status of the issue.'))
    .min(1)
    .meta({ description: 'Applies while the issue is in one of these.' }),
  issue_status: text('Status that the issue gets.'),
  clause,
};

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
          unless_state: z
            .array(text('State of the ticket.'))
            .default([])
            .meta({ description: 'A ticket in one of these states stays there.' }),
          clause,
        }),
      )
      .meta({ description: 'One row per status that does not end the work.' }),
    to_issue: z
      .array(z.strictObject({ ticket_state: text('State that a person gave the ticket.'), ...following }))
      .default([])
      .meta({ description: 'Status of the issue when a person changes the state of the ticket (R41, R51a).' }),
    paths: z
      .array(
        z.strictObject({
          to: text('Status of the issue to be reached.'),
          from: z.array(text('Status of the issue.')).min(1).meta({ description: 'Where the way begins.' }),
          through: z
            .array(text('Status of the issue.'))
            .min(1)
            .max(10)
            .meta({ description: 'Statuses to pass through, in order.' }),
        }),
      )
      .default([])
      .meta({ description: 'Ways of several steps, where the workflow of JIRA has no single one.' }),
    on_answer: z.strictObject(following).optional().meta({
      description: 'Status of a waiting issue when the requester answers (R51a); left out: it stays as it is.',
    }),
  })
  .meta({ description: 'State of the ticket by status of the issue (R41).' });
