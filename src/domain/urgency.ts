import type { Clock } from './clock/clock.ts';
import { nextCourse } from './clock/show.ts';
import { isSameText } from './condition.ts';
import type { PriorityName } from './priority.ts';
import type { Snapshot } from './ticket.ts';

/** Longer than any moment in milliseconds, so that a priority outweighs every deadline. */
const PRIORITY = 10_000_000_000_000;

/** Of a priority that the mappings do not name: after all others. */
const LAST_RANK = 9;

/**
 * The place of a ticket among those that wait with it, the smallest first: the highest priority, within it the nearest
 * deadline, and a missed one before those that can still be met. A ticket without a deadline comes last in its priority.
 */
export function urgencyOf({ priority }: Snapshot, clock: Clock, names: readonly PriorityName[]): number {
  const rank = names.find(({ ticket }) => isSameText(ticket, priority))?.rank ?? LAST_RANK;
  const deadline = clock.status === 'stopped' ? undefined : nextCourse(clock)?.deadline?.at;
  return rank * PRIORITY + Math.min(Math.max(0, deadline ?? PRIORITY), PRIORITY - 1);
}
