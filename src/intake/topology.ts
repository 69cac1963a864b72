import type { Channel, ChannelModel, Options } from 'amqplib';
import { BridgeError } from '../errors.ts';
import type { RabbitmqOptions } from './options.ts';

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
  await channel.assertExchange(options.unrouted_exchange, 'fanout', { durable: true });
  await channel.assertExchange(options.dead_letter_exchange, 'fanout', { durable: true });
  await channel.assertExchange(options.exchange, 'topic', {
    durable: true,
    alternateExchange: options.unrouted_exchange,
  });

  await channel.assertQueue(options.unrouted_queue, quorum({ 'x-delivery-limit': noLimit }));
  await channel.assertQueue(options.dead_letter_queue, quorum({ 'x-delivery-limit': noLimit }));
  await channel.assertQueue(
    options.queue,
    quorum({
      'x-single-active-consumer': true,
      'x-delivery-limit': options.delivery_limit,
      'x-max-length-bytes': options.max_length_bytes,
      // At-least-once dead lettering is only to be had together with it.
      'x-overflow': 'reject-publish',
      'x-dead-letter-exchange': options.dead_letter_exchange,
      'x-dead-letter-strategy': 'at-least-once',
    }),
  );

  await channel.bindQueue(options.unrouted_queue, options.unrouted_exchange, '');
  await channel.bindQueue(options.dead_letter_queue, options.dead_letter_exchange, '');
  await channel.bindQueue(options.queue, options.exchange, binding);
}

function quorum(settings: Readonly<Record<string, unknown>>): Options.AssertQueue {
  return { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-consumer-timeout': patience, ...settings } };
}

async function verify(channel: Channel, options: RabbitmqOptions): Promise<void> {
  for (const exchange of [options.exchange, options.dead_letter_exchange, options.unrouted_exchange]) {
    await channel.checkExchange(exchange);
  }
  for (const queue of [options.queue, options.dead_letter_queue, options.unrouted_queue]) {
    await channel.checkQueue(queue);
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
  if (said.includes('PRECONDITION')) {
    return 'An exchange or queue exists with other settings: empty and delete it, or set intake.topology to verify.';
  }
  if (said.includes('NOT_FOUND') && topology === 'verify') {
    return 'An exchange or queue is missing: create it, or set intake.topology to declare.';
  }
  if (said.includes('ACCESS_REFUSED')) {
    return 'The user lacks a permission: grant configure, write and read on the bridge’s names, or set intake.topology to verify.';
  }

  return 'The set-up was interrupted and is tried again.';
}
