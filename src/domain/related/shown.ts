import type { Facts } from '../facts.ts';
import { isShown, textOf } from '../field-value.ts';
import { act, combine, type Judgement, nothing } from '../reason.ts';
import { fill } from '../template.ts';
import { nameOf } from '../ticket.ts';
import { ticketValues } from '../vocabulary.ts';
import { isAtRest, isShownNow, type LinkedTicket, type ShownTicket } from './linked.ts';
import { PARENT_TICKET, RELATED_TICKETS, type RelatedPolicy, relatedValues } from './policy.ts';

/** Each ticket shows the other one with its number and state; where a link is wanted, it is made once. */
export function judgeShown(facts: Facts, linked: readonly LinkedTicket[], policy: RelatedPolicy): Judgement {
  return combine([
    showInTicket(facts, linked, policy),
    takeBack(facts, linked, policy),
    ...linked.filter(isShownNow).flatMap((each) => [showInRelated(facts, each, policy), linkOnce(facts, each)]),
  ]);
}

/** One field names them all. While one of them was not looked at, the field stays as it is. */
function showInTicket({ ticket }: Facts, linked: readonly LinkedTicket[], { shown }: RelatedPolicy): Judgement {
  if (linked.length === 0 || linked.some(({ record, isGone }) => record === undefined && isGone === undefined)) {
    return nothing;
  }

  const text = linked
    .map(({ title, ref, record, isGone }) =>
      fill(isGone === true ? shown.gone : shown.inTicket, relatedValues(title, ref, record)),
    )
    .join('; ');
  return isShown(ticket.fields[RELATED_TICKETS], text)
    ? nothing
    : act(
        { do: 'update', key: 'update:ticket:related', ref: ticket.ref, fields: { [RELATED_TICKETS]: text } },
        {
          rule: 'ticket-shows-its-related-tickets',
          clause: 'R71',
          evidence: `${RELATED_TICKETS} becomes «${text}»`,
        },
      );
}

/** What the adjacent team wrote into its ticket comes into ours where that is empty: its number of the request. */
function takeBack({ ticket }: Facts, linked: readonly LinkedTicket[], { takesBack }: RelatedPolicy): Judgement {
  const found = takesBack
    .filter((field) => textOf(ticket.fields[field]) === undefined)
    .flatMap((field) => {
      const from = linked.find(({ record }) => textOf(record?.fields[field]) !== undefined);
      const value = textOf(from?.record?.fields[field]);
      return from === undefined || value === undefined ? [] : [{ field, value, from }];
    });
  return found.length === 0
    ? nothing
    : act(
        {
          do: 'update',
          key: 'update:ticket:from-related',
          ref: ticket.ref,
          fields: Object.fromEntries(found.map(({ field, value }) => [field, value])),
        },
        {
          rule: 'field-comes-from-the-related-ticket',
          clause: 'R71',
          evidence: found.map(({ field, value, from }) => `${field} is «${value}» in ${nameOf(from.ref)}`).join(', '),
        },
      );
}

function showInRelated(
  { ticket }: Facts,
  { name, ref, record, clause, lacks = [] }: ShownTicket,
  policy: RelatedPolicy,
): Judgement {
  const text = fill(policy.shown.inRelated, ticketValues(ticket, policy.wording));
  return lacks.includes('fields') || isAtRest(record) || isShown(record.fields[PARENT_TICKET], text)
    ? nothing
    : act(
        { do: 'update', key: `update:related:${name}`, ref, fields: { [PARENT_TICKET]: text } },
        {
          rule: 'related-ticket-shows-its-ticket',
          clause,
          evidence: `${PARENT_TICKET} of ${nameOf(ref)} becomes «${text}»`,
        },
      );
}

/** A link that people take away stays away. */
function linkOnce({ ticket, link }: Facts, { name, ref, record, clause, system }: ShownTicket): Judgement {
  const key = `relate:related:${name}`;
  return system?.link === undefined || link.done[key] !== undefined || ref.system !== ticket.ref.system
    ? nothing
    : act(
        {
          do: 'relate',
          key,
          ref: ticket.ref,
          to: ref,
          as: 'related',
          title: nameOf(ref),
          url: record.url,
          type: system.link,
        },
        { rule: 'related-ticket-is-linked', clause, evidence: `${nameOf(ref)} was opened for this ticket` },
      );
}
