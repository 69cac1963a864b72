import { type ChannelModel, connect, credentials } from 'amqplib';
import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { TicketEvent } from '../domain/event.ts';
import { BridgeError } from '../errors.ts';
import { addressOfUrl } from './address.ts';
import { toCloudEvent, typePrefix } from './cloud-event.ts';
import { createHandOver } from './hand-over.ts';
import type { Intake, Sink, UnreadableMessage } from './intake.ts';
import type { RabbitmqOptions } from './options.ts';
import { openConsumer } from './rabbitmq-consumer.ts';
import { createPublisher, type Outgoing } from './rabbitmq-publisher.ts';
import { type ConnectionKeeper, keepConnected } from './reconnect.ts';
import { establishTopology } from './topology.ts';
import { warnOfDifferences } from './warn-of-differences.ts';

export interface RabbitmqIntakeSettings {
  readonly options: RabbitmqOptions;
  readonly sink: Sink;
  /** Keeps a message that is not an event. The message is acknowledged when this has resolved, never before. */
  readonly onUnreadable: (message: UnreadableMessage) => Promise<void>;
  readonly log: Logger;
  readonly now: () => DateTime;
}

/**
 * The way in through RabbitMQ. Publishing and consuming have a connection each: a broker that is short of memory stops
 * reading from connections that publish, and must not stop acknowledgements with it.
 */
export function createRabbitmqIntake({ options, sink, onUnreadable, log, now }: RabbitmqIntakeSettings): Intake {
  const publisher = createPublisher(options);
  const handOver = createHandOver({ sink, onUnreadable, log, now });
  const broker = addressOfUrl(options.url);
  let keepers: { readonly publishing: ConnectionKeeper; readonly consuming: ConnectionKeeper } | undefined;
  let isClosed = false;

  function keeper(role: 'publishing' | 'consuming'): ConnectionKeeper {
    const roleLog = log.child({ broker, role });
    return keepConnected({
      connect: () => connectTo(options, role),
      async open(connection, lose) {
        await establishTopology(connection, options);
        return role === 'publishing'
          ? publisher.open(connection, lose)
          : openConsumer(connection, lose, options, handOver, roleLog);
      },
      openTimeoutMs: options.connect_timeout_seconds * 1000,
      maxPauseMs: options.reconnect_max_seconds * 1000,
      log: roleLog,
    });
  }

  return {
    publish: (events) => publisher.publish(events.map((event) => outgoingOf(event, options))),

    async start() {
      if (isClosed || keepers !== undefined) {
        throw new BridgeError('INTERNAL', 'An intake is started once.');
      }
      void warnOfDifferences(options, log.child({ broker }));
      keepers = { publishing: keeper('publishing'), consuming: keeper('consuming') };
    },

    health() {
      if (keepers === undefined) {
        return { ok: false, detail: isClosed ? 'closed' : 'not started' };
      }

      const faults = [
        ['publishing', keepers.publishing.fault() ?? publisher.fault()],
        ['consuming', keepers.consuming.fault()],
        ['storing', handOver.fault()],
      ].flatMap(([part, fault]) => (fault === undefined ? [] : [`${part}: ${fault}`]));
      return faults.length === 0
        ? { ok: true, detail: `connected to RabbitMQ at ${broker}` }
        : { ok: false, detail: `RabbitMQ at ${broker}: ${faults.join('; ')}` };
    },

    async close() {
      isClosed = true;
      publisher.shut();
      await Promise.all([keepers?.publishing.close(), keepers?.consuming.close()]);
      keepers = undefined;
    },
  };
}

function outgoingOf(event: TicketEvent, { exchange }: RabbitmqOptions): Outgoing {
  const { kind, ref } = event;
  return {
    exchange,
    routingKey: `ticket.${kind}.${ref.system}`,
    type: `${typePrefix}${kind}`,
    body: toCloudEvent(event),
    mandatory: true,
  };
}

/**
 * Without `noDelay` a message of more than 2 KiB, which amqplib writes in pieces, waits 44 ms instead of 0.6 ms: each
 * piece is held back until the one before it is acknowledged. amqplib's own recovery stays off: it reopens connections, but no channel that the broker closed.
 */
export async function connectTo(options: RabbitmqOptions, role: string): Promise<ChannelModel> {
  const url = new URL(options.url);
  const login =
    url.username === ''
      ? {}
      : { credentials: credentials.plain(decodeURIComponent(url.username), decodeURIComponent(url.password)) };
  url.searchParams.set('heartbeat', String(options.heartbeat_seconds));
  return connect(url.href, {
    ...login,
    noDelay: true,
    keepAlive: true,
    timeout: options.connect_timeout_seconds * 1000,
    clientProperties: { connection_name: `otrs-jira-bridge ${role}` },
  });
}
