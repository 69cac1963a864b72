import type { StatusPolicy } from '../domain/status.ts';
import type { Mappings } from './schema.ts';

/** Valid rows -> what states and statuses mean for each other. */
export function compileStatus({ states, statuses, to_issue, on_answer, paths }: Mappings['status']): StatusPolicy {
  return {
    states,
    rules: statuses.map((row) => ({
      issueStatus: row.issue_status,
      ticketState: row.ticket_state,
      unlessTicketState: row.unless_state,
      clause: row.clause,
    })),
    paths,
    toIssue: to_issue.map((row) => ({ ticketState: row.ticket_state, ...following(row) })),
    ...(on_answer === undefined ? {} : { onAnswer: following(on_answer) }),
  };
}

function following(row: NonNullable<Mappings['status']['on_answer']>) {
  return { fromIssueStatus: row.from_issue_status, issueStatus: row.issue_status, clause: row.clause };
}
