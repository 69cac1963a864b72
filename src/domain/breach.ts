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
  const { workaround, withdrawn, earlierWorkarounds = [], completed = {} } = ticket;
  const known = (value: number | undefined) => (value !== undefined && value <= moment ? value : undefined);
  const done = Object.entries(completed).filter(([, value]) => known(value) !== undefined);
  const stories = [...earlierWorkarounds, { given: workaround, withdrawn }];
  const newest = stories.findLastIndex(({ given }) => known(given) !== undefined);
  return {
    ...ticket,
    workaround: stories[newest]?.given,
    withdrawn: known(stories[newest]?.withdrawn),
    earlierWorkarounds: earlierWorkarounds.slice(0, Math.max(0, newest)),
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

/**
 * When a stage was done: by itself or, if it was passed over, with a later one. The first workaround ends its stage, also
 * if it did not hold; so does an answer before it.
 */
export function doneAt(
  name: Stage,
  { completed, workaround, earlierWorkarounds = [] }: Table4Case,
): number | undefined {
  const given = earlierWorkarounds[0]?.given ?? workaround;
  let end = stages.indexOf(name) <= stages.indexOf('workaround') ? (given ?? NEVER) : NEVER;
  for (let index = stages.indexOf(name); index < stages.length; index += 1) {
    end = Math.min(end, completed?.[stages[index] ?? name] ?? NEVER);
  }
  return end === NEVER ? undefined : end;
}

const NEVER = Number.POSITIVE_INFINITY;
