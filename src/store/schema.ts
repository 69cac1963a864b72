import type { Generated, Insertable, Selectable } from 'kysely';
import type { ReplayAs, ResolvedHow } from './store.ts';

/** One row per ticket: when to look at it again, who is looking, and which arrivals the looks have covered. */
export interface WorkTable {
  ticket: string;
  ticket_key: string | null;
  /** Null if nothing is left to do. Stays as it was while the ticket is leased, so an expired lease is served first. */
  due_at: number | null;
  /**
   * When it is due for a reason that somebody waits for: a webhook, a deadline, a retry. Null, or later than `due_at`,
   * while only a sweep or a change of the rules wants it looked at.
   */
  urgent_at: number | null;
  attempt: number;
  /** Null if nobody holds the ticket. */
  lease_until: number | null;
  lease_owner: string | null;
  /** Rises with every claim. */
  fence: number;
  /** Number of the ticket's newest arrival. Counted under the row's lock: its order is the order of the commits. */
  arrived: number;
  /** Arrivals up to this number are covered. */
  covered: number;
  /** When the oldest uncovered arrival came; null if all are covered. */
  waiting_since: number | null;
  waiting_reason: string | null;
  /** Of the newest uncovered arrival that has one. */
  correlation: string | null;
  /** The system that is away and whose return the ticket waits for; null if it waits for none. */
  waits_for: string | null;
  /** Its place among those that wait with it, the smallest first; 0 while no look could tell. */
  urgency: Generated<number>;
  /** What the latest looks came to, all alike, as JSON; null after one that did something. */
  run_what: string | null;
  run_since: number | null;
  run_last: number | null;
  run_looks: number | null;
}

export interface EventTable {
  id: string;
  ticket: string;
  /** The number of its last arrival within the ticket. */
  turn: number;
  kind: string;
  channel: string;
  record_system: string;
  record_id: string;
  happened_at: number;
  first_at: number;
  last_at: number;
  /** How often it arrived. */
  times: number;
  /** Of its last arrival. */
  correlation: string | null;
}

export interface LinkTable {
  ticket: string;
  ticket_key: string | null;
  issue_system: string | null;
  issue_id: string | null;
  issue_key: string | null;
  /** JSON. */
  agreed: string;
}

/** A record that was opened for a ticket besides its issue. */
export interface RelatedTable {
  ticket: string;
  name: string;
  role: 'related' | 'task';
  record_system: string;
  record_id: string;
  record_key: string | null;
  /** Orders them within the ticket. */
  position: number;
}

export interface IntentTable {
  ticket: string;
  action_key: string;
  state: 'sending' | 'unsent' | 'done' | 'refused';
  /** JSON. */
  action: string;
  attempts: number;
  first_sent_at: number;
  last_sent_at: number;
  /** The other system's id of what the call brought about; null until it is done. */
  effect: string | null;
}

export interface DeadLetterTable {
  id: string;
  ticket: string | null;
  ticket_key: string | null;
  /** Null if the letter belongs to no action. */
  action_key: string | null;
  /** JSON. */
  action: string | null;
  code: string;
  message: string;
  /** JSON. */
  details: string;
  /** When it failed last. */
  at: number;
  state: 'open' | 'resolved' | 'discarded';
  resolved_at: number | null;
  system: string | null;
  fingerprint: string;
  rules: string | null;
  revision_of: string | null;
  /** JSON: the action as the rules offered it, where that of the letter was edited. */
  offered: string | null;
  first_at: number;
  times: number;
  /** Rises with every change. */
  version: number;
  resolved_how: ResolvedHow | null;
  resolved_by: string | null;
  /** Why a person resolved or discarded it. */
  reason: string | null;
  /** A replay that was ordered and not yet carried out; the five are null together, but for the job. */
  ordered_as: ReplayAs | null;
  ordered_by: string | null;
  ordered_at: number | null;
  /** Number of the arrival that tells the look of the order. */
  ordered_turn: number | null;
  ordered_job: string | null;
  /** What a search for words looks at, in small letters. */
  words: string;
}

