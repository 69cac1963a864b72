import type { Facts } from './facts.ts';
import { tellIssueOnce } from './note.ts';
import { abstain, type Judgement, nothing } from './reason.ts';
import { fill } from './template.ts';
import { nameOf } from './ticket.ts';
import { issueValues, ticketValues, type Wording } from './vocabulary.ts';

export interface ArchivePolicy {
  /** What an issue is told that is not done. */
  readonly text: string;
  readonly wording: Wording;
}

/**
 * A ticket in the archive: nothing is carried and nothing is written into it, for a new state would bring it back. What
 * happens meanwhile is news when it is brought back. An issue that is not done is told once.
 */
export function judgeArchived(facts: Facts, { text, wording }: ArchivePolicy): Judgement {
  const { issue, ticket } = facts;
  const standing = issue === undefined ? '' : `; ${nameOf(issue.ref)} is «${issue.state}»`;
  const reason = { rule: 'archived-ticket-rests', clause: 'R50', evidence: `the ticket is in the archive${standing}` };
  if (issue === undefined || issue.phase === 'done') {
    return abstain(reason);
  }

  const values = { ...ticketValues(ticket, wording), ...issueValues(issue) };
  const told = tellIssueOnce(facts, issue, 'comment:note:archived', fill(text, values), reason);
  return told === nothing ? abstain(reason) : told;
}
