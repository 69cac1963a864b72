import type { Readable, Writable } from 'node:stream';
import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { ZodObject, ZodType } from 'zod';
import type { CommentDraft, Draft, FileDraft, OnceOnlyAction, RecordChange } from './domain/action.ts';
import type { KeptExchange } from './domain/attempt.ts';
import type { EventKind } from './domain/event.ts';
import type { Ability, Attachment, Fields, Phase, Ref, Snapshot } from './domain/ticket.ts';

/** A record and the moment of its last change, as its system reports it. */
export interface Change {
  readonly ref: Ref;
  readonly changedAt: DateTime;
}

export interface Page {
  readonly changes: readonly Change[];
  /** Hand this to the next call; absent on the last page. */
  readonly next?: string;
  /** What the system's own clock said before the system was asked; absent where it tells no time. */
  readonly asOf?: DateTime;
  /**
   * By the system's own clock: everything that was changed before this moment is on this page or on earlier ones. Absent
   * where the desk cannot prove it, be it because it found nothing that it could believe the search by.
   */
  readonly completeBefore?: DateTime;
}

/** Did a once-only action take effect? `unclear` where the system proves presence only, never absence (JIRA's search). */
export type Found =
  | { readonly outcome: 'present'; readonly ref: Ref }
  | { readonly outcome: 'absent' }
  /** Not found, which proves nothing until this many milliseconds after the call. */
  | { readonly outcome: 'unclear'; readonly settleMs: number };

/** What became of an `open`. */
export interface Opened {
  readonly ref: Ref;
  /** The new record as a read would show it, where the desk knows that without a read. */
  readonly snapshot?: Snapshot;
  /** Facts for the audit, e.g. fields of the draft that were left out. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** A comment to be written. */
export interface NewComment extends CommentDraft {
  /** What changes with it in the same call. Throws `REFUSED` where the system cannot, and nothing is written then. */
  readonly along?: RecordChange;
}

/** What became of a `comment`; `id` of the ref is the comment's. */
export interface Written {
  readonly ref: Ref;
  /** Whether the text was too long and was cut. */
  readonly isCut?: boolean;
}

/** A file ready to be sent. `open` may be called several times; each stream yields exactly `size` bytes. */
export interface FileContent extends FileDraft {
  open(): Readable;
}

/** A file that is wanted soon, and where its bytes go. */
export interface NextFile {
  readonly attachment: Attachment;
  /** Called at most once; what it gives is ended when the file is in it. */
  open(): Promise<Writable>;
}

/** What can spare calls when a file is fetched. */
export interface Nearby {
  /** The record as it was read last: it tells where its files lie. */
  readonly of: Snapshot;
  /** In the order of wanting. A desk that gets their bytes in the same call writes those that it can, too. */
  readonly next: readonly NextFile[];
}

/** How a record is brought into a state. */
export interface Move {
  readonly to: string;
  /** States to pass through, in order, where no step leads straight to `to`. */
  readonly via?: readonly string[];
  /** By logical name, set in the same step as the state. */
  readonly fields: Fields;
  /** What the state means to the rules. The fields of a record whose work ends are proven to have arrived. */
  readonly phase?: Phase;
}

/** How another record is shown on this one. */
export interface Relation {
  readonly title: string;
  readonly url: string;
  /** Name or id of the link type, for two records of one system. */
  readonly type?: string;
  readonly isResolved?: boolean;
}

/** One thing that `bridge check` found out about a connected system. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'error';
  /** What was looked at, e.g. `otrs: dynamic field JiraKey`. */
  readonly subject: string;
  /** What is wrong and what to do about it, or the fact that was confirmed. */
  readonly message: string;
}

/** A name of a connected system that the rules use. */
export interface ExpectedName {
  readonly name: string;
  /** Where they use it, e.g. `mappings/priority.yaml:5:32`; several places with commas between them. */
  readonly at: string;
}

/** A state of a ticket, with what it means to the rules where they say so. */
export interface ExpectedState extends ExpectedName {
  readonly phase?: Phase;
  /** Whether waiting in it pauses the terms. */
  readonly pauses?: boolean;
}

/** A ticket as the rules open them in the ticket system; the name is that of its ticket queue. */
export interface ExpectedTicket extends ExpectedName {
  readonly service: string;
  readonly type: string;
  readonly state: string;
  /** Login of the customer who asks; absent: the requester of the ticket that it is opened for. */
  readonly requester?: string;
}

