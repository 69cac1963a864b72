import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import type { Link } from './link.ts';
import { type NoteTemplate, noteOnce } from './note.ts';
import type { Account } from './people.ts';
import { abstain, act, combine, type Judgement, nothing } from './reason.ts';
import { nameOf, type Snapshot } from './ticket.ts';
import { issueValues, ticketValues, type Wording } from './vocabulary.ts';

export interface AssigneePolicy {
  /** Whom issues are assigned to: the people of line 3. */
  readonly accounts: readonly Account[];
  /** The internal note about an assignee whom JIRA refuses. */
  readonly note: NoteTemplate;
  readonly clause: string;
  readonly wording: Wording;
}

export const ASSIGN_ISSUE = 'assign:issue';

/** How long JIRA may take to create an issue: one that was changed later was changed by somebody. */
const CREATION = { seconds: 5 };

/**
 * Assigns the issue to the ticket's owner, whether he took the ticket (R40) or was given it (R39): once, if the mapping knows him as one of line 3 and no person has assigned it
 * since it was opened. Whom JIRA refuses is named in an internal note, and the issue keeps the assignee that it has.
 */
export function judgeAssignee(facts: Facts, policy: AssigneePolicy): Judgement {
  const { issue, link, ticket } = facts;
  const account = policy.accounts.find(({ agent }) => isSameText(agent, ticket.owner ?? ''));
  const isOver = issue === undefined || issue.phase === 'done' || ticket.phase === 'done';
  if (account === undefined || isOver || link.done[ASSIGN_ISSUE] !== undefined) {
    return nothing;
  }

  const evidence = `«${ticket.owner}» owns the ticket and is «${account.user}» in JIRA; ${nameOf(issue.ref)} is assigned to ${
    issue.owner === undefined ? 'nobody' : `«${issue.owner}»`
  }`;
  const reason = { rule: 'owner-of-the-ticket-gets-the-issue', clause: policy.clause, evidence };
  if (isSameText(issue.ownerLogin ?? '', account.user)) {
    return nothing;
  }

  return isFree(issue, link)
    ? combine([
        act({ do: 'assign', key: ASSIGN_ISSUE, ref: issue.ref, user: account.user }, reason),
        tellRefusal(facts, issue, account, policy),
      ])
    : abstain({ ...reason, rule: 'somebody-assigned-the-issue' });
}

/** Nobody has it, or the one whom JIRA chose by itself when it was opened. */
function isFree({ owner, ownerLogin, createdAt, changedAt }: Snapshot, { agreed }: Link): boolean {
  if (owner === undefined) {
    return true;
  }

  return agreed.issueState === undefined
    ? changedAt <= createdAt.plus(CREATION)
    : ownerLogin !== undefined && ownerLogin === agreed.firstAssignee;
}

function tellRefusal(facts: Facts, issue: Snapshot, { agent, user }: Account, policy: AssigneePolicy): Judgement {
  const refusal = facts.link.refused[ASSIGN_ISSUE];
  if (refusal?.action.do !== 'assign' || refusal.action.user !== user) {
    return nothing;
  }

  const values = { ...ticketValues(facts.ticket, policy.wording), ...issueValues(issue), agent, user };
  return noteOnce(facts, `comment:note:assignee:${user}`, policy.note, values, {
    rule: 'assignee-is-refused',
    clause: policy.clause,
    evidence: `JIRA refused «${user}» as assignee of ${nameOf(issue.ref)}: ${refusal.code}`,
  });
}
