import type { Facts } from './facts.ts';
import { textOf } from './field-value.ts';
import { act, type Judgement, nothing } from './reason.ts';
import { nameOf } from './ticket.ts';

/** Fields by which a ticket shows its issue. */
const SHOWN = ['issue_key', 'issue_url', 'issue_status'] as const;

/**
 * A ticket that was split off can show the issue of the ticket that it came from: OTRS copies the fields that its page
 * shows. The issue belongs to one ticket (R50), so the copy is taken away; an issue of its own comes by the rules.
 */
export function judgeSplitOff({ link, ticket, shownIssueOf }: Facts): Judgement {
  const shown = SHOWN.filter((name) => ticket.fields[name] !== undefined);
  if (shownIssueOf === undefined || link.issue !== undefined || shown.length === 0) {
    return nothing;
  }

  return act(
    {
      do: 'update',
      key: 'update:ticket:reference',
      ref: ticket.ref,
      fields: Object.fromEntries(shown.map((name) => [name, ''])),
    },
    {
      rule: 'copied-issue-is-taken-away',
      clause: 'R50',
      evidence: `issue_key is «${textOf(ticket.fields.issue_key) ?? ''}», the issue of ${nameOf(shownIssueOf)}`,
    },
  );
}
