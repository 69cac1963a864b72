import type { DateTime } from 'luxon';
import type { Action, ActionKey } from './action.ts';
import type { Phase, Ref } from './ticket.ts';

/** The last common state of the two sides: what the bridge has already brought over and must not enforce again. */
export interface Agreed {
  /** Status and resolution of the issue that the ticket was last moved for. */
  readonly issueState?: string;
  /** The issue's phase at that time: a ticket is brought back to work only if the bridge ended it. */
  readonly issuePhase?: Phase;
  /** Digest of the notable reasons that were last written down, so that each is written down once. */
  readonly noted?: string;
}

/** An action that was refused for good. It is offered again when its content changes, or when a look finds it later on. */
export interface Refusal {
  readonly action: Action;
  readonly code: string;
  readonly at: DateTime;
}

/** What the bridge remembers about one ticket. */
export interface Link {
  readonly ticket: Ref;
  readonly issue?: Ref;
  readonly agreed: Agreed;
  /** Once-only actions that took effect, and the id that the other system gave to the effect. */
  readonly done: Readonly<Record<ActionKey, string>>;
  readonly refused: Readonly<Record<ActionKey, Refusal>>;
}
