import { createHash } from 'node:crypto';
import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { Connection, Hint, Webhook } from '../connector.ts';
import type { TicketEvent } from '../domain/event.ts';
import type { SystemName } from '../domain/ticket.ts';
import { BridgeError, toBridgeError } from '../errors.ts';
import type { Intake, Sink } from '../intake/intake.ts';
import type { Store } from '../store/store.ts';

export interface IngestContext {
  readonly connections: Readonly<Record<SystemName, Connection>>;
  readonly intake: Intake;
  /** Takes events in while the intake is away. */
  readonly sink: Sink;
  readonly now: () => DateTime;
  readonly log: Logger;
  /** A genuine webhook came and could be read, whatever it was about. */
  readonly onHeard?: (system: SystemName) => void;
}

/** Takes one authenticated webhook in. Resolves with the number of events when they are durable. */
export type Ingest = (system: SystemName, webhook: Webhook) => Promise<number>;

/**
 * Webhook -> events -> broker, or straight into the store while the broker is away. An identical body gives the same
 * event id, so a sender's repeats renew one event.
 */
export function createIngest({ connections, intake, sink, now, log, onHeard }: IngestContext): Ingest {
  return async (system, webhook) => {
    const connection = connections[system];
    if (connection === undefined) {
      throw new BridgeError('WEBHOOK_UNREADABLE', `no system «${system}» is connected`);
    }

    const hints = connection.receive(webhook);
    onHeard?.(system);
    if (hints.length === 0) {
      return 0;
    }

    const digest = createHash('sha256').update(webhook.body).digest('hex').slice(0, 32);
    const events = hints.map((hint, index) =>
      eventOf(hint, `${system}:${digest}:${index}`, now(), webhook.correlation),
    );
    try {
      await intake.publish(events);
    } catch (thrown) {
      const error = toBridgeError(thrown);
      if (error.code !== 'BROKER_UNAVAILABLE') {
        throw error;
      }

      log.warn({ code: error.code, error: error.message, events: events.length }, 'broker bypassed');
      await sink(events);
    }

    return events.length;
  };
}

/** The limits of the messages on the broker (`docs/messages.yaml`), which hold without a broker too. */
const LONGEST_ID = 100;
const LONGEST_EVENT_ID = 200;

function eventOf(hint: Hint, id: string, at: DateTime, correlation: string | undefined): TicketEvent {
  if (!isPlain(hint.ref.id, LONGEST_ID)) {
    throw new BridgeError('WEBHOOK_UNREADABLE', 'the id of the record is empty, too long or has control characters');
  }

  const { key, ...ref } = hint.ref;
  return {
    // An odd id of the sender's is not worth more than the digest of the body.
    id: hint.id !== undefined && isPlain(hint.id, LONGEST_EVENT_ID) ? `${ref.system}:${hint.id}` : id,
    ref: key !== undefined && isPlain(key, LONGEST_ID) ? hint.ref : ref,
    kind: hint.kind,
    channel: 'webhook',
    at,
    ...(correlation === undefined ? {} : { correlation }),
  };
}

/** Events become durable and due in the store, and the worker is woken. */
export function createSink(
  store: Store,
  now: () => DateTime,
  onAccepted: (accepted: number, foreign: number) => void,
): Sink {
  return async (events) => {
    const { accepted, foreign } = await store.accept(events, now());
    onAccepted(accepted, foreign);
  };
}

function isPlain(text: string, longest: number): boolean {
  return text !== '' && text.length <= longest && !/\p{Cc}/u.test(text) && text.isWellFormed();
}
