import type { ChannelModel, ConsumeMessage } from 'amqplib';
import type { Logger } from 'pino';
import type { Arrival, HandOver } from './hand-over.ts';
import type { RabbitmqOptions } from './options.ts';
import type { Session } from './reconnect.ts';

/** Messages that go to the sink in one transaction. */
const largestBatch = 50;

interface QueueReader {
  /** Finishes the batch in hand and acknowledges it; what was handed out beyond it goes back to the queue. */
  finish(): Promise<void>;
  end(): void;
}

interface QueueReaderSettings {
  readonly queue: string;
  readonly prefetch: number;
  readonly handOver: HandOver;
  readonly lose: (reason: Error) => void;
}

/**
 * Reads the intake queue, and beside it the two queues that nothing must stay in unseen: an event that strayed or was
 * delivered too often is still a reason to look, and anything else there is for a person to read.
 */
export async function openConsumer(
  connection: ChannelModel,
  lose: (reason: Error) => void,
  options: RabbitmqOptions,
  handOver: HandOver,
  log: Logger,
): Promise<Session> {
  const queues = [options.queue, options.dead_letter_queue, options.unrouted_queue];
  const readers: QueueReader[] = [];
  for (const queue of queues) {
    readers.push(await readQueue(connection, { queue, prefetch: options.prefetch, handOver, lose }));
  }
  log.debug({ queues }, 'consuming');

  return {
    async finish() {
      await Promise.all(readers.map((reader) => reader.finish()));
    },
    end() {
      for (const reader of readers) {
        reader.end();
      }
    },
  };
}

/**
 * Each queue has a channel of its own, since acknowledging up to a message goes by channel. A batch is whatever has
 * arrived while the one before it was being stored: single messages do not wait, and bursts fill their transactions.
 */
async function readQueue(connection: ChannelModel, settings: QueueReaderSettings): Promise<QueueReader> {
  const { queue, prefetch, handOver, lose } = settings;
  const arrived: ConsumeMessage[] = [];
  const stopping = new AbortController();
  let inHand: Promise<void> = Promise.resolve();
  let isBusy = false;

  const channel = await connection.createChannel();
  channel.on('error', lose);
  channel.on('close', () => {
    stopping.abort();
    lose(new Error(`the channel of queue ${queue} was closed`));
  });

  async function handOverArrived(): Promise<void> {
    while (arrived.length > 0 && !stopping.signal.aborted) {
      const batch = arrived.splice(0, largestBatch);
      const last = batch.at(-1);
      const isDurable = await handOver.handOver(batch.map(arrivalOf), stopping.signal);
      if (last === undefined || !isDurable) {
        return;
      }
      try {
        channel.ack(last, true);
      } catch {
        // The channel went away meanwhile: the broker delivers the batch again, which the store takes for a renewal.
        return;
      }
    }
  }

  function work(): void {
    if (isBusy) {
      return;
    }
    isBusy = true;
    inHand = handOverArrived()
      .catch((cause) => lose(cause instanceof Error ? cause : new Error(String(cause))))
      .finally(() => {
        isBusy = false;
      });
  }

  await channel.prefetch(prefetch);
  await channel.consume(queue, (message) => {
    if (message === null) {
      lose(new Error(`the queue ${queue} was deleted`));
      return;
    }
    arrived.push(message);
    work();
  });

  return {
    async finish() {
      stopping.abort();
      await inHand;
      await channel.close();
    },
    end: () => stopping.abort(),
  };
}

function arrivalOf({ content, fields, properties }: ConsumeMessage): Arrival {
  const death = properties.headers?.['x-death']?.[0];
  if (death !== undefined) {
    return { body: content, strayed: `It came by ${death.queue}, which gave it up: ${death.reason}.` };
  }

  return fields.routingKey.startsWith('ticket.')
    ? { body: content }
    : { body: content, strayed: `It was published to ${fields.exchange || 'a queue'} as «${fields.routingKey}».` };
}
