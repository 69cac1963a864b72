import type { DateTime } from 'luxon';
import type { Action, ActionKey } from '../domain/action.ts';
import type { Attempt } from '../domain/attempt.ts';
import type { EventChannel, EventKind, TicketEvent } from '../domain/event.ts';
import type { Inheritance } from '../domain/inheritance.ts';
import type { Agreed, Link, RelatedRef } from '../domain/link.ts';
import type { LookRecord } from '../domain/look-record.ts';
import type { News } from '../domain/news.ts';
import type { Ref, SystemName } from '../domain/ticket.ts';
import type { Backlog, Signals } from './backlog.ts';
import type { LetterDesk } from './letters.ts';
import type { Outbox } from './outbox.ts';
import type { Past } from './past.ts';

/** A worker's right to one ticket for a time. Every write made under it carries the fence. */
export interface Claim {
  readonly ticket: Ref;
  readonly fence: number;
  /** Failed looks in a row. */
  readonly attempt: number;
  /** Number of the newest event that had arrived when the ticket was claimed: what a good look will cover. */
  readonly covers: number;
  /** Of the newest event that is waiting; absent where none is, or it has none. */
  readonly correlation?: string;
  /** Since when the oldest uncovered event waits; absent where none does. */
  readonly waitingSince?: DateTime;
}

/** How a look ended. */
export type Release =
  /** The facts were gathered after the claim and nothing is left to do: events up to `covers` are covered. */
  | { readonly outcome: 'settled'; readonly nextLookAt?: DateTime }
  /** The ticket cannot be looked at and a dead letter says so: the letter covers the events. Look again then, in case. */
  | { readonly outcome: 'buried'; readonly nextLookAt: DateTime; readonly attempt: number }
  /** Something failed: look again then, `attempt` counting what was spent. Events stay uncovered. */
  | {
      readonly outcome: 'later';
      readonly nextLookAt: DateTime;
      readonly attempt: number;
      readonly reason: string;
      /** The system that is away: the ticket can be roused as soon as it is back. */
      readonly waitsFor?: SystemName;
      /** Its place among those that wait with it, the smallest first; absent where the look could not tell. */
      readonly urgency?: number;
    };

/** `unsent`: tried and not even sent, so there is nothing in doubt; the tries are counted all the same. */
export type IntentState = 'sending' | 'unsent' | 'done' | 'refused';

/** What to remember of a ticket; what it does not name stays. */
export interface LinkChange {
  readonly ticket?: Ref;
  readonly issue?: Ref;
  readonly agreed?: Agreed;
  /** All linked records; none is ever taken away. */
  readonly related?: readonly RelatedRef[];
  /** What other programs are told of it. */
  readonly news?: readonly News[];
}

/** The record of a call, written before the call is made. */
export interface Intent {
  readonly key: ActionKey;
  readonly action: Action;
  readonly state: IntentState;
  /** Calls that were started, this one included. */
  readonly attempts: number;
  readonly firstSentAt: DateTime;
  readonly lastSentAt: DateTime;
}

export type DeadLetterState = 'open' | 'resolved' | 'discarded';

/**
 * How a letter came to its end. `carried`: the action took effect. `replaced`: the rules want something else by now.
 * `readable`: the ticket can be looked at again. `ended`: the ticket's work is over. `unwanted`: it was replayed, and
 * nothing was left to do. `revised`: an edited revision took its place. `delivered`: the message was taken in.
 */
export type ResolvedHow =
  | 'carried'
  | 'replaced'
  | 'readable'
  | 'ended'
  | 'unwanted'
  | 'revised'
  | 'delivered'
  | 'discarded';

export interface Resolution {
  /** Absent for a letter from before this was written down. */
  readonly how?: ResolvedHow;
  /** `bridge`, or the operator who ordered it. */
  readonly by: string;
  readonly at: DateTime;
  readonly reason?: string;
}

/** `now`: by the rules and facts of the moment. `recorded`: exactly the action of the letter. */
export type ReplayAs = 'now' | 'recorded';

/** A replay that was ordered and that no look has carried out yet. */
export interface ReplayOrder {
  readonly as: ReplayAs;
  readonly by: string;
  readonly at: DateTime;
  /** Id of the job that it belongs to. */
  readonly job?: string;
}

