import { toFieldMoment } from './clock/show.ts';
import { blockOfTicket } from './closing-block.ts';
import { writeLetter } from './closing-letter.ts';
import type { ClosurePolicy } from './closure.ts';
import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { textOf } from './field-value.ts';
import { isNewsOfTicket } from './link.ts';
import { noteOnce, tellIssueOnce } from './note.ts';
import { abstain, combine, type Judgement, nothing } from './reason.ts';
import { fill } from './template.ts';
import { nameOf } from './ticket.ts';
import { issueValues, ticketValues } from './vocabulary.ts';

/**
 * A ticket that somebody closed in OTRS: what its closing block lacks is reported (R54), and the requester is told the
 * solution where the service has a letter (R63). Articles are written only where the bridge saw the ticket open before,
 * so tickets that were closed long ago get none. An issue that is not done is told of the closing once, by whatever stands
 * in the block: what becomes of it is line 3's to decide.
 */
export function judgeClosedTicket(facts: Facts, policy: ClosurePolicy): Judgement {
  const { ticket, link } = facts;
  if (ticket.phase !== 'done' || !isSameText(ticket.state, policy.closedState)) {
    return nothing;
  }

  const isNews = isNewsOfTicket(ticket, link);
  const { closure, gaps } = blockOfTicket(ticket, policy.block);
  const told = isNews ? tellIssue(facts, policy) : nothing;
  if (gaps.length === 0) {
    return isNews
      ? combine([told, writeLetter(facts, closure.solution ?? '', policy.letter, policy.wording)])
      : nothing;
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

function tellIssue(facts: Facts, { closedState, agentClosedComment: told, wording }: ClosurePolicy): Judgement {
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
    'closure.code': textOf(closure_code),
    'closure.solution': textOf(solution),
    'closure.item': textOf(configuration_item),
  };
  return tellIssueOnce(facts, issue, `comment:note:agent-closed:${moment}`, fill(told.text, values), {
    rule: 'issue-is-told-of-the-closing',
    clause: told.clause,
    evidence: `an agent closed the ticket, and ${nameOf(issue.ref)} is «${issue.state}»`,
  });
}
