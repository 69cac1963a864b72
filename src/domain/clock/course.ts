import { findReason, type GivenReason } from '../assignments/reason-given.ts';
import { isMove, type Return, type ReturnPolicy, windowAround } from '../assignments/returns.ts';
import { beginsWith, isSameText } from '../condition.ts';
import type { PriorityChange } from '../priority-change.ts';
import type { SlaPolicy } from '../table-4.ts';
import type { Comment, Phase, Snapshot } from '../ticket.ts';
import type { Timeline, TimelineEntry } from '../timeline.ts';
import type { Suspension } from './pauses.ts';
import type { ClockPolicy } from './rules.ts';
import { describeEntry } from './trigger.ts';

/** A change of priority, with what shows it and, for a correction, what says so. */
export interface ShownChange extends PriorityChange {
  readonly position: number;
  readonly evidence: string;
  readonly corrects?: string;
}

export interface PriorityCourse {
  /** Number of the first priority; undefined if nobody knows it. */
  readonly first: number | undefined;
  readonly changes: readonly ShownChange[];
  /** The number in force after the entry at a position. */
  readonly at: (position: number) => number | undefined;
  readonly doubts: readonly string[];
}

/**
 * The priorities of a ticket by number, in order of time (R27). Names without a row in Table 4 are doubts; a ticket that
 * was registered with such a name counts by the first one that has a row.
 */
export function followPriorities(ticket: Snapshot, timeline: Timeline, policy: ClockPolicy): PriorityCourse {
  const set = timeline.entries.flatMap((entry, position) =>
    entry.kind === 'changed' && entry.change.property === 'priority' ? [{ entry, change: entry.change, position }] : [],
  );
  const doubts: string[] = [];
  const numberOf = (name: string) => {
    const number = numberOfPriority(name, policy.sla);
    if (number === undefined) {
      doubts.push(`Priority «${name}» has no row in Table 4.`);
    }
    return number;
  };

  const [registered] = set;
  const isFirstTold = registered !== undefined && registered.change.from === undefined;
  let first = numberOf((isFirstTold ? registered.change.to : registered?.change.from) ?? ticket.priority);
  let current = first;
  const found: Omit<ShownChange, 'isCorrection'>[] = [];
  for (const { entry, change, position } of isFirstTold ? set.slice(1) : set) {
    const priority = change.to === undefined ? undefined : numberOf(change.to);
    if (priority !== undefined && current !== undefined && priority !== current) {
      found.push({ at: entry.at, position, priority, evidence: describeEntry(entry) });
    }
    first ??= priority;
    current = priority ?? current;
  }
  const corrections = findCorrections(found, timeline, policy);
  const changes = found.map((change): ShownChange => {
    const corrects = corrections.get(change.position);
    return corrects === undefined ? { ...change, isCorrection: false } : { ...change, isCorrection: true, corrects };
  });
  const at = (position: number) => changes.findLast((change) => change.position <= position)?.priority ?? first;
  return { first, changes, at, doubts: [...new Set(doubts)] };
}

export function numberOfPriority(name: string, { targets }: SlaPolicy): number | undefined {
  return targets.find((row) => isSameText(row.name, name))?.number;
}

/**
 * Internal notes of agents whose subject says that a priority was a mistake, by the change that each is about: the last one
 * before it, else the first one after it, within the time that the mappings give. Breaches hang on it, so nothing less counts.
 */
function findCorrections(
  changes: readonly Pick<ShownChange, 'at' | 'position'>[],
  { entries }: Timeline,
  { correction }: ClockPolicy,
): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  if (changes.length === 0) {
    return found;
  }

  for (const [position, entry] of entries.entries()) {
    if (entry.kind === 'commented' && isCorrection(entry.comment, correction.subjects)) {
      const near = changes.filter(({ at }) => Math.abs(at - entry.at) <= correction.within);
      const change = near.findLast((each) => each.position < position) ?? near[0];
      if (change !== undefined) {
        found.set(change.position, describeEntry(entry));
      }
    }
  }
  return found;
}

function isCorrection(comment: Comment, subjects: readonly string[]): boolean {
  return (
    comment.by === 'agent' &&
    comment.visibility === 'internal' &&
    comment.marker === undefined &&
    beginsWith(comment.subject ?? '', subjects)
  );
}

