import type { Facts } from './facts.ts';
import { type NoteTemplate, noteOnce } from './note.ts';
import { abstain, type Judgement, nothing } from './reason.ts';
import { nameOf } from './ticket.ts';
import { ticketValues, type Wording } from './vocabulary.ts';

export interface GoneIssuePolicy {
  readonly note: NoteTemplate;
  readonly wording: Wording;
}

/**
 * Tells once, in an internal note, that the issue was deleted, hidden or moved out of sight. Nothing is opened in its
 * place (I1). When the issue is shown again the bridge goes on where it stopped and says nothing: the note announces that.
 */
export function judgeGoneIssue(facts: Facts, { note, wording }: GoneIssuePolicy): Judgement {
  const { isIssueGone, link, ticket } = facts;
  if (isIssueGone === undefined || link.issue === undefined || ticket.phase === 'done') {
    return nothing;
  }

  const name = nameOf(link.issue);
  const reason = {
    rule: 'issue-is-gone',
    clause: 'R50',
    evidence: `${name} is not shown to the bridge: it was deleted, hidden or moved. It stays the ticket's issue`,
  };
  const values = { ...ticketValues(ticket, wording), 'issue.key': name };
  const told = noteOnce(facts, `comment:note:issue-gone:${link.issue.id}`, note, values, reason);
  return told === nothing ? abstain(reason) : told;
}
