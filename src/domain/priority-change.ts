import { asOf } from './breach.ts';
import { type Deadline, judgeDeadlines, type Table4, type Table4Case, type Table4Result } from './table-4.ts';
import type { Readings } from './table-4-plan.ts';

/** Another priority from a moment on; a correction says that the old one was entered by mistake. */
export interface PriorityChange {
  readonly at: number;
  readonly priority: number;
  readonly isCorrection: boolean;
}

export interface ChangedResult {
  readonly result: Table4Result;
  /** Deadlines of earlier priorities that were already missed when the priority changed; a breach is never erased. */
  readonly earlierBreaches: readonly { readonly priority: number; readonly deadline: Deadline }[];
}

/**
 * Deadlines of a ticket whose priority changed (R27), changes in order of time; `ticket.priority` is the first one.
 * Raised: a new chain starts at the change and no stage ends later than its old deadline, unless that had passed; one that
 * falls on the change itself has not passed, for what is done at its deadline is done in time.
 * Lowered, corrected, or read as `retroactive`: the new row from T0. A correction leaves no breach behind.
 */
export function followPriority(
  table: Table4,
  ticket: Table4Case,
  changes: readonly PriorityChange[],
  readings: Pick<Readings, 'priorityRaised' | 'lateWorkaround'>,
): ChangedResult {
  let current = table.deadlines(ticket);
  let priority = ticket.priority;
  const earlierBreaches: { priority: number; deadline: Deadline }[] = [];

  for (const change of changes) {
    if (!change.isCorrection) {
      const then = judgeDeadlines(current, asOf(change.at, ticket), readings);
      const missed = then.deadlines.filter(({ lateBy }) => lateBy !== undefined);
      earlierBreaches.push(...missed.map((deadline) => ({ priority, deadline })));
    }
    const isRaised = change.priority < priority && !change.isCorrection && readings.priorityRaised === 'new_chain';
    const renamed = { ...ticket, priority: change.priority };
    current = isRaised
      ? noLaterThan(current, table.deadlines(restarted(renamed, change.at)), change.at)
      : table.deadlines(renamed);
    priority = change.priority;
  }

  const result = changes.length === 0 ? current : judgeDeadlines(current, ticket, readings);
  return { result, earlierBreaches };
}

function restarted(ticket: Table4Case, at: number): Table4Case {
  const complete = ticket.complete === undefined ? undefined : Math.max(ticket.complete, at);
  return { ...ticket, registered: at, complete };
}

function noLaterThan(before: Table4Result, after: Table4Result, change: number): Table4Result {
  const deadlines = after.deadlines.map((deadline) => {
    const old = before.deadlines.find(({ name }) => name === deadline.name);
    const isSooner = old?.at !== undefined && old.at >= change && old.at < (deadline.at ?? Number.POSITIVE_INFINITY);
    return isSooner ? { ...deadline, ...old } : deadline;
  });
  return { ...after, deadlines };
}
