import { isCalled } from './alias.ts';
import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { isNewsOfIssue } from './link.ts';
import { abstain, act, type Judgement, nothing } from './reason.ts';
import type { Phase, Snapshot } from './ticket.ts';

/** Which state a ticket gets when its issue reaches a status (R41). */
export interface StatusRule {
  readonly issueStatus: string;
  readonly ticketState: string;
  /** States that say more than the status of the issue does: a ticket in one of them stays there. */
  readonly unlessTicketState: readonly string[];
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

/** Which status the issue gets when a person changes the state of its ticket (R41, R51a). */
export interface IssueStatusRule {
  readonly ticketState: string;
  readonly fromIssueStatus: readonly string[];
  readonly issueStatus: string;
  readonly clause: string;
}

/** Which status an issue gets that waits for the requester, when the requester answers (R51a). */
export type AnswerRule = Omit<IssueStatusRule, 'ticketState'>;

/** Statuses to pass through where the workflow has no step that leads straight to `to`. */
export interface StatusPath {
  readonly to: string;
  readonly from: readonly string[];
  /** In order. */
  readonly through: readonly string[];
}

export interface StatusPolicy {
  readonly states: readonly StateMeaning[];
  readonly rules: readonly StatusRule[];
  readonly paths: readonly StatusPath[];
  readonly toIssue: readonly IssueStatusRule[];
  readonly onAnswer?: AnswerRule;
}

/** A ticket is in one state at a time, so there is one move to remember. */
export const MOVE_TICKET = 'move:ticket';

/**
 * Brings a change of the issue's status into the ticket, once per change: an agent who sets another state afterwards is
 * not overruled, and neither is one who closed or merged the ticket. Statuses that end the work are the closing gate's business.
 */
export function judgeStatus(facts: Facts, policy: StatusPolicy, closedState: string): Judgement {
  const { issue, ticket, link } = facts;
  if (issue === undefined || issue.phase === 'done' || !isNewsOfIssue(issue, link)) {
    return nothing;
  }

  const rule = ruleOf(issue, policy);
  if (rule === undefined) {
    return abstain({ rule: 'issue-status-is-not-mapped', clause: 'R41', evidence: `status is «${issue.state}»` });
  }

  if (isSameText(rule.ticketState, ticket.state)) {
    return nothing;
  }

  if (rule.unlessTicketState.some((state) => isSameText(state, ticket.state))) {
    return abstain({
      rule: 'state-of-the-ticket-says-more',
      clause: rule.clause,
      evidence: `status of the issue became «${issue.state}», but the ticket is «${ticket.state}»`,
    });
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

/** The row for the status that the issue is in. */
export function ruleOf(issue: Snapshot, policy: StatusPolicy): StatusRule | undefined {
  return policy.rules.find((rule) => isCalled(issue, 'state', rule.issueStatus));
}

/** Only what the bridge closed because the issue was done comes back when the issue does. */
function wasClosedForIssue({ ticket, link }: Facts, closedState: string): boolean {
  return link.agreed.issuePhase === 'done' && isSameText(ticket.state, closedState);
}
