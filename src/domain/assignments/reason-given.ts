import { beginsWith } from '../condition.ts';
import type { Comment } from '../ticket.ts';
import type { TimelineEntry } from '../timeline.ts';
import type { ReturnPolicy } from './returns.ts';

/** Why a ticket was handed back, in an agent's own words. */
export interface GivenReason {
  /** Of the entry of the timeline that holds it. */
  readonly position: number;
  readonly at: number;
  /** An internal note, or the field for it. Neither is meant for the requester. */
  readonly by: 'note' | 'field';
  readonly text: string;
  /** The note or the change in a few words. */
  readonly evidence: string;
}

/**
 * The reason that agents gave between two entries, both left out: the last one up to `position`, else the first one after
 * it. Words of the bridge and words that say too little are none.
 */
export function findReason(
  entries: readonly TimelineEntry[],
  { after, position, before }: { readonly after: number; readonly position: number; readonly before: number },
  policy: Pick<ReturnPolicy, 'reason'>,
): GivenReason | undefined {
  const reasonAt = (place: number) => readReason(entries[place], place, policy);
  for (let place = position; place > after; place -= 1) {
    const found = reasonAt(place);
    if (found !== undefined) {
      return found;
    }
  }
  for (let place = position + 1; place < Math.min(before, entries.length); place += 1) {
    const found = reasonAt(place);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function readReason(
  entry: TimelineEntry | undefined,
  position: number,
  { reason }: Pick<ReturnPolicy, 'reason'>,
): GivenReason | undefined {
  if (entry?.kind === 'commented') {
    const { comment } = entry;
    const text = comment.text.trim();
    return isNote(comment, reason.subjects) && text.length >= reason.minLength
      ? { position, at: entry.at, by: 'note', text, evidence: `note ${comment.id} by «${comment.author}»` }
      : undefined;
  }

  if (entry?.kind !== 'changed' || entry.change.property !== `fields.${reason.field}`) {
    return undefined;
  }

  const text = (entry.change.to ?? '').trim();
  return text !== '' && text.length >= reason.minLength
    ? { position, at: entry.at, by: 'field', text, evidence: `field ${reason.field}` }
    : undefined;
}

function isNote({ by, visibility, marker, subject = '' }: Comment, subjects: readonly string[]): boolean {
  return (
    by === 'agent' &&
    visibility === 'internal' &&
    marker === undefined &&
    (subjects.length === 0 || beginsWith(subject, subjects))
  );
}
