import type { DateTime } from 'luxon';
import type { ActionKey } from '../domain/action.ts';
import type { Attempt } from '../domain/attempt.ts';
import type { StoredLook } from '../domain/look-record.ts';
import type { PrunedKind } from '../domain/pruned-kind.ts';
import type { StoryMatter } from '../domain/story.ts';
import type { Ref } from '../domain/ticket.ts';

/** What of a ticket's story is wanted: from a moment on, and so many of each kind at most, the latest ones. */
export interface StoryFilter {
  readonly since?: DateTime;
  readonly limit: number;
}

/** The part of the store that tells the past: nothing is decided by it. */
export interface Past {
  /** The latest looks at the ticket, oldest first. */
  looks(ticket: Ref, filter: { readonly limit: number }): Promise<readonly StoredLook[]>;
  /** The latest calls for the ticket, or for one of its actions, oldest first. */
  attempts(ticket: Ref, filter: { readonly key?: ActionKey; readonly limit: number }): Promise<readonly Attempt[]>;
  /** The ticket that people call so: by number, id, or the key of its issue or of a linked record; undefined for none of ours. */
  ticketNamed(name: string): Promise<Ref | undefined>;
  /** What is on record about the ticket, for `tellStory`. */
  storyMatter(ticket: Ref, filter: StoryFilter): Promise<StoryMatter>;
  /**
   * Takes away what only tells the past and is older than `before`, `limit` rows at most, oldest first; answers how many went.
   * What the bridge acts by stays whatever its age: links, intents, the audit, arrivals that no look has covered, letters that are
   * open with their calls, letters that were discarded, jobs that are not done, calls in doubt, and the latest webhook of each system.
   */
  prune(kind: PrunedKind, before: DateTime, limit: number): Promise<number>;
}
