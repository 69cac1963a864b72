import type { ChangingProperty, Snapshot } from './ticket.ts';
import { positionAt, type Timeline } from './timeline.ts';

/**
 * The ticket as it was after the entry at `position` of its timeline: properties that changed later are changed back, later
 * comments and files are taken away. `phase` stays that of today, for only the ticket's system knows the others; long
 * fields come cut where the history cuts them.
 */
export function asOfEntry(ticket: Snapshot, { entries }: Timeline, position: number): Snapshot {
  const later = entries.slice(position + 1);
  const unwritten = new Set(later.flatMap((entry) => (entry.kind === 'commented' ? [entry.comment.id] : [])));
  const rewound: Record<string, unknown> = {};
  const fields: Record<string, unknown> = { ...ticket.fields };
  for (const entry of later.toReversed()) {
    if (entry.kind === 'changed') {
      const { property, from } = entry.change;
      if (property.startsWith('fields.')) {
        fields[property.slice('fields.'.length)] = from;
      } else if (from !== undefined || isOptional(property)) {
        rewound[keys[property as keyof typeof keys]] = from;
      }
    }
  }

  const changed = { ...ticket, ...rewound, fields } as Snapshot;
  return withoutAbsent({
    ...changed,
    fields: withoutAbsent(changed.fields),
    comments: ticket.comments.filter(({ id }) => !unwritten.has(id)),
    attachments: ticket.attachments.filter(({ commentId }) => commentId === undefined || !unwritten.has(commentId)),
  });
}

/** The ticket as it was at a moment; see `asOfEntry`. */
export function asOfMoment(ticket: Snapshot, timeline: Timeline, moment: number): Snapshot {
  return asOfEntry(ticket, timeline, positionAt(timeline, moment));
}

const keys = {
  title: 'title',
  type: 'type',
  service: 'service',
  ticket_queue: 'ticketQueue',
  priority: 'priority',
  state: 'state',
  owner: 'owner',
} as const;

/** A ticket may be without these; of the others an absent old value means that the history does not tell it. */
function isOptional(property: ChangingProperty): boolean {
  return property === 'service' || property === 'owner';
}

function withoutAbsent<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Value;
}
