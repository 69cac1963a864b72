import type { MainTicket } from '../domain/facts.ts';
import { textOf } from '../domain/field-value.ts';
import type { Link } from '../domain/link.ts';
import type { Ref, Snapshot, SystemName } from '../domain/ticket.ts';
import type { Store } from '../store/store.ts';

/** The parts of the memory that tell of other tickets. */
export type Relatives = Pick<Store, 'link' | 'ticketOf'>;

/**
 * What is known of the ticket that this one was merged into. Whether the bridge sees it is asked only where an issue waits to
 * go there.
 */
export async function mainOf(
  { mergedInto }: Snapshot,
  link: Link,
  store: Pick<Relatives, 'link'>,
  locate: (ref: Ref) => Promise<Ref | undefined>,
): Promise<MainTicket | undefined> {
  if (mergedInto === undefined) {
    return undefined;
  }

  const { issue, related } = await store.link(mergedInto);
  const isAwaited = link.issue !== undefined && issue === undefined;
  const isHidden = isAwaited && (await locate(mergedInto)) === undefined;
  return {
    ref: mergedInto,
    ...(issue === undefined ? {} : { issue }),
    ...(related.length === 0 ? {} : { related }),
    ...(isHidden ? { isHidden: true } : {}),
  };
}

/** The other ticket whose issue this one shows in its fields; undefined for a ticket that has an issue. */
export async function ownerOfShownIssue(
  { ref, fields }: Snapshot,
  link: Link,
  issueSystems: readonly SystemName[],
  store: Pick<Relatives, 'ticketOf'>,
): Promise<Ref | undefined> {
  const key = textOf(fields.issue_key);
  if (link.issue !== undefined || key === undefined) {
    return undefined;
  }

  for (const system of issueSystems) {
    const owner = await store.ticketOf({ system, id: key, key });
    if (owner !== undefined && owner.id !== ref.id) {
      return owner;
    }
  }
  return undefined;
}
