import type { DateTime } from 'luxon';
import type { TicketEvent } from '../domain/event.ts';
import type { Facts, RelatedRecord } from '../domain/facts.ts';
import { hasBeenOurs, type ScopePolicy } from '../domain/scope.ts';
import type { Store } from '../store/store.ts';

/**
 * Makes linked tickets due as tickets of their own whose team gave them to one of our services, or took them back from
 * there: their events lead to the ticket that they were opened for, so nobody else would look at them. Once for each of their
 * states of affairs.
 */
export async function wakeStrays(
  { ticket, related = [] }: Facts,
  scope: ScopePolicy,
  { store, now }: { readonly store: Pick<Store, 'accept'>; readonly now: () => DateTime },
): Promise<void> {
  const events = related.flatMap(({ role, record }: RelatedRecord): readonly TicketEvent[] => {
    if (role !== 'related' || record?.ref.system !== ticket.ref.system || !hasBeenOurs(record, scope)) {
      return [];
    }

    const { ref, changedAt, history } = record;
    // Changes of one second have one time, and each has an entry.
    const id = `stray:${ref.system}:${ref.id}:${changedAt.toMillis()}:${history.length}`;
    return [{ id, ref, kind: 'changed', channel: 'sweep', at: now(), isOfItself: true }];
  });
  if (events.length > 0) {
    await store.accept(events, now());
  }
}
