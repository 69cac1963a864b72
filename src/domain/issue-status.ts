import { isCalled } from './alias.ts';
import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { isNewsOfIssue, isNewsOfTicket, lastAnswerOf } from './link.ts';
import { abstain, act, type Judgement, nothing } from './reason.ts';
import { type IssueStatusRule, MOVE_TICKET, ruleOf, type StatusPolicy } from './status.ts';
import { nameOf, type Snapshot } from './ticket.ts';

/** An issue is in one status at a time, so there is one move to remember. */
export const MOVE_ISSUE = 'move:issue';

/**
 * Brings into the issue what happened in the ticket: a person changed its state, or the requester answered what line 3
 * waits for (R51a). Each happening counts once. Where the issue changed as well, the issue wins: its change goes to the
 * ticket, and the ticket's is not brought back, so the two never chase each other.
 */
export function judgeIssueStatus(facts: Facts, policy: StatusPolicy): Judgement {
  const { issue, link, ticket } = facts;
  if (issue === undefined || ticket.phase === 'done') {
    return nothing;
  }

  if (isNewsOfIssue(issue, link)) {
    return isNewsOfTicket(ticket, link) && link.agreed.issueState !== undefined
      ? abstain({
          rule: 'issue-changed-as-well',
          clause: 'R41',
          evidence: `state of the ticket became «${ticket.state}», but the issue became «${issue.state}», and the issue wins`,
        })
      : nothing;
  }

  const answered = judgeAnswer(facts, issue, policy);
  return answered === nothing ? judgeState(facts, issue, policy) : answered;
}

function judgeState({ ticket, link }: Facts, issue: Snapshot, policy: StatusPolicy): Judgement {
  if (!isNewsOfTicket(ticket, link)) {
    return nothing;
  }

  const evidence = `state of the ticket became «${ticket.state}», it was «${link.agreed.ticketState}»; the issue is «${issue.state}»`;
  const rule = policy.toIssue.find(
    (row) => isSameText(row.ticketState, ticket.state) && isInOneOf(issue, row.fromIssueStatus),
  );
  return rule === undefined
    ? abstain({ rule: 'state-asks-nothing-of-the-issue', clause: 'R41', evidence })
    : moveIssue(issue, rule, policy, 'issue-follows-its-ticket', evidence);
}

/**
 * First the ticket leaves the state in which it waits, if it is in it on behalf of the issue and no person has put it there
 * since; then the issue follows. Each step is remembered by itself, so neither is lost if the other has to wait.
 */
function judgeAnswer({ ticket, link }: Facts, issue: Snapshot, policy: StatusPolicy): Judgement {
  const { onAnswer: rule } = policy;
  const answer = lastAnswerOf(ticket);
  const isNews = link.agreed.ticketState !== undefined && Number(answer ?? 0) > Number(link.agreed.answer ?? 0);
  if (rule === undefined || !isNews || !isInOneOf(issue, rule.fromIssueStatus)) {
    return nothing;
  }

  const evidence = `${nameOf(issue.ref)} is «${issue.state}», and the requester answered in article ${answer}`;
  const next = policy.rules.find((row) => isSameText(row.issueStatus, rule.issueStatus))?.ticketState;
  const isWaiting =
    !isNewsOfTicket(ticket, link) &&
    isSameText(ruleOf(issue, policy)?.ticketState ?? '', ticket.state) &&
    policy.states.some(({ state, pauses }) => pauses && isSameText(state, ticket.state));
  if (next === undefined || !isWaiting || isSameText(next, ticket.state)) {
    return moveIssue(issue, rule, policy, 'answer-ends-the-waiting-of-the-issue', evidence);
  }

  return act(
    { do: 'move', key: MOVE_TICKET, ref: ticket.ref, to: next, phase: 'open', fields: {} },
    { rule: 'answer-ends-the-waiting-of-the-ticket', clause: rule.clause, evidence },
  );
}

function moveIssue(
  issue: Snapshot,
  { issueStatus, clause }: Omit<IssueStatusRule, 'ticketState'>,
  { paths }: StatusPolicy,
  rule: string,
  evidence: string,
): Judgement {
  if (isCalled(issue, 'state', issueStatus)) {
    return nothing;
  }

  const path = paths.find(({ to, from }) => isSameText(to, issueStatus) && isInOneOf(issue, from));
  return act(
    {
      do: 'move',
      key: MOVE_ISSUE,
      ref: issue.ref,
      to: issueStatus,
      ...(path === undefined ? {} : { via: path.through }),
      phase: 'open',
      fields: {},
    },
    { rule, clause, evidence },
  );
}

function isInOneOf(issue: Snapshot, statuses: readonly string[]): boolean {
  return statuses.some((status) => isCalled(issue, 'state', status));
}
