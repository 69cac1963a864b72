import { isSameText } from '../condition.ts';
import type { ChangingProperty, Snapshot } from '../ticket.ts';
import type { Timeline, TimelineEntry } from '../timeline.ts';

/**
 * The timeline, brought up to what the ticket shows. What the history does not tell has happened by the ticket's last
 * change at the latest; that is also how a change looks that the bridge has just made and that no history shows yet.
 */
export function catchUp(ticket: Snapshot, { entries, doubts }: Timeline): Timeline {
  const at = Math.max(ticket.changedAt.toMillis(), entries.at(-1)?.at ?? 0);
  const shown: readonly (readonly [ChangingProperty, string])[] = [
    ['priority', ticket.priority],
    ['service', ticket.service ?? ''],
    ['state', ticket.state],
  ];
  const added = shown.flatMap(([property, to]): readonly TimelineEntry[] => {
    const told = lastTold(property, entries);
    // Without any word of the history, the first priority and service are those that the ticket shows.
    return (told === undefined && property !== 'state') || isSameText(told ?? '', to)
      ? []
      : [{ kind: 'changed', at, by: '', change: { property, ...(told === undefined ? {} : { from: told }), to } }];
  });
  return { entries: added.length === 0 ? entries : [...entries, ...added], doubts };
}

function lastTold(property: ChangingProperty, entries: readonly TimelineEntry[]): string | undefined {
  const last = entries.findLast((entry) => entry.kind === 'changed' && entry.change.property === property);
  return last?.kind === 'changed' ? (last.change.to ?? '') : undefined;
}
