import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelModel } from 'amqplib';
import type { RabbitmqOptions } from './options.ts';
import { topologyOf } from './topology.ts';

/** What a login may do and what the broker says of itself, found out without moving a message. */
export interface Probed {
  /** One sentence for each permission that is missing. */
  readonly missing: readonly string[];
  /** What the broker is short of, if it takes no messages for that reason. */
  readonly alarm: string | undefined;
}

/** Milliseconds in which a broker that is short of something says so after it was written to. */
const ALARM_PATIENCE_MS = 300;
/** Milliseconds for an answer; a connection that is blocked gives none. */
const ANSWER_MS = 2_000;

/**
 * Tries the permissions of the running bridge by requests that are refused for another reason afterwards: a message whose
 * expiration is not a number, a consumer whose priority is none. The broker looks at the permission first, so what it says
 * tells which of both it was, and no message is published or taken.
 */
export async function probe(connection: ChannelModel, options: RabbitmqOptions): Promise<Probed> {
  const { queues } = topologyOf(options);
  let alarm: string | undefined;
  connection.on('blocked', (reason: unknown) => {
    alarm = String(reason);
  });

  const missing: string[] = [];
  for (const { name } of queues) {
    if (isForbidden(await mayConsume(connection, name))) {
      missing.push(`read on the queue ${name}`);
    }
  }
  for (const exchange of options.news ? [options.exchange, options.news_exchange] : [options.exchange]) {
    if (isForbidden(await mayPublish(connection, exchange))) {
      missing.push(`write on the exchange ${exchange}`);
    }
    if (alarm !== undefined) {
      break;
    }
  }
  await sleep(ALARM_PATIENCE_MS);
  return { missing, alarm };
}

function isForbidden(said: string | undefined): boolean {
  return said?.includes('ACCESS_REFUSED') === true || said?.includes('ACCESS-REFUSED') === true;
}

async function mayConsume(connection: ChannelModel, queue: string): Promise<string | undefined> {
  const channel = await connection.createChannel();
  const closed = refusalOf(channel);
  void channel
    .consume(queue, () => undefined, { arguments: { 'x-priority': 'none' } })
    .then(() => channel.close())
    .catch(() => undefined);
  return closed;
}

async function mayPublish(connection: ChannelModel, exchange: string): Promise<string | undefined> {
  const channel = await connection.createChannel();
  const closed = refusalOf(channel);
  channel.publish(exchange, 'probe', Buffer.alloc(0), { expiration: 'none' });
  return closed;
}

/** Why the broker closed the channel; undefined if it did not. */
function refusalOf(channel: Awaited<ReturnType<ChannelModel['createChannel']>>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const patience = setTimeout(() => resolve(undefined), ANSWER_MS);
    const settle = (said: string | undefined) => {
      clearTimeout(patience);
      resolve(said);
    };
    channel.on('error', (cause: Error) => settle(cause.message));
    channel.on('close', () => settle(undefined));
  });
}
