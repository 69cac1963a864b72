import type { Deadline } from '../table-4.ts';
import { pausedBetween } from '../term.ts';
import type { Timeline } from '../timeline.ts';
import { groupOf, type SupportGroup } from './returns.ts';

/** A time in which one ticket queue had the ticket. Moments are epoch milliseconds. */
export interface Stay {
  readonly ticketQueue: string;
  /** Absent where no group works in the queue. */
  readonly group?: string;
  readonly from: number;
  /** Absent while it lasts. */
  readonly to?: number;
}

/** Who had the ticket, in order: the user's clock is one (R43), its segments by group are for reports. */
export function staysOf({ entries }: Pick<Timeline, 'entries'>, groups: readonly SupportGroup[]): readonly Stay[] {
  const stays: Stay[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'changed' || entry.change.property !== 'ticket_queue') {
      continue;
    }

    const ticketQueue = entry.change.to ?? '';
    const last = stays.pop();
    if (last !== undefined) {
      stays.push({ ...last, to: entry.at });
    }
    const group = groupOf(ticketQueue, groups)?.name;
    stays.push({ ticketQueue, from: entry.at, ...(group === undefined ? {} : { group }) });
  }
  return stays;
}

/** Milliseconds of a stay that the clock of a deadline counted: open by its calendar, not paused, and not before its start. */
export function countedIn({ from }: Stay, to: number, { start, calendar, pauses }: Deadline): number {
  const opensAt = calendar.openBefore(Math.max(from, start));
  const closesAt = calendar.openBefore(Math.max(to, start, from));
  return closesAt - opensAt - pausedBetween(opensAt, closesAt, pauses);
}