export interface DeadLetter {
  readonly id: string;
  /** Absent for a message that names no ticket. */
  readonly ticket?: Ref;
  /** Absent when the ticket as a whole could not be looked at. */
  readonly action?: Action;
  /** Where the fault lies. */
  readonly system?: SystemName;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** The same for the same fault on many tickets. */
  readonly fingerprint: string;
  /** Version of the rules that the action was decided by. */
  readonly rules?: string;
  /** The last time that it failed, and the first. */
  readonly at: DateTime;
  readonly firstAt: DateTime;
  readonly times: number;
  readonly state: DeadLetterState;
  /** Rises with every change: whoever acts on the letter says which one he has seen. */
  readonly version: number;
  /** Id of the letter that this one is an edited copy of. */
  readonly revisionOf?: string;
  readonly resolution?: Resolution;
  readonly order?: ReplayOrder;
}

/** Which letters are meant; what is absent does not matter. */
export interface LetterFilter {
  readonly ticket?: Ref;
  readonly state?: DeadLetterState;
  readonly code?: string;
  readonly fingerprint?: string;
  readonly system?: SystemName;
  /** Last failed at or after this moment. */
  readonly since?: DateTime;
  /** Last failed before this moment. */
  readonly until?: DateTime;
  /** In the message, the code, the number of the ticket or the key of the action, in any case of letters. */
  readonly text?: string;
}

export interface DeadLetterFilter extends LetterFilter {
  /** The last letter of the page before. */
  readonly after?: Pick<DeadLetter, 'id' | 'at'>;
  readonly limit: number;
}

export interface NewDeadLetter {
  readonly ticket?: Ref;
  readonly action?: Action;
  /** Absent: the system of the action, or of the ticket. */
  readonly system?: SystemName;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly rules?: string;
  readonly at: DateTime;
}

export interface AuditEntry {
  readonly at: DateTime;
  /** `bridge` or the operator's name. */
  readonly who: string;
  /** E.g. `opened`, `closed`, `refused`, `adopted`. */
  readonly what: string;
  readonly ticket?: Ref;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a look leaves for replays. */
export interface NewSnapshot {
  readonly at: DateTime;
  /** Is the ticket's work done? Then a change of the rules concerns it no more (R29). */
  readonly isDone: boolean;
  /** Version of the rules that the look went by. */
  readonly rules: string;
  /** The facts as text; absent where the administrator does not want them kept. */
  readonly facts?: string;
}

export interface StoredSnapshot {
  readonly ticket: Ref;
  readonly at: DateTime;
  readonly rules: string;
  readonly facts: string;
}

export interface SnapshotPage {
  /** Id of the last ticket of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** A change of a record, as a sweep saw it. */
export interface SeenChange {
  readonly ref: Ref;
  readonly changedAt: DateTime;
}

/** An arrival of an event about a ticket. */
export interface Arrival {
  /** Number of the arrival within the ticket. */
  readonly turn: number;
  /** The system whose record the event was about. */
  readonly system: string;
  readonly kind: EventKind;
  readonly channel: EventChannel;
  readonly at: DateTime;
}

/** Where the bridge knows a change from: `bridge` made it itself, `foreign` belongs to no ticket. */
export type ToldBy = 'webhook' | 'bridge' | 'nobody' | 'foreign';

/**
 * The bridge's memory. One contract, one schema, two databases. Times come from the caller (`now`), never from the
 * database's clock. Throws `STORE_UNAVAILABLE`, `STORE_IN_USE`, `STORE_OUTDATED`.
 */
export interface Store extends LetterDesk, Past {
  /**
   * Makes events durable and their tickets due, in one transaction. An event of the issue side is booked on the ticket
   * that the link names; one that leads to no ticket is counted in `foreign` and not kept (it is not ours, R67). An event
   * of a ticket that was opened for another one is booked on that one; of a task it is booked on both; one that says
   * `isOfItself` on its own ticket alone.
   * A known id renews its event (it counts as a new arrival) except for channel `sweep`, which changes nothing then.
   * A ticket that is backing off after failures is due within seconds instead, so that a burst does not burn its attempts; an
   * order of a person makes it due at once.
   */
  accept(
    events: readonly TicketEvent[],
    now: DateTime,
  ): Promise<{ readonly accepted: number; readonly foreign: number }>;