/** A bulk act on letters. */
export interface LetterJobTable {
  id: string;
  act: 'replay' | 'discard';
  /** JSON. */
  filter: string;
  created_by: string;
  created_at: number;
  reason: string | null;
  state: 'running' | 'stopped' | 'done';
  note: string | null;
  per_minute: number;
  /** Letters of the batch in hand, and its number. */
  batch: number;
  turn: number;
  next_at: number;
  lease_until: number | null;
  lease_owner: string | null;
  fence: number;
}

export interface LetterJobItemTable {
  job: string;
  letter: string;
  /** That of the letter; orders the items. */
  first_at: number;
  state: 'todo' | 'waiting' | 'mended' | 'failed' | 'passed';
  /** Number of the batch that it belongs to; 0 before. */
  turn: number;
}

/** What of a dead letter other programs were told: the state that was told last, and how many news there were. */
export interface ToldColumns {
  told: Generated<string | null>;
  told_times: Generated<number>;
}

export interface AuditTable {
  /** Sorts by time and, within a process, by the order of writing. */
  id: string;
  at: number;
  who: string;
  what: string;
  ticket: string | null;
  ticket_key: string | null;
  /** JSON. */
  detail: string;
}

export interface SweepTable {
  name: string;
  begun_at: number;
  /** Everything that changed before was seen, by the clock of the system; null until that could be proven once. */
  since: number | null;
}

/** One row per ticket that a look has seen. */
export interface SnapshotTable {
  ticket: string;
  ticket_key: string | null;
  seen_at: number;
  /** 1 if the ticket's work was done. */
  is_done: number;
  /** Version of the rules that the last look went by. */
  rules: string;
  /** Of the facts; empty where none are kept. */
  hash: string;
  /** Compressed JSON in base64; null where none are to be kept. */
  facts: string | null;
}

/** One call of an action and what became of it. */
export interface AttemptTable {
  ticket: string;
  /** Counts within the ticket. */
  number: number;
  action_key: string;
  system: string;
  at: number;
  ms: number;
  /** `done`, or the disposition of the error. */
  outcome: string;
  code: string | null;
  message: string | null;
  /** JSON; redacted. */
  exchanges: string;
}

/** A look that did something, or a run of looks that came to the same. */
export interface LookTable {
  ticket: string;
  /** Counts within the ticket. */
  number: number;
  first_at: number;
  last_at: number;
  times: number;
  ms: number;
  /** The newest arrival that it knew of; 0 for a run. */
  covers: number;
  outcome: string;
  rules: string;
  /** JSON. */
  detail: string;
}

/** What other programs are to be told. What was told stays for a time, so that it is told once. */
export interface NewsTable {
  id: string;
  ticket: string | null;
  type: string;
  /** When it happened. */
  at: number;
  /** Orders the news of a ticket: its moment, but later than all that was written of the ticket before. */
  position: number;
  /** JSON. */
  data: string;
  state: 'waiting' | 'sent' | 'dropped';
  ended_at: number | null;
}

/** The one row says who relays at present, and since when anybody listens. */
export interface NewsRelayTable {
  name: string;
  since: number;
  owner: string | null;
  lease_until: number | null;
}

export interface MigrationTable {
  name: string;
}

/** The tables of the bridge, the same on SQLite and PostgreSQL. Moments are milliseconds since 1970 (UTC). */
export interface Schema {
  work: WorkTable;
  event: EventTable;
  link: LinkTable;
  related: RelatedTable;
  intent: IntentTable;
  dead_letter: DeadLetterTable & ToldColumns;
  letter_job: LetterJobTable;
  letter_job_item: LetterJobItemTable;
  audit: AuditTable;
  sweep: SweepTable;
  snapshot: SnapshotTable;
  attempt: AttemptTable;
  look: LookTable;
  news: NewsTable;
  news_relay: NewsRelayTable;
  migration: MigrationTable;
}

export type WorkRow = Selectable<WorkTable>;
export type NewEventRow = Insertable<EventTable>;
