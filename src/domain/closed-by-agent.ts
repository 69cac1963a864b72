import { toFieldMoment } from './clock/show.ts';
import { blockOfTicket, type Gap } from './closing-block.ts';
import { writeLetter } from './closing-letter.ts';
import type { ClosurePolicy } from './closure.ts';
import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { textOf } from './field-value.ts';
import { type Agreed, isNewsOfTicket } from './link.ts';
import { noteOnce, tellIssueOnce } from './note.ts';
import { abstain, combine, type Judgement, nothing } from './reason.ts';
import { fill } from './template.ts';
import { nameOf, type Snapshot } from './ticket.ts';
import { issueValues, ticketValues } from './vocabulary.ts';

/**
 * A ticket that somebody closed in OTRS: what its closing block lacks, and what else (`also`) should have been there, is
 * reported (R54), and the requester is told the solution where the service has a letter (R63), at the latest when the
 * block is filled or right behind a closing of the bridge's own. Articles are written only where the bridge saw the ticket open before, so tickets that were closed
 * long ago get none. An issue that is not done is told of the closing once, by whatever stands
 * in the block: what becomes of it is line 3's to decide.
 */
export function judgeClosedTicket(facts: Facts, policy: ClosurePolicy, also: readonly Gap[]): Judgement {
  const { ticket, link } = facts;
  if (!isClosed(ticket, policy)) {
    return nothing;
  }

  const isNews = isNewsOfTicket(ticket, link);
  const { closure, gaps: ofBlock } = blockOfTicket(ticket, policy.block);
  const gaps = [...ofBlock, ...also];
  const told = isNews ? tellIssue(facts, policy) : nothing;
  if (gaps.length === 0) {
    const isOwed = isNews || link.agreed.owesLetter === true;
    const letter = isOwed ? writeLetter(facts, closure.solution ?? '', policy.letter, policy.wording) : nothing;
    return combine([told, letter]);
  }

  const missing = gaps.map(({ told }) => told).join(', ');
  const reason = {
    rule: 'closed-without-its-closing-block',
    clause: [...new Set(gaps.flatMap(({ clause }) => clause.split(', ')))].join(', '),
    evidence: `the ticket is «${ticket.state}», and ${missing} is not filled`,
  };
  const key = `comment:note:closed:${gaps.map(({ id }) => id).join(',')}`;
  const values = { ...ticketValues(ticket, policy.wording), missing };
  return combine([
    told,
    abstain(reason),
    isNews && policy.agentClosedIncomplete === 'note'
      ? noteOnce(facts, key, policy.agentClosedNote, values, reason)
      : nothing,
  ]);
}

/**
 * What to remember of a ticket that was closed before its block was filled: the letter about its solution is still to be
 * written, once there is one.
 */
export function debtOfLetter(
  { ticket, link }: Facts,
  policy: ClosurePolicy,
  also: readonly Gap[],
): Pick<Agreed, 'owesLetter'> {
  const isOwed = isNewsOfTicket(ticket, link) || link.agreed.owesLetter === true;
  const lacks = isClosed(ticket, policy) && [...blockOfTicket(ticket, policy.block).gaps, ...also].length > 0;
  return isOwed && lacks ? { owesLetter: true } : {};
}

function isClosed(ticket: Snapshot, { closedState }: ClosurePolicy): boolean {
  return ticket.phase === 'done' && isSameText(ticket.state, closedState);
}

function tellIssue(facts: Facts, { closedState, agentClosedComment: told, block, wording }: ClosurePolicy): Judgement {
  const { issue, ticket } = facts;
  if (told === undefined || issue === undefined || issue.phase === 'done') {
    return nothing;
  }

  const closing = ticket.history.findLast(({ changes = [] }) =>
    changes.some(({ property, to = '' }) => property === 'state' && isSameText(to, closedState)),
  );
  const moment = toFieldMoment((closing?.at ?? ticket.changedAt).toMillis());
  const { closure_code, solution, configuration_item } = ticket.fields;
  const values = {
    ...ticketValues(ticket, wording),
    ...issueValues(issue),
    'closure.code': inWordsOfIssues(textOf(closure_code), block.codes, ({ code, resolution }) => [code, resolution]),
    'closure.solution': textOf(solution),
    'closure.item': inWordsOfIssues(
      textOf(configuration_item),
      block.configurationItems,
      ({ ticket: key, issue: name }) => [key, name],
    ),
  };
  return tellIssueOnce(facts, issue, `comment:note:agent-closed:${moment}`, fill(told.text, values), {
    rule: 'issue-is-told-of-the-closing',
    clause: told.clause,
    evidence: `an agent closed the ticket, and ${nameOf(issue.ref)} is «${issue.state}»`,
  });
}

/** Line 3 knows resolutions and components, and not the keys of dropdowns; the first row that has the key names it. */
function inWordsOfIssues<Row>(
  key: string | undefined,
  rows: readonly Row[],
  read: (row: Row) => readonly [key: string, name: string],
): string | undefined {
  return key === undefined ? undefined : (rows.map(read).find(([known]) => isSameText(known, key))?.[1] ?? key);
}
