import type { TicketEvent } from '../domain/event.ts';

/** Takes events into the store. Resolves when they are durable; a rejected batch is delivered again. */
export type Sink = (events: readonly TicketEvent[]) => Promise<void>;

/** A message that could not be understood, kept whole so that an engineer can read it. */
export interface UnreadableMessage {
  readonly body: Buffer;
  readonly reason: string;
}

/** The durable way in: from the HTTP door and other publishers to the store. */
export interface Intake {
  /** Resolves only when every event is durable (in the broker or in the store); rejects with `BROKER_UNAVAILABLE`. */
  publish(events: readonly TicketEvent[]): Promise<void>;
  /** Starts to hand arriving events to the sink, and reconnects by itself until `close`. Does not wait for the broker. */
  start(): Promise<void>;
  /** What `/readyz` and `bridge check` show. `ok` is false while the broker is away. */
  health(): { readonly ok: boolean; readonly detail: string };
  /** Stops taking in, finishes the batch in hand, acknowledges it and disconnects. */
  close(): Promise<void>;
}
