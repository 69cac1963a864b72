import type { DateTime } from 'luxon';
import type { OnceOnlyAction } from '../domain/action.ts';
import type { Facts } from '../domain/facts.ts';
import { textOf } from '../domain/field-value.ts';
import { nameOf, type Ref, type SystemName } from '../domain/ticket.ts';
import type { Claim, Store } from '../store/store.ts';
import { type Desks, deskOf } from './gather.ts';

interface ForgottenContext {
  readonly desks: Desks;
  readonly store: Store;
  readonly now: () => DateTime;
  readonly issueSystem: SystemName;
  /** Tickets that are younger than that were never forgotten. */
  readonly forgettable: DateTime;
}

/**
 * The issue that a ticket shows in its fields and that the memory knows nothing of, because the store was lost or set back:
 * remembered again if its mark says that it was opened for this ticket, whatever has become of the two since. Without that a
 * ticket that was closed meanwhile would lose the words that are still said in its issue. Undefined where there is none.
 */
export async function findForgottenIssue(
  claim: Claim,
  { link, ticket, shownIssueOf }: Facts,
  { desks, store, now, issueSystem, forgettable }: ForgottenContext,
  signal: AbortSignal,
): Promise<Ref | undefined> {
  const key = textOf(ticket.fields.issue_key);
  const isKnown = link.issue !== undefined || shownIssueOf !== undefined || ticket.mergedInto !== undefined;
  if (isKnown || key === undefined || ticket.createdAt >= forgettable) {
    return undefined;
  }

  const found = await deskOf(desks, issueSystem).find(openingOf(ticket.ref, key, issueSystem), signal);
  if (found.outcome !== 'present') {
    return undefined;
  }

  await store.remember(claim, { issue: found.ref });
  const detail = { issue: nameOf(found.ref), because: [reasonOf(key)] };
  await store.audit({ at: now(), who: 'bridge', what: 'remembered its issue', ticket: claim.ticket, detail });
  return found.ref;
}

/** The opening as far as a look-up needs it: whose issue, and in which project. */
function openingOf(origin: Ref, issueKey: string, system: SystemName): OnceOnlyAction {
  const project = issueKey.slice(0, issueKey.lastIndexOf('-'));
  const draft = { project, type: '', title: '', text: '', labels: [], fields: {} };
  return { do: 'open', key: 'open:issue', system, role: 'issue', draft, origin };
}

function reasonOf(key: string) {
  return {
    rule: 'shown-issue-was-forgotten',
    clause: 'R50',
    evidence: `the ticket shows ${key}, and its mark says so too`,
  };
}
