import type { DateTime } from 'luxon';

/** A connected ticket system as the configuration names it: `otrs`, `jira`. */
export type SystemName = string;

/** Points at one record. `id` never changes; `key` is what people read (ticket number, issue key) and may change. */
export interface Ref {
  readonly system: SystemName;
  readonly id: string;
  readonly key?: string;
}

/** `internal` must never reach a requester; whatever a system leaves unsaid is `internal`. */
export type Visibility = 'public' | 'internal';

/**
 * What a system of its own may be unable to do with a record that was opened there: take comments, take files, tell its
 * state, keep fields.
 */
export type Ability = 'comments' | 'files' | 'state' | 'fields';

/** Coarse phase of a record, which every system knows under names of its own. */
export type Phase = 'new' | 'open' | 'pending' | 'done';

export interface Person {
  readonly name: string;
  readonly login?: string;
  readonly email?: string;
  readonly phone?: string;
  /** Company or regional branch (МРФ) that the person belongs to. */
  readonly branch?: string;
}

export interface Comment {
  /** The system's own id; its numeric order is the order of writing. */
  readonly id: string;
  readonly author: string;
  /** Where the author wrote from; anyone can write any address. */
  readonly email?: string;
  readonly at: DateTime;
  /** First line of an OTRS article; absent where the system has none. */
  readonly subject?: string;
  /** Plain text: a desk has already taken the markup away. */
  readonly text: string;
  readonly visibility: Visibility;
  /** Who spoke. `system` marks automatic letters, which are never carried. */
  readonly by: 'requester' | 'agent' | 'system';
  /** The key of the action that wrote this comment, if the bridge wrote it. */
  readonly marker?: string;
  /** When its text was last changed; absent for one that is as it was written. */
  readonly editedAt?: DateTime;
  /** Whether the bridge had to cut the text that it wrote here. */
  readonly isCut?: boolean;
  /** Written in another record, which was merged into this one later. */
  readonly isMergedIn?: true;
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** The comment it came with, where the system ties files to comments. */
  readonly commentId?: string;
  /** Whether the bridge's account put it there. */
  readonly isOwn?: boolean;
  /** The key of the action that wrote it, where the system can keep it. */
  readonly marker?: string;
}

/** A property of a record whose changes its system reports. */
export type ChangingProperty =
  | 'title'
  | 'type'
  | 'service'
  | 'ticket_queue'
  | 'priority'
  | 'state'
  | 'owner'
  | `fields.${string}`;

/** A property that got another value; an absent value is an empty one. Long values of fields come cut, with `CUT_MARK`. */
export interface PropertyChange {
  readonly property: ChangingProperty;
  readonly from?: string;
  readonly to?: string;
}

/** One change as the record's own system reports it. */
export interface HistoryEntry {
  readonly at: DateTime;
  /** The system's id of the acting user. */
  readonly by: string;
  /** The system's own name of the kind of change, e.g. `StateUpdate`. */
  readonly what: string;
  readonly detail: string;
  readonly commentId?: string;
  /** What it says in neutral words; several for the registration. Absent where the entry changes no such property. */
  readonly changes?: readonly PropertyChange[];
}

export type FieldValue = string | readonly string[];

/** Values by *logical* name (`issue_key`, `solution`); a desk translates to the system's own field names. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** One record as its system shows it now. Absent means that the system has no such notion or no value. */
export interface Snapshot {
  readonly ref: Ref;
  /** Where a person opens the record. */
  readonly url: string;
  readonly title: string;
  /** Plain text: an issue's description, a ticket's first article. */
  readonly text: string;
  /** The comment that `text` was taken from: it is never carried a second time. */
  readonly textCommentId?: string;
  readonly state: string;
  readonly phase: Phase;
  readonly priority: string;
  readonly type: string;
  readonly service?: string;
  readonly ticketQueue?: string;
  readonly resolution?: string;
  /** Whether the bridge had to cut the text that it opened the record with. */
  readonly isTextCut?: boolean;
  /** Other names of state, priority and resolution that mean the same: ids, and names in other languages. */
  readonly aliases?: Aliases;
  readonly requester?: Person;
  readonly owner?: string;
  /** The owner under the name that `assign` takes, where `owner` is a name for people. */
  readonly ownerLogin?: string;
  /** Empty values are left out, so `fields.x` present means filled. */
  readonly fields: Fields;
  /** All of them in the order of writing, the one that became `text` included. */
  readonly comments: readonly Comment[];
  readonly attachments: readonly Attachment[];
  /** In the order in which things happened; times are whole seconds and may be equal. */
  readonly history: readonly HistoryEntry[];
  readonly createdAt: DateTime;
  readonly changedAt: DateTime;
  /** The record that it was merged into: its work goes on there, and its comments have moved there. */
  readonly mergedInto?: Ref;
  /** Records that were merged into it, in the order of the merges. */
  readonly mergedFrom?: readonly Ref[];
  /** Put away by its system: it takes part in nothing until it is brought back. */
  readonly isArchived?: true;
}

export interface Aliases {
  readonly state?: readonly string[];
  readonly priority?: readonly string[];
  readonly resolution?: readonly string[];
}

export function isSameRecord(left: Ref, right: Ref): boolean {
  return left.system === right.system && left.id === right.id;
}

/** What people call the record: its key, or its id where it has none. */
export function nameOf(ref: Ref): string {
  return ref.key ?? ref.id;
}
