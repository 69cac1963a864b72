import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { TicketEvent } from '../domain/event.ts';
import { BridgeError } from '../errors.ts';
import { cloudEventContentType, toCloudEvent, typePrefix } from './cloud-event.ts';
import { createInFlight } from './in-flight.ts';
import type { RabbitmqOptions } from './options.ts';
import type { Session } from './reconnect.ts';

export interface Publisher {
  /**
   * Resolves when the broker has confirmed every event and returned none. Otherwise rejects with `BROKER_UNAVAILABLE`,
   * at once while the broker is known to be away; some of the events may then have been taken all the same.
   */
  publish(events: readonly TicketEvent[]): Promise<void>;
  open(connection: ChannelModel, lose: (reason: Error) => void): Promise<Session>;
  /** Why publishing would be refused now; undefined if it would be tried. */
  fault(): string | undefined;
  /** Further events are refused; those in flight still land. */
  shut(): void;
}

/** A connection, as long as it lasts. */
interface Line {
  readonly channel: ConfirmChannel;
  readonly lose: (reason: Error) => void;
  /** Set while the broker has stopped reading, which it does when memory or disk run out. */
  blocked: string | undefined;
}

/**
 * Publishes persistent and mandatory on a channel with confirms. What counts as published is an acknowledgement
 * without a return before it: the broker acknowledges what it could not route, too.
 */
export function createPublisher(options: RabbitmqOptions): Publisher {
  const late = `it did not confirm within ${options.confirm_timeout_seconds} s`;
  const inFlight = createInFlight({
    limit: options.max_in_flight,
    deadlineMs: options.confirm_timeout_seconds * 1000,
    late,
    // A connection that confirms nothing is given up: whoever comes next need not wait for the same deadline.
    onLate: () => line?.lose(new Error(late)),
  });
  let line: Line | undefined;
  let isShut = false;

  function fault(): string | undefined {
    if (isShut) {
      return 'the bridge is shutting down';
    }

    return line === undefined ? 'there is no connection' : line.blocked;
  }

  /** Resolves with the problem, or with undefined once the broker has taken the event. */
  function send(event: TicketEvent): Promise<string | undefined> {
    const problem = fault();
    if (line === undefined || problem !== undefined) {
      return Promise.resolve(problem);
    }

    const { id, landed } = inFlight.takeOff();
    try {
      write(line.channel, options.exchange, event, id, (refusal) => inFlight.land(id, refusal));
    } catch (cause) {
      inFlight.land(id, messageOf(cause));
    }
    return landed;
  }

  return {
    fault,

    shut() {
      isShut = true;
    },

    async publish(events) {
      let problem: string | undefined;
      const sent: Promise<void>[] = [];
      for (const event of events) {
        // Between the last check and the write there is no wait: the window holds, and so does the order.
        while (problem === undefined && inFlight.isFull()) {
          await inFlight.room();
        }
        if (problem !== undefined) {
          break;
        }
        sent.push(
          send(event).then((found) => {
            problem ??= found;
          }),
        );
      }
      await Promise.all(sent);
      if (problem !== undefined) {
        throw new BridgeError('BROKER_UNAVAILABLE', `RabbitMQ does not take events: ${problem}.`);
      }
    },

    async open(connection, lose) {
      const opened: Line = { channel: await openChannel(connection, lose), lose, blocked: undefined };
      opened.channel.on('return', ({ properties, fields }) => {
        const unroutable = `no queue takes messages of exchange ${fields.exchange} with the key ${fields.routingKey}`;
        inFlight.land(String(properties.correlationId), unroutable);
      });
      connection.on('blocked', (reason) => {
        opened.blocked = `it is short of resources (${reason})`;
        inFlight.landAll(opened.blocked);
      });
      connection.on('unblocked', () => {
        opened.blocked = undefined;
      });
      line = opened;

      return {
        finish: () => inFlight.idle(),
        end(reason) {
          line = undefined;
          inFlight.landAll(`the connection was lost: ${reason.message}`);
        },
      };
    },
  };
}

async function openChannel(connection: ChannelModel, lose: (reason: Error) => void): Promise<ConfirmChannel> {
  const channel = await connection.createConfirmChannel();
  channel.on('error', lose);
  channel.on('close', () => lose(new Error('the publishing channel was closed')));
  return channel;
}

function write(
  channel: ConfirmChannel,
  exchange: string,
  event: TicketEvent,
  correlationId: string,
  landed: (refusal: string | undefined) => void,
): void {
  const options = {
    persistent: true,
    mandatory: true,
    contentType: cloudEventContentType,
    type: `${typePrefix}${event.kind}`,
    correlationId,
  };
  const routingKey = `ticket.${event.kind}.${event.ref.system}`;
  channel.publish(exchange, routingKey, Buffer.from(toCloudEvent(event)), options, (refusal: unknown) => {
    landed(refusal === null ? undefined : messageOf(refusal));
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
