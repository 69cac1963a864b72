import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { abstain, act, type Judgement, nothing } from './reason.ts';
import type { Snapshot } from './ticket.ts';

/** Which state a ticket gets when its issue reaches a status (R41). */
export interface StatusRule {
  readonly issueStatus: string;
  readonly ticketState: string;
  readonly clause: string;
}

export interface StatusPolicy {
  readonly rules: readonly StatusRule[];
}

/** Status and resolution in one word; what `Agreed.issueState` remembers. */
export function issueStateOf(issue: Snapshot): string {
  return `${issue.state}/${issue.resolution ?? ''}`;
}

/**
 * Brings a change of the issue's status into the ticket, once per change: an agent who sets another state afterwards is
 * not overruled. Statuses that end the work are the closing gate's business.
 */
export function judgeStatus(facts: Facts, policy: StatusPolicy): Judgement {
  const { issue, ticket, link } = facts;
  if (issue === undefined || issue.phase === 'done' || link.agreed.issueState === issueStateOf(issue)) {
    return nothing;
  }

  const rule = policy.rules.find(({ issueStatus }) => isSameText(issueStatus, issue.state));
  if (rule === undefined) {
    return abstain({ rule: 'issue-status-is-not-mapped', clause: 'R41', evidence: `status is «${issue.state}»` });
  }

  if (isSameText(rule.ticketState, ticket.state)) {
    return nothing;
  }

  return act(
    {
      do: 'move',
      key: `move:ticket:${rule.ticketState}`,
      ref: ticket.ref,
      to: rule.ticketState,
      phase: 'open',
      fields: {},
    },
    {
      rule: 'ticket-follows-its-issue',
      clause: rule.clause,
      evidence: `status of the issue became «${issue.state}», state of the ticket was «${ticket.state}»`,
    },
  );
}
