import { type Branch, type Stage, stages } from './stage.ts';
import type { Deadline, Table4Case, Table4Result } from './table-4.ts';

/**
 * Milliseconds by which a deadline was missed; undefined if it was kept, is not due yet or binds nobody. Done exactly
 * at the deadline is done in time.
 */
export function latenessOf(
  { name, at }: Deadline,
  ticket: Table4Case,
  applies: Table4Result['applies'],
): number | undefined {
  const end = endOf(name, ticket, applies);
  return at !== undefined && end !== undefined && end > at ? end - at : undefined;
}

/** What was known of the ticket at a moment: what was done later had not been done. */
export function asOf(moment: number, ticket: Table4Case): Table4Case {
  const known = (value: number | undefined) => (value !== undefined && value <= moment ? value : undefined);
  const done = Object.entries(ticket.completed ?? {}).filter(([, value]) => known(value) !== undefined);
  return {
    ...ticket,
    workaround: known(ticket.workaround),
    withdrawn: known(ticket.withdrawn),
    completed: Object.fromEntries(done),
    now: moment,
  };
}

/**
 * What a deadline is held against: when its stage was done, or a later one if it was passed over, else now; undefined
 * if the deadline binds nobody.
 */
function endOf(name: Branch, ticket: Table4Case, applies: Table4Result['applies']): number | undefined {
  const { completed, workaround, now } = ticket;
  if (name !== 'resolution' && name !== 'resolutionIfWorkaround') {
    return doneAt(name, ticket) ?? now;
  }

  if (name === applies) {
    return completed?.resolution ?? now;
  }

  // A workaround in time lifts the plain term; one that came later leaves the breach, up to the moment it came.
  return name === 'resolution' ? workaround : undefined;
}

/** When a stage was done: by itself or, if it was passed over, with a later one. */
export function doneAt(
  name: Stage,
  { completed, workaround }: Pick<Table4Case, 'completed' | 'workaround'>,
): number | undefined {
  const ends = stages.slice(stages.indexOf(name)).flatMap((stage) => {
    const end = stage === 'workaround' ? (workaround ?? completed?.workaround) : completed?.[stage];
    return end ?? [];
  });
  return ends.length === 0 ? undefined : Math.min(...ends);
}
