import type { Facts } from './facts.ts';
import { isShown } from './field-value.ts';
import { act, combine, type Judgement, nothing } from './reason.ts';
import { fill } from './template.ts';
import { type Fields, nameOf, type Snapshot } from './ticket.ts';
import { ticketValues, type Wording } from './vocabulary.ts';

export interface ReferencePolicy {
  /** How the issue calls the ticket that it came from. */
  readonly title: string;
  readonly wording: Wording;
}

export const RELATE_ORIGIN = 'relate:issue:origin';
const UPDATE_REFERENCE = 'update:ticket:reference';

/** Each side shows the other: the issue links to its ticket, the ticket carries key, address and status of its issue. */
export function judgeReferences(facts: Facts, policy: ReferencePolicy): Judgement {
  const { issue, ticket } = facts;
  if (issue === undefined) {
    return nothing;
  }

  return combine([linkBack(facts, issue, policy), showIssue(ticket, issue)]);
}

function linkBack({ link, ticket }: Facts, issue: Snapshot, policy: ReferencePolicy): Judgement {
  if (link.done[RELATE_ORIGIN] !== undefined) {
    return nothing;
  }

  return act(
    {
      do: 'relate',
      key: RELATE_ORIGIN,
      ref: issue.ref,
      to: ticket.ref,
      as: 'origin',
      title: fill(policy.title, ticketValues(ticket, policy.wording)),
      url: ticket.url,
    },
    { rule: 'issue-links-to-its-ticket', clause: 'R50', evidence: `${nameOf(issue.ref)} was opened for this ticket` },
  );
}

function showIssue(ticket: Snapshot, issue: Snapshot): Judgement {
  const wanted: Fields = { issue_key: nameOf(issue.ref), issue_url: issue.url, issue_status: issue.state };
  const stale = Object.entries(wanted).filter(([name, value]) => !isShown(ticket.fields[name], value));
  if (stale.length === 0) {
    return nothing;
  }

  return act(
    { do: 'update', key: UPDATE_REFERENCE, ref: ticket.ref, fields: Object.fromEntries(stale) },
    {
      rule: 'ticket-shows-its-issue',
      clause: 'R50',
      evidence: stale.map(([name, value]) => `${name} becomes «${value}»`).join(', '),
    },
  );
}
