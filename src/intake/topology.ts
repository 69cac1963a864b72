import type { Channel, ChannelModel } from 'amqplib';
import { BridgeError } from '../errors.ts';
import type { RabbitmqOptions } from './options.ts';

export type Settings = Readonly<Record<string, string | number | boolean>>;

export interface ExchangeSetup {
  readonly name: string;
  readonly type: 'topic' | 'fanout';
  /** Arguments. An exchange keeps those that it was created with. */
  readonly fixed: Settings;
}

export interface QueueSetup {
  readonly name: string;
  /** Arguments that a queue keeps for ever, and that no policy can give it. */
  readonly fixed: Settings;
  /** By the names that a policy has for them; as arguments they begin with `x-`. */
  readonly adjustable: Settings;
}

export interface BindingSetup {
  readonly exchange: string;
  readonly queue: string;
  readonly key: string;
}

/** What the bridge needs at a broker. */
export interface Topology {
  readonly exchanges: readonly ExchangeSetup[];
  readonly queues: readonly QueueSetup[];
  readonly bindings: readonly BindingSetup[];
}

/** Routing key of an event: `ticket.<kind>.<system>`. */
const binding = 'ticket.#';

/**
 * As good as no limit, said in a way that every version accepts: since 4.0 the default is 20, after which a message of
 * a queue without dead-letter exchange is dropped.
 */
const noLimit = 1_000_000_000;

/**
 * Milliseconds (30 days) that a delivery may stay unacknowledged. The default of 30 minutes would hand messages out again, and count
 * that as a failed delivery, while they wait for a store that is down. Brokers before 3.12 ignore the argument.
 */
const patience = 30 * 24 * 3_600_000;

const quorum = { 'x-queue-type': 'quorum', 'x-consumer-timeout': patience };

export function topologyOf(options: RabbitmqOptions): Topology {
  const { exchange, queue, dead_letter_exchange, dead_letter_queue, unrouted_exchange, unrouted_queue } = options;
  return {
    exchanges: [
      { name: unrouted_exchange, type: 'fanout', fixed: {} },
      { name: dead_letter_exchange, type: 'fanout', fixed: {} },
      { name: exchange, type: 'topic', fixed: { 'alternate-exchange': unrouted_exchange } },
      ...(options.news ? [{ name: options.news_exchange, type: 'topic', fixed: {} } as const] : []),
    ],
    queues: [
      { name: unrouted_queue, fixed: quorum, adjustable: { 'delivery-limit': noLimit } },
      { name: dead_letter_queue, fixed: quorum, adjustable: { 'delivery-limit': noLimit } },
      {
        name: queue,
        fixed: { ...quorum, 'x-single-active-consumer': true },
        adjustable: {
          'delivery-limit': options.delivery_limit,
          'max-length-bytes': options.max_length_bytes,
          // At-least-once dead lettering is only to be had together with it.
          overflow: 'reject-publish',
          'dead-letter-exchange': dead_letter_exchange,
          'dead-letter-strategy': 'at-least-once',
        },
      },
    ],
    bindings: [
      { exchange: unrouted_exchange, queue: unrouted_queue, key: '' },
      { exchange: dead_letter_exchange, queue: dead_letter_queue, key: '' },
      { exchange, queue, key: binding },
    ],
  };
}

/** Fixed and adjustable settings as the arguments of a queue that no policy looks after. */
export function argumentsOf({ fixed, adjustable }: QueueSetup): Settings {
  const named = Object.entries(adjustable).map(([name, value]) => [`x-${name}`, value] as const);
  return { ...fixed, ...Object.fromEntries(named) };
}

/**
 * Creates what is missing of the exchanges and queues, or checks that they exist. Throws `BROKER_UNAVAILABLE` with what
 * to do where the broker has them with other settings or lacks them.
 */
export async function establishTopology(connection: ChannelModel, options: RabbitmqOptions): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  try {
    await (options.topology === 'declare' ? declare(channel, options) : verify(channel, options));
  } catch (cause) {
    throw explain(cause, options);
  }
  await channel.close();
}

async function declare(channel: Channel, options: RabbitmqOptions): Promise<void> {
  const { exchanges, queues, bindings } = topologyOf(options);
  for (const exchange of exchanges) {
    await declareExchange(channel, exchange);
  }
  for (const queue of queues) {
    await channel.assertQueue(queue.name, { durable: true, arguments: argumentsOf(queue) });
  }
  for (const { queue, exchange, key } of bindings) {
    await channel.bindQueue(queue, exchange, key);
  }
}

export async function declareExchange(channel: Channel, { name, type, fixed }: ExchangeSetup): Promise<void> {
  await channel.assertExchange(name, type, { durable: true, arguments: fixed });
}

/** Needs no permission to configure anything, and cannot see settings: those are compared by the management API. */
async function verify(channel: Channel, options: RabbitmqOptions): Promise<void> {
  const { exchanges, queues } = topologyOf(options);
  for (const { name } of exchanges) {
    await channel.checkExchange(name);
  }
  for (const { name } of queues) {
    await channel.checkQueue(name);
  }
}

function explain(cause: unknown, options: RabbitmqOptions): BridgeError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new BridgeError(
    'BROKER_UNAVAILABLE',
    `RabbitMQ cannot be used as it is set up. ${adviceFor(said, options)} It said: ${said}`,
    {
      cause,
    },
  );
}

function adviceFor(said: string, { topology }: RabbitmqOptions): string {
  const different = readDifference(said);
  if (different !== undefined) {
    return `${different} Or set intake.topology to verify, if an administrator means it so.`;
  }
  if (said.includes('PRECONDITION')) {
    return 'An exchange or queue exists with other settings: empty and delete it, or set intake.topology to verify.';
  }
  if (said.includes('NOT_FOUND') && topology === 'verify') {
    return 'An exchange or queue is missing: create it with `bridge migrate --broker-admin FILE` (docs/rabbitmq.md), or set intake.topology to declare.';
  }
  if (said.includes('ACCESS_REFUSED')) {
    return 'The user lacks a permission: grant configure, write and read on the bridge’s names, or set intake.topology to verify.';
  }

  return 'The set-up was interrupted and is tried again.';
}

/** What is, what should be and what to do, out of the broker's refusal to create what it has with other settings. */
export function readDifference(said: string): string | undefined {
  const found =
    /inequivalent arg '(?<name>[^']+)' for (?<kind>queue|exchange) '(?<object>[^']+)'.*?received (?<wanted>.+?) but current is (?<is>'[^']*'|[^\s"]+)/s.exec(
      said,
    )?.groups;
  if (found === undefined) {
    return undefined;
  }

  const { name, kind, object, wanted, is } = found;
  return `The ${kind} ${object} has ${name} = ${plain(is)} and should have ${plain(wanted)}. ${remedyFor(kind === 'exchange' ? 'exchange' : 'queue', object ?? '')}`;
}

/** An argument cannot be changed on what exists. */
export function remedyFor(kind: 'queue' | 'exchange', name: string): string {
  return kind === 'queue'
    ? `Settings of a queue stay as they were created: let the bridge empty ${name}, stop it, delete the queue and run \`bridge migrate\`.`
    : `Settings of an exchange stay as they were created: stop the bridge, delete ${name} and run \`bridge migrate\`.`;
}

function plain(value = ''): string {
  const text = value.replace(/^the value '(.*)' of type '.*'$/, '$1').replaceAll("'", '');
  return text === 'none' ? 'nothing' : text;
}
