import type { Action } from './action.ts';
import { shows } from './comments.ts';
import type { Link } from './link.ts';
import { act, type Judgement, nothing } from './reason.ts';
import { fill } from './template.ts';
import { nameOf, type Snapshot } from './ticket.ts';

export interface GoneTicketPolicy {
  /** Milliseconds for which a ticket has to be unreadable before it counts as gone. */
  readonly after: number;
  /** What its issue is told. */
  readonly text: string;
}

/** Nothing else is known of a ticket that cannot be read. */
export const goneTicketPlaceholders = ['ticket.key', 'issue.key'] as const;

/**
 * What is left to do for a ticket that is gone, deleted or hidden, which looks the same: its issue is told once for each
 * time that it went. `issue` is absent where there is none, and where it is not shown either.
 */
export function judgeGoneTicket(
  { ticket, done, agreed: { unreadableSince = '' } }: Link,
  issue: Snapshot | undefined,
  { text }: GoneTicketPolicy,
): Judgement {
  const key = `comment:note:ticket-gone@${unreadableSince}`;
  if (issue === undefined || issue.phase === 'done' || done[key] !== undefined || shows(issue, key)) {
    return nothing;
  }

  const values = { 'ticket.key': nameOf(ticket), 'issue.key': nameOf(issue.ref) };
  const action: Action = {
    do: 'comment',
    key,
    ref: issue.ref,
    comment: { subject: '', text: fill(text, values), visibility: 'public' },
  };
  return act(action, {
    rule: 'ticket-is-gone',
    clause: 'R50',
    evidence: `${nameOf(ticket)} cannot be read since ${unreadableSince}; others can`,
  });
}