/** Where the rules open linked tickets in a connected system of its own; the name is that of the place there. */
export interface ExpectedAdjacent extends ExpectedName {
  /** As the configuration calls it. */
  readonly system: string;
  /** Name for people. */
  readonly title: string;
  readonly service: string;
  readonly type: string;
  readonly state: string;
  /** Logical names of the fields that are written there or read from there. */
  readonly fields: readonly string[];
}

/** A value that the rules expect in a field. */
export interface ExpectedValue extends ExpectedName {
  /** Logical name of the field. */
  readonly field: string;
}

/** Every name that the rules use, by kind; a desk looks after those of its own system. */
export interface ExpectedNames {
  readonly services: readonly ExpectedName[];
  readonly ticketQueues: readonly ExpectedName[];
  readonly ticketTypes: readonly ExpectedName[];
  readonly ticketStates: readonly ExpectedState[];
  readonly ticketPriorities: readonly ExpectedName[];
  readonly ticketOwners: readonly ExpectedName[];
  /** Logical names. */
  readonly ticketFields: readonly ExpectedName[];
  readonly ticketFieldValues: readonly ExpectedValue[];
  /** Logical names of the fields that only the bridge writes. */
  readonly ticketFieldsShown: readonly ExpectedName[];
  /** What the bridge opens in the ticket system. */
  readonly tickets: readonly ExpectedTicket[];
  /** What the bridge opens in connected systems of their own. */
  readonly adjacent: readonly ExpectedAdjacent[];
  readonly projects: readonly ExpectedName[];
  readonly issueTypes: readonly (ExpectedName & { readonly project: string })[];
  readonly issuePriorities: readonly ExpectedName[];
  readonly issueStatuses: readonly ExpectedName[];
  readonly resolutions: readonly ExpectedName[];
  readonly linkTypes: readonly ExpectedName[];
  /** Types of links between two tickets. */
  readonly ticketLinks: readonly ExpectedName[];
  /** Logical names. */
  readonly issueFields: readonly ExpectedName[];
  readonly issueFieldValues: readonly ExpectedValue[];
  /** Logical names of the fields that new issues of a type are filled with, besides title, text, priority and labels. */
  readonly draftFields: readonly (ExpectedName & { readonly project: string; readonly type: string })[];
}

/**
 * A connected ticket system. Every method throws a `BridgeError` whose disposition says what to do next; no method
 * retries a write by itself. Text in and out is plain text: markup, escaping and time zones are the desk's business.
 */
export interface Desk {
  /** What the system cannot do with a record that was opened there; the rules then leave it out and say so. */
  readonly lacks?: readonly Ability[];
  /** The record as it is now. Throws `RECORD_NOT_READABLE` if it is missing or hidden from the bridge's account. */
  read(ref: Ref, signal: AbortSignal): Promise<Snapshot>;
  /**
   * Several records, in the order of the refs, each as `read` shows it; undefined for one that is missing or hidden.
   * Absent where the system gives no more than one in a call.
   */
  readSeveral?(refs: readonly Ref[], signal: AbortSignal): Promise<readonly (Snapshot | undefined)[]>;
  /** The record that people call so (ticket number, issue key), or that the ref means; undefined where the account sees none. */
  locate(named: string | Ref, signal: AbortSignal): Promise<Ref | undefined>;
  /**
   * Records changed at or after the moment, by the clock of the system. May return more than asked for, never less: one
   * that changes while the pages are read is on one of them or is listed by a later call with `asOf` for its moment.
   */
  changedSince(moment: DateTime, cursor: string | undefined, signal: AbortSignal): Promise<Page>;
  /** Looks up the effect of a once-only action by the marker that was part of its call. */
  find(action: OnceOnlyAction, signal: AbortSignal): Promise<Found>;
  /** Opens a record that carries the marker of `key` and `origin`, in one call. */
  open(draft: Draft, key: string, origin: Ref, signal: AbortSignal): Promise<Opened>;
  /** Sets fields by logical name; an empty value clears. Setting what is already set is no error. */
  update(ref: Ref, fields: Fields, signal: AbortSignal): Promise<void>;
  /** Adds a comment that carries the marker `key`. */
  comment(ref: Ref, comment: NewComment, key: string, signal: AbortSignal): Promise<Written>;
  /** Gives a comment that the bridge wrote another text. Throws `REFUSED` where the system cannot. */
  edit(ref: Ref, commentId: string, text: string, signal: AbortSignal): Promise<void>;
  /** Makes a user the assignee. Throws `REFUSED` for one who is unknown, inactive or may not be assigned. */
  assign(ref: Ref, user: string, signal: AbortSignal): Promise<void>;
  /** Writes the bytes of a file into `into` as they come and ends it. Throws `FILE_REFUSED` for one that is gone. */
  fetch(ref: Ref, attachment: Attachment, into: Writable, signal: AbortSignal, nearby?: Nearby): Promise<void>;
  /** Adds a file that carries the marker `key` where the system can keep one; answers with the file's ref. */
  attach(ref: Ref, file: FileContent, note: CommentDraft, key: string, signal: AbortSignal): Promise<Ref>;
  /**
   * Brings the record into a state and sets fields by logical name in the same step, so that there is no closed record
   * without its closing block. Already being there is no error.
   */
  move(ref: Ref, move: Move, signal: AbortSignal): Promise<void>;
  /**
   * Shows the other record on this one: as a link of the system itself where both are its own, as a remote link
   * otherwise. Repeating it changes nothing more; a remote link takes over title and state.
   */
  relate(ref: Ref, to: Ref, shown: Relation, signal: AbortSignal): Promise<void>;
  /**
   * Proves from outside that the system is set up as the configuration says and knows the names that the rules use.
   * Writes nothing, throws nothing.
   */
  check(expected: ExpectedNames, signal: AbortSignal): Promise<readonly Finding[]>;
  close(): Promise<void>;
}

