import type { DateTime } from 'luxon';
import type { Action } from '../domain/action.ts';
import type { TicketEvent } from '../domain/event.ts';
import type { Ref, SystemName } from '../domain/ticket.ts';
import type { JobBook } from './letter-jobs.ts';
import type { Claim, DeadLetter, LetterFilter, ReplayAs } from './store.ts';

/** Who does something to a letter. */
export interface Operator {
  /** Login name or the like. */
  readonly who: string;
  readonly now: DateTime;
  readonly reason?: string;
  /** Id of the job on whose behalf it is done. */
  readonly job?: string;
}

/** A letter as its reader saw it: an act on it fails if somebody was faster. */
export type SeenLetter = Pick<DeadLetter, 'id' | 'version'>;

/** Letters about the same fault. */
export interface LetterGroup {
  readonly fingerprint: string;
  readonly code: string;
  readonly system?: SystemName;
  readonly letters: number;
  readonly tickets: number;
  /** When the first of them failed first, and when the last failed last. */
  readonly oldest: DateTime;
  readonly newest: DateTime;
  /** The one that failed last. */
  readonly example: DeadLetter;
}

/** How an order ends that no action came of. */
export type OrderEnd = 'unwanted' | 'in-vain';

/** What an edited revision has instead of what the letter had: another action, or another body of a message. */
export type LetterEdit = { readonly action: Action } | { readonly body: string };

/**
 * What people do with dead letters. Every act is in the audit, in the same transaction. An act on a letter that has changed
 * since it was seen, or that is in the wrong state for it, throws `LETTER_TAKEN` and says who did what when; an id that
 * nobody has throws `LETTER_UNKNOWN`.
 */
export interface LetterDesk extends JobBook {
  countLetters(filter: LetterFilter): Promise<number>;
  /** The one that failed first. Throws `LETTER_UNKNOWN` if the filter leaves none. */
  oldestLetter(filter: LetterFilter): Promise<DeadLetter>;
  /** The largest groups first. */
  letterGroups(filter: LetterFilter, limit: number): Promise<readonly LetterGroup[]>;
  /** Letters whose id begins so, in the order of ids. */
  lettersLike(beginning: string, limit: number): Promise<readonly DeadLetter[]>;
  /** The letter and all revisions of it, before and after, oldest first. */
  revisions(id: string): Promise<readonly DeadLetter[]>;

  /**
   * Orders a replay: the refusal is lifted and the ticket is due at once, for the look to carry the order out. What is in
   * doubt is looked up anew before it may be sent. `recorded` needs a letter with an action, both need one with a ticket.
   */
  orderReplay(letter: SeenLetter, as: ReplayAs, by: Operator): Promise<DeadLetter>;
  /**
   * Takes in what a message that could not be understood turned out to tell, and resolves its letter. An event of nobody's
   * ticket is counted in `foreign`.
   */
  deliverLetter(
    letter: SeenLetter,
    events: readonly TicketEvent[],
    by: Operator,
  ): Promise<{ readonly accepted: number; readonly foreign: number }>;
  /** Opens an edited revision in the letter's place; answers with it. It is not replayed by that. */
  reviseLetter(letter: SeenLetter, edit: LetterEdit, by: Operator): Promise<DeadLetter>;
  /**
   * The action is never offered again with this content; a pending order is taken back. Needs a reason. The ticket is due at
   * once, for it may have to say that nothing is left of its trouble.
   */
  discardLetter(letter: SeenLetter, by: Operator): Promise<DeadLetter>;
  /** A discarded letter is open again. */
  restoreLetter(letter: SeenLetter, by: Operator): Promise<DeadLetter>;

  /** Letters of the ticket whose replay was ordered, the oldest first. */
  orders(ticket: Ref): Promise<readonly DeadLetter[]>;
  /**
   * Ends what is still ordered, and was before the claim. `unwanted`: the claim's look has left nothing undone, and the letters
   * are resolved. `in-vain`: nobody could tell what there is to do, and the letters stay open. Fenced.
   */
  settleOrders(claim: Claim, end: OrderEnd, now: DateTime): Promise<void>;
}
