import type { Facts } from './facts.ts';
import { isShown } from './field-value.ts';
import { type Link, shownTicketOf } from './link.ts';
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

/**
 * Each side shows the other: the issue links to its ticket by title and tells whether that is done, the ticket carries
 * key, address and status of its issue.
 */
export function judgeReferences(facts: Facts, policy: ReferencePolicy): Judgement {
  const { issue, ticket } = facts;
  if (issue === undefined) {
    return nothing;
  }

  return combine([linkBack(facts, issue, policy), showIssue(ticket, issue)]);
}

/** Only the issue's side: for a ticket that nothing is written into any more. */
export function judgeLinkBack(facts: Facts, policy: ReferencePolicy): Judgement {
  return facts.issue === undefined ? nothing : linkBack(facts, facts.issue, policy);
}

/** The link is written anew when what it shows has changed: one call when the ticket is closed, reopened or retitled. */
function linkBack({ link, ticket }: Facts, issue: Snapshot, policy: ReferencePolicy): Judgement {
  const title = fill(policy.title, ticketValues(ticket, policy.wording));
  const isResolved = ticket.phase === 'done';
  const known = shownIn(link, title);
  if (known === shownTicketOf(title, isResolved)) {
    return nothing;
  }

  return act(
    {
      do: 'relate',
      key: RELATE_ORIGIN,
      ref: issue.ref,
      to: ticket.ref,
      as: 'origin',
      title,
      url: ticket.url,
      isResolved,
    },
    known === undefined
      ? {
          rule: 'issue-links-to-its-ticket',
          clause: 'R50',
          evidence: `${nameOf(issue.ref)} was opened for this ticket`,
        }
      : {
          rule: 'link-follows-its-ticket',
          clause: 'R50',
          evidence: `the ticket is «${ticket.state}» and called «${title}»; ${nameOf(issue.ref)} shows «${known}»`,
        },
  );
}

/** What the link shows; undefined where there is none yet. */
function shownIn({ done, agreed }: Link, title: string): string | undefined {
  return done[RELATE_ORIGIN] === undefined ? undefined : (agreed.shownTicket ?? shownTicketOf(title, false));
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
