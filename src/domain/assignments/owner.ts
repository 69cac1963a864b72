import type { Action } from '../action.ts';
import type { Facts } from '../facts.ts';
import { isShown } from '../field-value.ts';
import { act, type Judgement, nothing } from '../reason.ts';
import { fill } from '../template.ts';
import { nameOf, type Snapshot } from '../ticket.ts';
import { ticketValues, type Wording } from '../vocabulary.ts';

/** How the issue shows who has the ticket (R40). */
export interface OwnerPolicy {
  /** Logical field of the issue. */
  readonly field: string;
  readonly text: string;
  readonly clause: string;
  readonly wording: Wording;
}

/** The issue shows the owner of its ticket as text and follows when he changes; it says nothing about its own assignee. */
export function judgeOwner({ ticket, issue }: Facts, policy: OwnerPolicy | undefined): Judgement {
  if (policy === undefined || issue === undefined || issue.phase === 'done' || ticket.phase === 'done') {
    return nothing;
  }

  const shown = ownerText(ticket, policy);
  return isShown(issue.fields[policy.field], shown)
    ? nothing
    : act(
        { do: 'update', key: 'update:issue:owner', ref: issue.ref, fields: { [policy.field]: shown } },
        {
          rule: 'issue-shows-the-owner-of-its-ticket',
          clause: policy.clause,
          evidence: `${ticket.owner === undefined ? 'nobody' : `«${ticket.owner}»`} owns the ticket; ${nameOf(issue.ref)} gets «${shown}»`,
        },
      );
}

/** A new issue is opened with the owner, so that he costs no call of his own where its screen shows him. */
export function withOwner(
  actions: readonly Action[],
  ticket: Snapshot,
  policy: OwnerPolicy | undefined,
): readonly Action[] {
  const shown = policy === undefined ? '' : ownerText(ticket, policy);
  return policy === undefined || shown === ''
    ? actions
    : actions.map((action) =>
        action.do === 'open' && action.role === 'issue'
          ? { ...action, draft: { ...action.draft, extras: { ...action.draft.extras, [policy.field]: shown } } }
          : action,
      );
}

function ownerText(ticket: Snapshot, { text, wording }: OwnerPolicy): string {
  return ticket.owner === undefined ? '' : fill(text, ticketValues(ticket, wording));
}
