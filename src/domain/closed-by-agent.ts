import { blockOfTicket } from './closing-block.ts';
import { writeLetter } from './closing-letter.ts';
import type { ClosurePolicy } from './closure.ts';
import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { isNewsOfTicket } from './link.ts';
import { noteOnce } from './note.ts';
import { abstain, combine, type Judgement, nothing } from './reason.ts';
import { ticketValues } from './vocabulary.ts';

/**
 * A ticket that somebody closed in OTRS: what its closing block lacks is reported (R54), and the requester is told the
 * solution where the service has a letter (R63). Articles are written only where the bridge saw the ticket open before,
 * so tickets that were closed long ago get none.
 */
export function judgeClosedTicket(facts: Facts, policy: ClosurePolicy): Judgement {
  const { ticket, link } = facts;
  if (ticket.phase !== 'done' || !isSameText(ticket.state, policy.closedState)) {
    return nothing;
  }

  const isNews = isNewsOfTicket(ticket, link);
  const { closure, gaps } = blockOfTicket(ticket, policy.block);
  if (gaps.length === 0) {
    return isNews ? writeLetter(facts, closure.solution ?? '', policy.letter, policy.wording) : nothing;
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
    abstain(reason),
    isNews && policy.agentClosedIncomplete === 'note'
      ? noteOnce(facts, key, policy.agentClosedNote, values, reason)
      : nothing,
  ]);
}
