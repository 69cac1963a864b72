import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { TicketEvent } from '../domain/event.ts';
import { type BridgeError, toBridgeError } from '../errors.ts';
import { parseCloudEvent } from './cloud-event.ts';
import type { Sink, UnreadableMessage } from './intake.ts';
import { createPatience } from './patience.ts';

/** A message body, and what the broker has to tell about its way. */
export interface Arrival {
  readonly body: Buffer;
  /** A sentence on how the message strayed; absent for one that came the normal way. */
  readonly strayed?: string;
}

export interface HandOverSettings {
  readonly sink: Sink;
  readonly onUnreadable: (message: UnreadableMessage) => Promise<void>;
  readonly log: Logger;
  readonly now: () => DateTime;
}

export interface HandOver {
  /**
   * Brings a batch to its place: events to the sink, what cannot be read to `onUnreadable`. Resolves with true when all
   * of it is durable; with false if the signal put an end to the attempts, and then the batch must not be acknowledged.
   */
  handOver(batch: readonly Arrival[], signal: AbortSignal): Promise<boolean>;
  /** Why nothing is taken at present; undefined while all is well. */
  fault(): string | undefined;
}

interface Readable {
  readonly arrival: Arrival;
  readonly event: TicketEvent;
}

interface Unreadable {
  readonly arrival: Arrival;
  readonly reason: string;
}

/** Times that one event is offered to a sink that refuses it for another reason than an outage. */
const offers = 3;

const isOutage = (error: BridgeError) => error.disposition === 'outage';
/** There is no other place left for a message that could not even be set aside. */
const always = () => true;

/**
 * A sink that is down is asked again for ever, while the broker keeps the messages: an outage spends no attempt. An
 * event that the sink refuses although it is up becomes unreadable after a few offers, so that it holds up no other.
 */
export function createHandOver({ sink, onUnreadable, log, now }: HandOverSettings): HandOver {
  const patience = createPatience(log);

  function setAside({ arrival, reason }: Unreadable, signal: AbortSignal): Promise<boolean> {
    const { body, strayed } = arrival;
    log.warn({ reason, strayed }, 'a message is set aside for a person to read');
    const told = strayed === undefined ? reason : `${reason} ${strayed}`;
    return patience.until(() => onUnreadable({ body, reason: told }), always, signal);
  }

  async function offerOne({ event, arrival }: Readable, signal: AbortSignal): Promise<boolean> {
    for (let offer = 1; ; offer += 1) {
      try {
        return await patience.until(() => sink([event]), isOutage, signal);
      } catch (thrown) {
        const { message } = toBridgeError(thrown);
        if (offer === offers) {
          const reason = `The event can be read, but storing it failed ${offers} times: ${message}.`;
          return setAside({ arrival, reason }, signal);
        }
        await patience.pause(message, offer, signal);
      }
    }
  }

  async function offerAll(readable: readonly Readable[], signal: AbortSignal): Promise<boolean> {
    if (readable.length === 0) {
      return true;
    }

    try {
      const events = readable.map(({ event }) => event);
      return await patience.until(() => sink(events), isOutage, signal);
    } catch (thrown) {
      const { message } = toBridgeError(thrown);
      log.warn({ reason: message, events: readable.length }, 'a batch was refused, trying singly');
    }
    return everyOne(readable, (each) => offerOne(each, signal));
  }

  return {
    fault: patience.fault,

    async handOver(batch, signal) {
      const { readable, unreadable } = sort(batch, now());
      // Events first: what an outage interrupts is delivered again, and must not be set aside twice.
      return (await offerAll(readable, signal)) && (await everyOne(unreadable, (each) => setAside(each, signal)));
    },
  };
}

function sort(batch: readonly Arrival[], arrivedAt: DateTime) {
  const readable: Readable[] = [];
  const unreadable: Unreadable[] = [];
  for (const arrival of batch) {
    const parsed = parseCloudEvent(arrival.body, arrivedAt);
    if (parsed.outcome === 'event') {
      readable.push({ arrival, event: parsed.event });
    } else {
      unreadable.push({ arrival, reason: parsed.reason });
    }
  }
  return { readable, unreadable };
}

/** One after the other; false, and nothing further, at the first that answers false. */
async function everyOne<Item>(items: readonly Item[], work: (item: Item) => Promise<boolean>): Promise<boolean> {
  for (const item of items) {
    if (!(await work(item))) {
      return false;
    }
  }
  return true;
}