/** Times in which the clock stands: the ticket was closed (R3), its service was not ours (R43), or it was merged. */
export function findAbsences(
  { entries }: Timeline,
  ticket: Snapshot,
  policy: ClockPolicy,
  isOurs: (service: string) => boolean,
  returns: readonly Return[],
): readonly Suspension[] {
  return [
    ...spans(entries, (entry) => isClosing(entry, ticket, policy), { why: 'closed', clause: 'R3, R54' }),
    ...spans(
      entries,
      (entry) => leavesUs(entry, isOurs),
      { why: 'elsewhere', clause: 'R43' },
      (entry, position) => {
        const reason = reasonOfLeaving(entry.at, position, entries, returns, policy.returns);
        const service = entry.kind === 'changed' ? (entry.change.to ?? '') : '';
        return { service, ...(reason === undefined ? {} : { reason }) };
      },
    ),
    ...spans(entries, (entry) => isMerging(entry, ticket) || undefined, { why: 'merged', clause: '' }),
  ];
}

/** What was written when the service changed, else why the ticket was handed back for another service before. */
function reasonOfLeaving(
  at: number,
  position: number,
  entries: readonly TimelineEntry[],
  returns: readonly Return[],
  policy: ReturnPolicy,
): GivenReason | undefined {
  const moves = entries.flatMap((entry, place) => (isMove(entry) ? [place] : []));
  const { after } = windowAround({ at, position }, entries, moves, policy.settles);
  // Later notes are those of the other team.
  const later = entries.findIndex((entry) => entry.at > at + policy.settles);
  const own = findReason(entries, { after, position, before: later < 0 ? entries.length : later }, policy);
  return own ?? returns.findLast((each) => each.position < position)?.reason;
}

/** `undefined` for entries that say nothing about it. */
function spans(
  entries: readonly TimelineEntry[],
  test: (entry: TimelineEntry) => boolean | undefined,
  kind: Pick<Suspension, 'why' | 'clause'>,
  tell: (entry: TimelineEntry, position: number) => Partial<Suspension> = () => ({}),
): readonly Suspension[] {
  const found: Suspension[] = [];
  let open: Suspension | undefined;
  for (const [position, entry] of entries.entries()) {
    const answer = test(entry);
    if (answer === true) {
      open ??= { ...kind, from: entry.at, begunBy: describeEntry(entry), ...tell(entry, position) };
    } else if (answer === false && open !== undefined) {
      found.push({ ...open, to: entry.at, endedBy: describeEntry(entry) });
      open = undefined;
    }
  }
  return open === undefined ? found : [...found, open];
}

/** The timeline up to the closing that lasts, if there is one: a closed ticket keeps its result, whatever is done to it (R29). */
export function untilClosed(timeline: Timeline, ticket: Snapshot, policy: ClockPolicy): Timeline {
  let closing: number | undefined;
  for (const [position, entry] of timeline.entries.entries()) {
    const answer = isClosing(entry, ticket, policy);
    if (answer !== undefined) {
      closing = answer ? (closing ?? position) : undefined;
    }
  }
  return closing === undefined ? timeline : { ...timeline, entries: timeline.entries.slice(0, closing + 1) };
}

function isClosing(entry: TimelineEntry, ticket: Snapshot, policy: ClockPolicy): boolean | undefined {
  return entry.kind === 'changed' && entry.change.property === 'state' && !isMerging(entry, ticket)
    ? phaseOf(entry.change.to ?? '', ticket, policy) === 'done'
    : undefined;
}

/** A ticket that was merged is not closed: whether it was in time is the main ticket's to say. */
function isMerging(entry: TimelineEntry, { mergedInto, state }: Snapshot): boolean {
  return (
    mergedInto !== undefined &&
    entry.kind === 'changed' &&
    entry.change.property === 'state' &&
    isSameText(entry.change.to ?? '', state)
  );
}

/** Of a state that the mappings do not name, only the ticket's own system can tell the phase, and only of its present one. */
export function phaseOf(name: string, ticket: Snapshot, { states }: ClockPolicy): Phase | undefined {
  const known = states.find(({ state }) => isSameText(state, name));
  return known?.phase ?? (isSameText(name, ticket.state) ? ticket.phase : undefined);
}

function leavesUs(entry: TimelineEntry, isOurs: (service: string) => boolean): boolean | undefined {
  return entry.kind === 'changed' && entry.change.property === 'service' ? !isOurs(entry.change.to ?? '') : undefined;
}