/** One HTTP request to a webhook address, not yet believed. */
export interface Webhook {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** The bytes as they came in; signatures are computed over these. */
  readonly body: Buffer;
  /** Under which the sender can ask what became of it. */
  readonly correlation?: string;
}

/** What a webhook tells: look at this record. `id` where the sender names its deliveries. */
export interface Hint {
  readonly ref: Ref;
  readonly kind: EventKind;
  readonly id?: string;
}

export interface Connection {
  readonly desk: Desk;
  /**
   * Reads an authenticated webhook. The bridge's own changes yield nothing.
   * Throws `WEBHOOK_UNREADABLE` with one sentence for the sender.
   */
  receive(webhook: Webhook): readonly Hint[];
}

/** A mapping that no record can be opened with until a person has mended it or the system. */
export interface ParkedMapping {
  readonly project: string;
  readonly type: string;
  /** Absent once it is free again. */
  readonly reason?: string;
}

/**
 * One request to a connected system and its answer, as data in that system's own words. Holds whatever was sent: whoever
 * keeps it has to redact it before.
 */
export type Exchange = KeptExchange;

export interface ConnectorContext {
  readonly log: Logger;
  /** The name under which the configuration connects this system; every `Ref` carries it. */
  readonly system: string;
  readonly now: () => DateTime;
  /** Where the system's webhooks arrive, if the configuration tells under which address the bridge is reached. */
  readonly webhookUrl?: string;
  /** Told how many calls the system still takes before it refuses them for a time, where it says so. */
  readonly onRemaining?: (calls: number) => void;
  /** Told when a mapping is parked, when the reason changes, and when it is free again. */
  readonly onParked?: (mapping: ParkedMapping) => void;
  /** Told of every call as it begins, within the caller's own asynchronous context. */
  readonly onCall?: () => void;
  /** Headers that every call carries, asked for within the caller's own asynchronous context. */
  readonly callHeaders?: () => Readonly<Record<string, string>>;
  /** Told of every call that writes, and of every read that fails, within the caller's own asynchronous context. */
  readonly onExchange?: (exchange: Exchange) => void;
  /** Told of every write before it is sent. What it throws ends the call, and nothing is sent. */
  readonly onWrite?: (call: Pick<Exchange, 'method' | 'path' | 'request'>) => void;
  /** Where files may wait on their way; absent: the folder of the operating system for temporary files. */
  readonly folder?: string | undefined;
}

export interface Connector<Options, Schema extends ZodType<Options> = ZodType<Options>> {
  readonly name: string;
  /** The connector's section of the configuration: validation, defaults and documentation in one. */
  readonly options: Schema;
  /** Opens no connection: the first call of the desk does. */
  connect(options: Options, context: ConnectorContext): Connection;
}

/** A connector of adjacent systems. Its options share their section with `kind` and `webhook`. */
export type AdjacentConnector = Connector<Readonly<Record<string, unknown>>, ZodObject>;

/** Keeps the option type of a connector together with its implementation. */
export function defineConnector<Options, Schema extends ZodType<Options> = ZodType<Options>>(
  connector: Connector<Options, Schema>,
): Connector<Options, Schema> {
  return connector;
}
