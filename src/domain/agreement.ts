import type { MoveAction } from './action.ts';
import { isWritten } from './comments.ts';
import type { Facts } from './facts.ts';
import { type Agreed, isNewsOfIssue, issueStateOf, type Link, lastAnswerOf } from './link.ts';
import { isSameRecord, type Snapshot } from './ticket.ts';

/** What both sides have in common once nothing is left to do. */
export function broughtOver(facts: Facts): Agreed {
  const { issue, link, ticket } = facts;
  const answer = lastAnswerOf(ticket);
  const { owesLetter: _, misrouted, ...known } = link.agreed;
  const { ended: before = [], ...withoutEnded } = known;
  const ended = endedAmong(facts, before);
  const described = issue === undefined ? link.agreed.described : describedBy(link, ticket);
  return {
    ...(ended.length === 0 ? withoutEnded : { ...known, ended }),
    ...(described === undefined ? {} : { described }),
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

/** A record that was not looked at is as it was. */
function endedAmong({ related = [] }: Facts, before: readonly string[]): readonly string[] {
  return related
    .filter(({ name, record, isGone }) =>
      record === undefined ? isGone === undefined && before.includes(name) : record.phase === 'done',
    )
    .map(({ name }) => name)
    .toSorted();
}

/** The comments of the ticket that stand in an issue as its description. */
export function describedBy({ agreed }: Pick<Link, 'agreed'>, { textCommentId }: Snapshot): readonly string[] {
  return agreed.described ?? (textCommentId === undefined ? [] : [textCommentId]);
}

/** A new issue has the first text of the ticket for its description. */
export function agreedAfterOpen({ link: { agreed }, ticket: { textCommentId } }: Facts): Agreed {
  const described = [...(agreed.described ?? []), ...(textCommentId === undefined ? [] : [textCommentId])];
  return { ...agreed, described: [...new Set(described)] };
}

/**
 * What both sides have in common after a move. An answer of the requester that moved the ticket is still to be brought
 * into the issue, so it is taken into account only with the issue's move; one that came together with a change of the
 * issue is taken into account at once, for nobody knows whether it came after the question.
 */
export function agreedAfterMove(before: Facts, after: Facts, move: MoveAction): Agreed {
  const { answer, ended: _, ...agreed } = broughtOver(after);
  const { ended } = before.link.agreed;
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
    // What the end of a linked record calls for is not done yet.
    ...(ended === undefined ? {} : { ended }),
  };
}