  /**
   * Claims up to `limit` tickets that are due and free, longest due first. Those that somebody waits for (a webhook, a
   * message, a deadline, an operator) go before those that only a sweep or new rules made due; one claim in four goes
   * to the ticket that has been due longest, so that neither kind starves. Never hands out one ticket twice.
   */
  claim(owner: string, limit: number, leaseMs: number, now: DateTime): Promise<readonly Claim[]>;
  /** False if the lease was lost: the holder must stop writing. */
  extend(claim: Claim, leaseMs: number, now: DateTime): Promise<boolean>;
  /**
   * Gives the ticket back. False if the lease was lost. Events that arrived after the claim make it due at once, or within
   * seconds if it is backing off. What the look came to is kept with it; looks in a row that did nothing and came to the same
   * are counted as one.
   */
  release(claim: Claim, release: Release, now: DateTime, look?: LookRecord): Promise<boolean>;
  /**
   * Ends the claims of processes that are provably gone; answers how many. On SQLite these are all, since the file is
   * this process's alone; on PostgreSQL none, since nobody can tell a dead process from a slow one. For the start, before
   * anything is claimed. The tickets are free within seconds, not at once: should one of them have brought the process
   * down, the others have their turn before it in every life.
   */
  endDeadClaims(now: DateTime): Promise<number>;
  /**
   * Makes tickets that wait for the system due, the most urgent first (each a millisecond before the next, so that they are
   * claimed in that order): so many that no more than `most` of them are due and free. Of those that sleep on none comes by
   * itself in the next half a minute. Answers how many were waiting.
   */
  rouse(system: SystemName, most: number, now: DateTime): Promise<number>;
  /** The next moment at which any ticket is due; undefined if none is. */
  nextDue(): Promise<DateTime | undefined>;
  /** The records that events of the ticket have told of since its last good look, each once. */
  unseenRecords(ticket: Ref): Promise<readonly Ref[]>;

  link(ticket: Ref): Promise<Link>;
  /** The ticket that an issue belongs to, found by its id or its key; undefined for an issue of nobody. */
  ticketOf(issue: Ref): Promise<Ref | undefined>;
  /**
   * Remembers what was agreed and which records belong to the ticket. Throws `LEASE_LOST` if the fence is stale, and
   * `INTERNAL` with disposition `again` if one of them already belongs to another ticket.
   */
  remember(claim: Claim, change: LinkChange): Promise<void>;

  /**
   * Takes over what is remembered of a ticket that was merged into the claim's: its issue, its linked records, and what was
   * done, is in doubt or was refused. False, and nothing is changed, while somebody looks at that ticket or is about to.
   * A ticket that was opened for the merged one itself is not its own linked record from then on.
   */
  inherit(claim: Claim, from: Ref, inheritance: Inheritance, now: DateTime): Promise<boolean>;
  /** The record is no linked one of the claim's ticket any more: its events are its own again. Fenced like `remember`. */
  unlink(claim: Claim, record: Ref): Promise<void>;

  /** Writes the intent (state `sending`) before a call; a repeat raises `attempts`. Fenced like `remember`. */
  intend(claim: Claim, action: Action, now: DateTime): Promise<Intent>;
  intent(ticket: Ref, key: ActionKey): Promise<Intent | undefined>;
  /** Intents in state `sending`: calls of earlier looks that may have taken effect. */
  doubtful(ticket: Ref): Promise<readonly Intent[]>;
  /** A doubtful call surely had no effect, and nobody wants it any more. */
  forget(claim: Claim, key: ActionKey): Promise<void>;
  /** The call took effect; `effect` is the other system's id of it. `change` is remembered in the same transaction. */
  complete(
    claim: Claim,
    action: Action,
    effect: string,
    change: LinkChange,
    now: DateTime,
    attempt?: Attempt,
  ): Promise<void>;
  /** The call surely was not executed (outage, rate limit): the attempt is given back, a first attempt is forgotten. */
  retract(claim: Claim, action: Action, attempt?: Attempt): Promise<void>;
  /** The call could not be sent at all, for what it needs could not be had: a try is counted and nothing is in doubt. */
  countUnsent(claim: Claim, action: Action, now: DateTime, attempt?: Attempt): Promise<Intent>;
  /**
   * The action was refused for good: the intent is `refused` and a dead letter is open, in one transaction. An open one about
   * the same action is renewed, and an order that this look has carried out is over. One that was discarded stays so.
   */
  refuse(claim: Claim, action: Action, letter: NewDeadLetter, attempt?: Attempt): Promise<void>;
  /** What became of a call whose intent stays as it is. Where something else is written about the call, it goes with that. */
  keepAttempt(claim: Claim, attempt: Attempt): Promise<void>;

