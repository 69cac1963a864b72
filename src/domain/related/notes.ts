import type { Facts } from '../facts.ts';
import { textOf } from '../field-value.ts';
import { noteOnce, tellTeamOnce } from '../note.ts';
import { abstain, combine, type Judgement, nothing } from '../reason.ts';
import { nameOf } from '../ticket.ts';
import { ticketValues } from '../vocabulary.ts';
import { isListening, isShownNow, type LinkedTicket, type ShownTicket, stayIn } from './linked.ts';
import { type RelatedPolicy, relatedValues } from './policy.ts';

/**
 * What people are told of a linked ticket, each thing once, also after a lost memory: that it was opened, that it is closed
 * (each time anew), what its system cannot take, that it is not shown any more, and to its own team that the ticket is closed. Nothing is closed by that.
 */
export function judgeNotes(facts: Facts, linked: readonly LinkedTicket[], policy: RelatedPolicy): Judgement {
  return combine(
    linked.flatMap((each) =>
      isShownNow(each)
        ? [
            tellOpened(facts, each, policy),
            tellLacking(facts, each, policy),
            tellClosed(facts, each, policy),
            tellTicketClosed(facts, each, policy),
          ]
        : [tellGone(facts, each, policy)],
    ),
  );
}

function tellOpened(facts: Facts, linked: ShownTicket, policy: RelatedPolicy): Judgement {
  const { opened } = policy.notes;
  return opened === undefined || facts.ticket.phase === 'done'
    ? nothing
    : noteOnce(facts, `comment:note:related-opened:${linked.name}`, opened, valuesOf(facts, linked, policy), {
        rule: 'related-ticket-is-told',
        clause: linked.clause,
        evidence: `${nameOf(linked.ref)} was opened for this ticket`,
      });
}

/** What does not go over because its system cannot do it: people have to carry that themselves. */
function tellLacking(facts: Facts, linked: ShownTicket, policy: RelatedPolicy): Judgement {
  const { name, ref, clause, lacks = [] } = linked;
  const { lacking } = policy.notes;
  return lacks.length === 0 || facts.ticket.phase === 'done'
    ? nothing
    : noteOnce(
        facts,
        `comment:note:related-lacks:${name}:${lacks.toSorted().join(',')}`,
        lacking,
        { ...valuesOf(facts, linked, policy), lacking: lacks.map((each) => lacking.abilities[each]).join('\n') },
        {
          rule: 'related-ticket-cannot-have-everything',
          clause,
          evidence: `the system of ${nameOf(ref)} lacks ${lacks.join(', ')}`,
        },
      );
}

/** The note is meant for the ticket's owner, whose decision it is what follows. */
function tellClosed(facts: Facts, linked: ShownTicket, policy: RelatedPolicy): Judgement {
  const { name, record, ref, clause } = linked;
  if (record.phase !== 'done') {
    return nothing;
  }

  const key = `comment:note:related-closed:${name}@${stayIn(record)}`;
  const note = { ...policy.notes.closed, notify: 'agents' } as const;
  return noteOnce(facts, key, note, valuesOf(facts, linked, policy), {
    rule: 'related-ticket-is-closed',
    clause,
    evidence: `${nameOf(ref)} is «${record.state}»; the ticket stays open until its owner closes it`,
  });
}

function tellTicketClosed(facts: Facts, linked: ShownTicket, policy: RelatedPolicy): Judgement {
  const { ticket } = facts;
  const { name, record, ref, clause, lacks = [] } = linked;
  const { ticketClosed } = policy.notes;
  if (ticketClosed === undefined || ticket.phase !== 'done' || !isListening(record) || lacks.includes('comments')) {
    return nothing;
  }

  const key = `comment:note:ticket-closed:${name}@${stayIn(ticket)}`;
  const values = { ...valuesOf(facts, linked, policy), 'ticket.solution': textOf(ticket.fields.solution) };
  return tellTeamOnce(facts, linked, key, ticketClosed, values, {
    rule: 'ticket-of-the-related-ticket-is-closed',
    clause,
    evidence: `the ticket is «${ticket.state}», and ${nameOf(ref)} is still «${record.state}»`,
  });
}

function tellGone(facts: Facts, linked: LinkedTicket, policy: RelatedPolicy): Judgement {
  const { name, ref, clause, isGone } = linked;
  if (isGone === undefined || facts.ticket.phase === 'done') {
    return nothing;
  }

  const reason = {
    rule: 'related-ticket-is-gone',
    clause,
    evidence: `${nameOf(ref)} is not shown to the bridge: it was deleted, hidden or moved. No second one is opened`,
  };
  const values = valuesOf(facts, linked, policy);
  const told = noteOnce(facts, `comment:note:related-gone:${name}`, policy.notes.gone, values, reason);
  return told === nothing ? abstain(reason) : told;
}

function valuesOf({ ticket }: Facts, { title, ref, record }: LinkedTicket, { wording }: RelatedPolicy) {
  return { ...ticketValues(ticket, wording), ...relatedValues(title, ref, record) };
}
