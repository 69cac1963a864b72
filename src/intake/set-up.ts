import type { Channel, ChannelModel } from 'amqplib';
import { BridgeError } from '../errors.ts';
import { virtualHostOf } from './address.ts';
import { compareTopology } from './compare-topology.ts';
import { type Management, openManagement } from './management.ts';
import type { RabbitmqOptions } from './options.ts';
import { connectTo } from './rabbitmq.ts';
import { argumentsOf, declareExchange, type QueueSetup, readDifference, topologyOf } from './topology.ts';

/** Rights that a set-up needs and that the running bridge does without. */
export interface Administrator {
  /** `amqp://…`, with the login of a user who may configure the bridge's names. */
  readonly url: string;
  /** `http://…`, with the login of a user who may set policies. */
  readonly managementUrl?: string;
}

/** Higher than what a general policy of the broker would have: of several that match a queue one applies. */
const POLICY_PRIORITY = 50;

/**
 * Creates what is missing at the broker and answers with one line for each thing that was done or found. Safe to repeat.
 *
 * Limits and dead lettering go into policies where the management API can be used, because a policy can be changed later
 * and an argument of a queue never; else they become arguments. A queue that exists keeps what it has. Throws
 * `BROKER_UNAVAILABLE` with everything that cannot be made right without deleting something.
 */
export async function setUpRabbitmq(
  options: RabbitmqOptions,
  administrator: Administrator | undefined,
): Promise<readonly string[]> {
  const url = administrator?.url ?? options.url;
  const managementUrl = administrator?.managementUrl;
  if (virtualHostOf(url) !== virtualHostOf(options.url)) {
    throw new BridgeError(
      'CONFIGURATION_INVALID',
      `The administrator's address leads to the virtual host «${virtualHostOf(url)}», intake.url to «${virtualHostOf(options.url)}».`,
    );
  }

  const connection = await connectTo({ ...options, url }, 'set-up').catch((cause: unknown) => {
    throw unavailable([`RabbitMQ cannot be reached: ${messageOf(cause)}`], cause);
  });
  connection.on('error', () => undefined);
  try {
    const management =
      managementUrl === undefined ? undefined : openManagement(managementUrl, options.connect_timeout_seconds * 1000);
    const done = await create(connection, options, management);
    const different = management === undefined ? [] : await compareTopology(management, { ...options, url });
    if (different.length > 0) {
      throw unavailable(different);
    }
    return done;
  } finally {
    await connection.close().catch(() => undefined);
  }
}

async function create(
  connection: ChannelModel,
  options: RabbitmqOptions,
  management: Management | undefined,
): Promise<readonly string[]> {
  const { exchanges, queues, bindings } = topologyOf(options);
  const done: string[] = [];
  const faults: string[] = [];
  const attempt = async (what: string, work: (channel: Channel) => Promise<unknown>) => {
    const fault = await onOwnChannel(connection, work);
    if (fault === undefined) {
      done.push(what);
    } else {
      faults.push(readDifference(fault) ?? `${what}: ${fault}`);
    }
  };

  for (const exchange of exchanges) {
    await attempt(`exchange ${exchange.name} (${exchange.type})`, (channel) => declareExchange(channel, exchange));
  }
  for (const queue of queues) {
    if (management === undefined) {
      await attempt(`queue ${queue.name}`, (channel) => assertQueue(channel, queue, argumentsOf(queue)));
    } else {
      // The policy goes first, so that no message can come before its dead-letter exchange is known.
      done.push(await setPolicy(management, options, queue));
      const exists = (await onOwnChannel(connection, (channel) => channel.checkQueue(queue.name))) === undefined;
      await attempt(`queue ${queue.name}${exists ? ' (was there)' : ''}`, (channel) =>
        exists ? channel.checkQueue(queue.name) : assertQueue(channel, queue, queue.fixed),
      );
    }
  }
  for (const { exchange, queue, key } of faults.length > 0 ? [] : bindings) {
    await attempt(`binding ${exchange} -> ${queue}${key === '' ? '' : ` (${key})`}`, (channel) =>
      channel.bindQueue(queue, exchange, key),
    );
  }

  if (faults.length > 0) {
    throw unavailable(faults);
  }
  return done;
}

function assertQueue(channel: Channel, { name }: QueueSetup, settings: QueueSetup['fixed']): Promise<unknown> {
  return channel.assertQueue(name, { durable: true, arguments: settings });
}

async function setPolicy(
  management: Management,
  options: RabbitmqOptions,
  { name, adjustable }: QueueSetup,
): Promise<string> {
  await management.put(['policies', virtualHostOf(options.url), name], {
    pattern: `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`,
    // The narrower `quorum_queues` is not known before 3.12.
    'apply-to': 'queues',
    priority: POLICY_PRIORITY,
    definition: adjustable,
  });
  return `policy ${name}`;
}

/** What the broker refuses closes the channel: each step has one of its own. Answers with the refusal. */
async function onOwnChannel(
  connection: ChannelModel,
  work: (channel: Channel) => Promise<unknown>,
): Promise<string | undefined> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  try {
    await work(channel);
    await channel.close();
    return undefined;
  } catch (cause) {
    return messageOf(cause);
  }
}

function unavailable(faults: readonly string[], cause?: unknown): BridgeError {
  return new BridgeError('BROKER_UNAVAILABLE', faults.join('\n'), { cause });
}

function messageOf(cause: unknown): string {
  return Error.isError(cause) ? cause.message : String(cause);
}