  /**
   * Opens a letter that belongs to no action. One open letter per ticket and code: a repeat renews it. The same fault of the
   * same ticket that a person discarded is counted there.
   */
  bury(letter: NewDeadLetter): Promise<void>;
  /** The ticket could be looked at again: its letters that belong to no action are resolved. */
  unbury(ticket: Ref, now: DateTime): Promise<void>;
  /** The ticket's work is over: its open letters are resolved, but for those of the actions that are named. */
  layToRest(ticket: Ref, besides: readonly ActionKey[], now: DateTime): Promise<void>;
  /** Newest first, one page. */
  deadLetters(filter: DeadLetterFilter): Promise<readonly DeadLetter[]>;

  /** The mark of the sweep `name`, if the caller may sweep now; undefined if another instance is at it or it is not yet time. */
  beginSweep(
    name: string,
    everyMs: number,
    now: DateTime,
  ): Promise<{ readonly since: DateTime | undefined } | undefined>;
  /** Gives back a turn that was begun at that moment and came to nothing: whoever asks next may sweep. */
  leaveSweep(name: string, begunAt: DateTime): Promise<void>;
  /**
   * Moves the mark of the sweep `name` from where the caller knew it to where the sweep has seen everything, by the clock
   * of the system that is swept. Backwards too, if that clock was set back; but a sweep that is late undoes nothing.
   */
  moveSweepMark(name: string, from: DateTime | undefined, to: DateTime): Promise<void>;
  /**
   * Who told of each change, in the order of the changes: a webhook about the record that came no earlier than `slackMs`
   * before the change, or else a call of the bridge to that system for its ticket within `slackMs` of it.
   */
  whoTold(changes: readonly SeenChange[], slackMs: number): Promise<readonly ToldBy[]>;
  /** When the last webhook about a record of the system came; undefined if none ever did. */
  lastHeard(system: string): Promise<DateTime | undefined>;
  /** The last arrival of every event about the ticket, in the order of their numbers. */
  arrivals(ticket: Ref): Promise<readonly Arrival[]>;

  /**
   * Keeps the snapshot in place of the ticket's earlier one. Writes nothing and answers false if facts, rules and doneness are
   * those that are kept. Fenced like `remember`.
   */
  keepSnapshot(claim: Claim, snapshot: NewSnapshot): Promise<boolean>;
  /** What the last good look at the ticket found; undefined for one that no look has seen. */
  lastSeen(ticket: Ref): Promise<{ readonly isDone: boolean; readonly at: DateTime } | undefined>;
  /** Other tickets that looks have seen, the latest first. */
  seenLately(besides: Ref, limit: number): Promise<readonly Ref[]>;
  /** Snapshots that have facts, one page, in the order of ticket ids as text. */
  snapshots(page: SnapshotPage): Promise<readonly StoredSnapshot[]>;
  /**
   * Makes tickets whose work is not done and whose last look went by other rules due again, spread over ten minutes or, if
   * they are many, over longer; answers how many. Those that are backing off come at their time anyway.
   */
  wakeStale(rules: string, now: DateTime): Promise<number>;

  readonly outbox: Outbox;

  audit(entry: AuditEntry): Promise<void>;
  auditTrail(ticket: Ref): Promise<readonly AuditEntry[]>;
  backlog(now: DateTime): Promise<Backlog>;
  signals(): Promise<Signals>;

  /** Brings the schema up to date under a lock; answers with the names of the migrations that were applied. */
  migrate(): Promise<readonly string[]>;
  /** Throws `STORE_OUTDATED` or `STORE_UNAVAILABLE`; silence means that the store can be used. */
  verify(): Promise<void>;
  close(): Promise<void>;
}
