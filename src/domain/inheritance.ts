import type { ActionKey } from './action.ts';
import { describedBy } from './agreement.ts';
import { isOwnWords } from './comments.ts';
import type { Facts } from './facts.ts';
import type { Agreed, Link } from './link.ts';
import { RELATE_ORIGIN } from './references.ts';
import type { Ref, Snapshot } from './ticket.ts';

/** What a main ticket takes over from the memory of a ticket that was merged into it. */
export interface Inheritance {
  /** The issue goes along: the heir has none, and the work on it is not done. */
  readonly issue?: Ref;
  readonly agreed: Agreed;
  /** Of the actions of the merged ticket, those whose effects the heir must know. */
  readonly carries: (key: ActionKey) => boolean;
}

/**
 * What the heir takes over, so that nothing is carried twice although the comments have moved. `issue` is the merged
 * ticket's issue as it is now, and absent where it is not shown; `doubtful` are calls of its that were never answered.
 * Undefined where the heir knows all of it already.
 */
export function inheritanceOf(
  { link, ticket }: Pick<Facts, 'link' | 'ticket'>,
  merged: Link,
  issue: Snapshot | undefined,
  doubtful: readonly ActionKey[] = [],
): Inheritance | undefined {
  const follows =
    merged.issue !== undefined && link.issue === undefined && issue !== undefined && issue.phase !== 'done';
  const carries = (key: ActionKey) => isCarried(key, follows ? 'follows' : 'stays');
  const known = link.issue === undefined ? (link.agreed.described ?? []) : describedBy(link, ticket);
  const described = [...new Set([...known, ...(merged.agreed.described ?? [])])];
  const isKnown =
    Object.keys(merged.done).every((key) => !carries(key) || link.done[key] !== undefined) &&
    [...Object.keys(merged.refused), ...doubtful].every((key) => !carries(key)) &&
    merged.related.every(({ name }) => link.related.some((own) => own.name === name)) &&
    described.every((id) => known.includes(id));
  if (isKnown && !follows) {
    return undefined;
  }

  const { firstAssignee } = merged.agreed;
  const came = follows
    ? { issueFrom: merged.ticket.id, ...(firstAssignee === undefined ? {} : { firstAssignee }) }
    : {};
  return {
    ...(follows && merged.issue !== undefined ? { issue: merged.issue } : {}),
    agreed: { ...link.agreed, ...(described.length === 0 ? {} : { described }), ...came },
    carries,
  };
}

/** What was carried between the records, and what was done in the issue if that goes along. Words about the ticket stay. */
function isCarried(key: ActionKey, issue: 'follows' | 'stays'): boolean {
  if (/^(?:comment|edit|attach|open:related|open:task):/.test(key)) {
    return !isOwnWords(key);
  }

  return issue === 'follows' && /^(?:relate|assign):issue/.test(key) && key !== RELATE_ORIGIN;
}
