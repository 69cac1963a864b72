import type { Fields, Phase, Ref, SystemName, Visibility } from './ticket.ts';

/** Names an action within its ticket for ever, e.g. `open:issue`, `comment:jira:17`. */
export type ActionKey = string;

/** The content of a record to be opened, in neutral words; the desk writes it in its system's dialect. */
export interface Draft {
  readonly project: string;
  readonly type: string;
  readonly title: string;
  /** Plain text. */
  readonly text: string;
  readonly priority?: string;
  readonly labels: readonly string[];
  readonly fields: Fields;
}

export interface CommentDraft {
  /** Plain text. */
  readonly text: string;
  readonly subject: string;
  readonly visibility: Visibility;
}

export type LinkKind = 'origin';

interface Keyed {
  readonly key: ActionKey;
}

/**
 * One thing to do in one system. Repeating it has no second effect: `open` and `comment` are looked up by their
 * marker before they are repeated, the others describe a state to reach.
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
  | (Keyed & { readonly do: 'update'; readonly ref: Ref; readonly fields: Fields })
  | (Keyed & { readonly do: 'comment'; readonly ref: Ref; readonly comment: CommentDraft })
  | (Keyed & {
      readonly do: 'move';
      readonly ref: Ref;
      readonly to: string;
      /** What the state means for the rules; `done` ends the work. */
      readonly phase: Phase;
      /** Set in the same step as the state. */
      readonly fields: Fields;
    })
  | (Keyed & {
      readonly do: 'relate';
      readonly ref: Ref;
      readonly to: Ref;
      readonly as: LinkKind;
      readonly title: string;
      readonly url: string;
    });

/** The system in which an action takes effect. */
export function systemOf(action: Action): SystemName {
  return action.do === 'open' ? action.system : action.ref.system;
}

/** `open` and `comment` would take effect twice if they were sent twice; the others describe a state to reach. */
export function isOnceOnly(action: Action): action is Extract<Action, { do: 'open' | 'comment' }> {
  return action.do === 'open' || action.do === 'comment';
}
