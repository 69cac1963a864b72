import type { Attachment, Fields, Phase, Ref, SystemName, Visibility } from './ticket.ts';

/** Names an action within its ticket for ever, e.g. `open:issue`, `comment:jira:17`. */
export type ActionKey = string;

/**
 * A key without its version, which follows an @: `comment:jira:17@2026-…` is about the same thing as `comment:jira:17`.
 * While one of them is in doubt, none of the others may be sent.
 */
export function subjectOf(key: ActionKey): string {
  const end = key.indexOf('@');
  return end < 0 ? key : key.slice(0, end);
}

/** The content of a record to be opened, in neutral words; the desk writes it in its system's dialect. */
export interface Draft {
  /** Where it is opened: project of an issue, ticket queue of a ticket. */
  readonly project: string;
  readonly type: string;
  readonly title: string;
  /** Plain text. */
  readonly text: string;
  readonly priority?: string;
  readonly labels: readonly string[];
  readonly fields: Fields;
  /** Fields that go along where the system can take them when it opens a record; the others are set later. */
  readonly extras?: Fields;
  /** Login of the requester, where the system keeps one; whoever can see him sees the text. */
  readonly requester?: string;
  /** The state to begin in; absent: the system's own first one. */
  readonly state?: string;
}

export interface CommentDraft {
  /** Plain text. */
  readonly text: string;
  readonly subject: string;
  readonly visibility: Visibility;
  /** Whom the system is to tell of it, by its own notifications: the agents who look after the record. Absent: nobody. */
  readonly notify?: 'agents';
}

/** `origin` shows the ticket that a record came from; `related` is a link between two records of one system. */
export type LinkKind = 'origin' | 'related';

/** What an opened record is to the ticket: its issue, the question to an adjacent system, or a task of another line. */
export type RelatedRole = 'related' | 'task';

/** A file to be carried. */
export interface FileDraft {
  readonly name: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

/** Where the bytes of a file come from: a file of another record, or a text that was too long for its place. */
export type FileSource =
  | { readonly from: Ref; readonly attachment: Attachment }
  | {
      /** The whole text, written as UTF-8. */
      readonly text: string;
    };

interface Keyed {
  readonly key: ActionKey;
}

/** Sets fields of a record by logical name. */
export interface UpdateAction extends Keyed {
  readonly do: 'update';
  readonly ref: Ref;
  readonly fields: Fields;
}

/** Brings a record into a state. */
export interface MoveAction extends Keyed {
  readonly do: 'move';
  readonly ref: Ref;
  readonly to: string;
  /** States to pass through, in order, where the workflow has no step that leads straight to `to`. */
  readonly via?: readonly string[];
  /** What the state means for the rules; `done` ends the work. */
  readonly phase: Phase;
  /** Set in the same step as the state. */
  readonly fields: Fields;
  /** The comment that tells people of the state: written with the move or after it, and never without it. */
  readonly owes?: ActionKey;
}

/** A change of a record that one call can make together with a comment. */
export type RecordChange = MoveAction | UpdateAction;

/**
 * One thing to do in one system. Repeating it has no second effect: `open`, `comment` and `attach` are looked up before
 * they are repeated, the others describe a state to reach.
 */
export type Action =
  | (Keyed & {
      readonly do: 'open';
      readonly system: SystemName;
      readonly role: 'issue';
      readonly draft: Draft;
      /** The ticket that the record is opened for: source of the marker. */
      readonly origin: Ref;
    })
  | (Keyed & {
      readonly do: 'open';
      readonly system: SystemName;
      readonly role: RelatedRole;
      /** Names it among the linked records of the ticket, for ever: the key of its system in the mappings. */
      readonly name: string;
      readonly draft: Draft;
      readonly origin: Ref;
    })
  | UpdateAction
  | (Keyed & {
      readonly do: 'comment';
      readonly ref: Ref;
      readonly comment: CommentDraft;
      /** What one call does besides; decisions leave it to `nextCall` to put two actions into one. */
      readonly along?: RecordChange;
    })
  | (Keyed & {
      readonly do: 'attach';
      readonly ref: Ref;
      readonly file: FileDraft;
      readonly source: FileSource;
      /** What the record says beside the file, where it ties files to comments. */
      readonly note: CommentDraft;
      /** Files of the same name and size that were carried before: ids at the target, none of which is this one. */
      readonly besides: readonly string[];
    })
  | (Keyed & {
      /** Gives a comment that the bridge wrote another text. */
      readonly do: 'edit';
      readonly ref: Ref;
      readonly commentId: string;
      /** Plain text. */
      readonly text: string;
    })
  | (Keyed & {
      readonly do: 'assign';
      readonly ref: Ref;
      /** Name of the user in the record's system. */
      readonly user: string;
    })
  | MoveAction
  | (Keyed & {
      readonly do: 'relate';
      readonly ref: Ref;
      readonly to: Ref;
      readonly as: LinkKind;
      readonly title: string;
      readonly url: string;
      /** Name or id of the link type, for links between two records of one system. */
      readonly type?: string;
      /** Whether the other record's work is done. */
      readonly isResolved?: boolean;
    });

export type OnceOnlyAction = Extract<Action, { do: 'open' | 'comment' | 'attach' }>;

/** What a call does, one by one: a change comes before the words that it was made with. */
export function partsOf(action: Action): readonly Action[] {
  if (action.do !== 'comment' || action.along === undefined) {
    return [action];
  }

  const { along, ...words } = action;
  return [along, words];
}

/** The system in which an action takes effect. */
export function systemOf(action: Action): SystemName {
  return action.do === 'open' ? action.system : action.ref.system;
}

/** `once` would take effect twice if it were sent twice; `state` describes a state to reach. */
const EFFECTS: Readonly<Record<Action['do'], 'once' | 'state'>> = {
  open: 'once',
  comment: 'once',
  attach: 'once',
  update: 'state',
  edit: 'state',
  assign: 'state',
  move: 'state',
  relate: 'state',
};

/** Would take effect twice if it were sent twice; the others describe a state to reach. */
export function isOnceOnly(action: Action): action is OnceOnlyAction {
  return EFFECTS[action.do] === 'once';
}

/** Whether this version knows what kind of action it is: a newer one may have remembered it. */
export function isKnown(action: Action): boolean {
  return Object.hasOwn(EFFECTS, action.do);
}
