import type { DateTime } from 'luxon';
import type { Ref } from './ticket.ts';

/** Why a record should be looked at again. It steers metrics and the story, never a decision. */
export type EventKind = 'changed' | 'commented' | 'closed' | 'due' | 'replayed';

/** How an event reached the bridge. */
export type EventChannel = 'webhook' | 'message' | 'sweep' | 'operator';

/**
 * A reason to look at a record again. It carries a reference and no facts, so lost, doubled, late and
 * reordered events do no harm: facts are read from the systems when the ticket is looked at.
 */
export interface TicketEvent {
  /** Names this arrival for ever; an event with a known id renews the earlier one instead of adding a row. */
  readonly id: string;
  readonly ref: Ref;
  readonly kind: EventKind;
  readonly channel: EventChannel;
  readonly at: DateTime;
  /** Under which the sender, the log, the calls and the audit know it. */
  readonly correlation?: string;
  /** It leads to the ticket itself and to no other, whatever the ticket was opened for. */
  readonly isOfItself?: true;
}
