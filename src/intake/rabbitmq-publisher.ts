import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { BridgeError } from '../errors.ts';
import { cloudEventContentType } from './cloud-event.ts';
import { createInFlight } from './in-flight.ts';
import type { RabbitmqOptions } from './options.ts';
import type { Session } from './reconnect.ts';

/** A CloudEvent on its way. */
export interface Outgoing {
  readonly exchange: string;
  readonly routingKey: string;
  /** `type` of the CloudEvent. */
  readonly type: string;
  /** JSON. */
  readonly body: string;
  /** Whether it counts as published only if a queue takes it. */
  readonly mandatory: boolean;
}

export interface Publisher {
  /**
   * Resolves when the broker has confirmed every message and returned none. Otherwise rejects with `BROKER_UNAVAILABLE`,
   * at once while the broker is known to be away; some of the messages may then have been taken all the same.
   */
  publish(messages: readonly Outgoing[]): Promise<void>;
  /** Sends all of them, in order, and answers with the problem of each; undefined for one that the broker has. */
  tryEach(messages: readonly Outgoing[]): Promise<readonly (string | undefined)[]>;
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

  /** Resolves with the problem, or with undefined once the broker has taken the message. */
  function send(message: Outgoing): Promise<string | undefined> {
    const problem = fault();
    if (line === undefined || problem !== undefined) {
      return Promise.resolve(problem);
    }

    const { id, landed } = inFlight.takeOff();
    try {
      write(line.channel, message, id, (refusal) => inFlight.land(id, refusal));
    } catch (cause) {
      inFlight.land(id, messageOf(cause));
    }
    return landed;
  }

  /** Between the last check and the write there is no wait: the window holds, and so does the order. */
  async function tryEach(messages: readonly Outgoing[]): Promise<readonly (string | undefined)[]> {
    const sent: Promise<string | undefined>[] = [];
    for (const message of messages) {
      while (fault() === undefined && inFlight.isFull()) {
        await inFlight.room();
      }
      sent.push(send(message));
    }
    return Promise.all(sent);
  }

  return {
    fault,

    shut() {
      isShut = true;
    },

    tryEach,

    async publish(messages) {
      const problem = (await tryEach(messages)).find((each) => each !== undefined);
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
  { exchange, routingKey, type, body, mandatory }: Outgoing,
  correlationId: string,
  landed: (refusal: string | undefined) => void,
): void {
  const options = { persistent: true, mandatory, contentType: cloudEventContentType, type, correlationId };
  channel.publish(exchange, routingKey, Buffer.from(body), options, (refusal: unknown) => {
    landed(refusal === null ? undefined : messageOf(refusal));
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
