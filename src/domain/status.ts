import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import type { Agreed } from './link.ts';
import { abstain, act, type Judgement, nothing } from './reason.ts';
import type { Phase, Snapshot } from './ticket.ts';

/** Which state a ticket gets when its issue reaches a status (R41). */
export interface StatusRule {
  readonly issueStatus: string;
  readonly ticketState: string;
  readonly clause: string;
}

/** What a state of the ticket means. */
export interface StateMeaning {
  readonly state: string;
  readonly phase: Phase;
  /** Waiting in it pauses the terms once the requester was asked (R26). */
  readonly pauses: boolean;
  readonly clause: string;
}

export interface StatusPolicy {
  readonly states: readonly StateMeaning[];
  readonly rules: readonly StatusRule[];
}

/** A ticket is in one state at a time, so there is one move to remember. */
export const MOVE_TICKET = 'move:ticket';

/** Status and resolution in one word; what `Agreed.issueState` remembers. */
export function issueStateOf(issue: Snapshot): string {
  return `${issue.state}/${issue.resolution ?? ''}`;
}

/** What both sides have in common once the ticket was moved for the issue's present state, or need not be moved. */
export function broughtOver({ issue, link }: Facts): Agreed {
  return issue === undefined
    ? link.agreed
    : { ...link.agreed, issueState: issueStateOf(issue), issuePhase: issue.phase };
}

/**
 * Brings a change of the issue's status into the ticket, once per change: an agent who sets another state afterwards is
 * not overruled, and neither is one who closed or merged the ticket. Statuses that end the work are the closing gate's business.
 */
export function judgeStatus(facts: Facts, policy: StatusPolicy, closedState: string): Judgement {
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

  if (ticket.phase === 'done' && !wasClosedForIssue(facts, closedState)) {
    return abstain({
      rule: 'ended-tickets-stay-ended',
      clause: 'R54',
      evidence: `the ticket is «${ticket.state}», and not because its issue was done`,
    });
  }

  return act(
    {
      do: 'move',
      key: MOVE_TICKET,
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

/** Only what the bridge closed because the issue was done comes back when the issue does. */
function wasClosedForIssue({ ticket, link }: Facts, closedState: string): boolean {
  return link.agreed.issuePhase === 'done' && isSameText(ticket.state, closedState);
}
