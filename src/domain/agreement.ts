import type { MoveAction } from './action.ts';
import { isWritten } from './comments.ts';
import type { Facts } from './facts.ts';
import { type Agreed, isNewsOfIssue, issueStateOf, lastAnswerOf } from './link.ts';
import { isSameRecord } from './ticket.ts';

/** What both sides have in common once nothing is left to do. */
export function broughtOver({ issue, link, ticket }: Facts): Agreed {
  const answer = lastAnswerOf(ticket);
  const { owesLetter: _, misrouted, ...known } = link.agreed;
  return {
    ...known,
    // An issue that is open again is no longer one that was closed for its ticket's leaving.
    ...(misrouted === undefined || (issue !== undefined && issue.phase !== 'done') ? {} : { misrouted }),
    ...(issue === undefined ? {} : { issueState: issueStateOf(issue), issuePhase: issue.phase }),
    // Seen for the first time: nobody but JIRA itself has chosen an assignee yet.
    ...(issue?.ownerLogin === undefined || link.agreed.issueState !== undefined
      ? {}
      : { firstAssignee: issue.ownerLogin }),
    ticketState: ticket.state,
    ...(answer === undefined ? {} : { answer }),
  };
}

/**
 * What both sides have in common after a move. An answer of the requester that moved the ticket is still to be brought
 * into the issue, so it is taken into account only with the issue's move; one that came together with a change of the
 * issue is taken into account at once, for nobody knows whether it came after the question.
 */
export function agreedAfterMove(before: Facts, after: Facts, move: MoveAction): Agreed {
  const { answer, ...agreed } = broughtOver(after);
  const owesLetter = isSameRecord(move.ref, after.ticket.ref)
    ? move.owes !== undefined && !isWritten(move.owes, after)
    : before.link.agreed.owesLetter === true;
  const isTaken =
    (before.issue === undefined && before.isIssueGone === undefined) ||
    before.issue !== after.issue ||
    (before.issue !== undefined && isNewsOfIssue(before.issue, before.link));
  const known = isTaken ? answer : before.link.agreed.answer;
  return {
    ...agreed,
    ...(known === undefined ? {} : { answer: known }),
    ...(owesLetter ? { owesLetter } : {}),
  };
}
