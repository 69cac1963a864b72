import { isSameText } from './condition.ts';
import type { Comment, PropertyChange, Snapshot } from './ticket.ts';

/** One thing that happened to a ticket. `at` is in epoch milliseconds and never lies before that of the entry above. */
export type TimelineEntry = {
  readonly at: number;
  /** Id of the acting user, as the ticket's system names it; empty where it does not. */
  readonly by: string;
} & (
  | { readonly kind: 'registered' }
  | { readonly kind: 'changed'; readonly change: PropertyChange }
  | { readonly kind: 'commented'; readonly comment: Comment }
);

export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  /** What is strange about the history, in whole sentences: the reader of a deadline must know what it rests on. */
  readonly doubts: readonly string[];
}

/**
 * Everything that happened, in the order of the history: times are whole seconds, so the order of equal ones is that in
 * which the system wrote them down. Comments that the history does not name are put in by their time. A clock that was set
 * back moves no entry before an earlier one: such an entry takes the time of the one above it.
 */
export function timelineOf(ticket: Snapshot): Timeline {
  const doubts: string[] = [];
  const entries: TimelineEntry[] = [{ kind: 'registered', at: ticket.createdAt.toMillis(), by: '' }];
  const unplaced = new Map(ticket.comments.map((comment) => [comment.id, comment]));

  for (const { at, by, changes = [], commentId } of ticket.history) {
    const comment = commentId === undefined ? undefined : unplaced.get(commentId);
    if (comment !== undefined) {
      unplaced.delete(comment.id);
      entries.push({ kind: 'commented', at: at.toMillis(), by, comment });
    }
    entries.push(...changes.map((change) => ({ kind: 'changed', at: at.toMillis(), by, change }) as const));
  }

  const placed = withoutStepsBack(entries, doubts);
  doubts.push(...gapsIn(placed, ticket));
  if (ticket.history.length === 0) {
    doubts.push(
      'The history is empty: everything but the comments is taken for as old as the last change of the ticket.',
    );
  } else if (unplaced.size > 0) {
    doubts.push(`The history does not mention ${shown([...unplaced.keys()])}: placed by time.`);
  }
  return { entries: insertByTime(placed, [...unplaced.values()]), doubts };
}

/** The last entry at or before the moment; -1 where there is none. */
export function positionAt({ entries }: Timeline, moment: number): number {
  return entries.findLastIndex(({ at }) => at <= moment);
}

function withoutStepsBack(entries: readonly TimelineEntry[], doubts: string[]): readonly TimelineEntry[] {
  let reached = Number.NEGATIVE_INFINITY;
  let worst = 0;
  const kept = entries.map((entry) => {
    // What came with a merged ticket can be older than this one.
    worst = isMergedIn(entry) ? worst : Math.max(worst, reached - entry.at);
    reached = Math.max(reached, entry.at);
    return entry.at === reached ? entry : { ...entry, at: reached };
  });
  if (worst > 0) {
    doubts.push(`The history goes back in time by ${Math.ceil(worst / 1000)} s: the order of its entries was kept.`);
  }
  return kept;
}

function isMergedIn(entry: TimelineEntry): boolean {
  return entry.kind === 'commented' && entry.comment.isMergedIn === true;
}

/** A change that does not start from what the one before it ended with, and an end that is not what the ticket shows. */
function gapsIn(entries: readonly TimelineEntry[], ticket: Snapshot): readonly string[] {
  const last = new Map<string, string>();
  const doubts: string[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'changed' || !isWatched(entry.change)) {
      continue;
    }
    const { property, from, to = '' } = entry.change;
    const known = last.get(property);
    if (known !== undefined && from !== undefined && !isSameText(from, known)) {
      doubts.push(`The history has a gap: ${property} was «${known}» and then changed from «${from}» to «${to}».`);
    }
    last.set(property, to);
  }
  const now = { state: ticket.state, priority: ticket.priority, service: ticket.service ?? '' };
  for (const [property, value] of Object.entries(now)) {
    const known = last.get(property);
    if (known !== undefined && !isSameText(known, value)) {
      doubts.push(`The history ends with ${property} «${known}», but the ticket shows «${value}».`);
    }
  }
  return doubts;
}

function isWatched({ property }: PropertyChange): boolean {
  return property === 'state' || property === 'priority' || property === 'service';
}

function insertByTime(entries: readonly TimelineEntry[], comments: readonly Comment[]): readonly TimelineEntry[] {
  if (comments.length === 0) {
    return entries;
  }

  const late = comments.map((comment) => ({ kind: 'commented', at: comment.at.toMillis(), by: '', comment }) as const);
  const merged: TimelineEntry[] = [...entries];
  for (const entry of late) {
    const at = Math.max(entry.at, entries[0]?.at ?? entry.at);
    const index = merged.findLastIndex((other) => other.at <= at);
    merged.splice(index + 1, 0, { ...entry, at });
  }
  return merged;
}

function shown(ids: readonly string[]): string {
  const few = ids.slice(0, 5).join(', ');
  return `article${ids.length === 1 ? '' : 's'} ${few}${ids.length > 5 ? ' and others' : ''}`;
}
