import { type Channel, connect } from 'amqplib';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import type { RabbitmqServer } from '../../sandbox/servers/rabbitmq.ts';
import { cloudEventContentType } from '../../src/intake/cloud-event.ts';
import type { Intake, UnreadableMessage } from '../../src/intake/intake.ts';
import { type RabbitmqOptions, rabbitmqOptions } from '../../src/intake/options.ts';
import { createRabbitmqIntake } from '../../src/intake/rabbitmq.ts';
import { type CollectingSink, collectingSink, untilTrue } from './sinks.ts';

export interface Opened {
  readonly intake: Intake;
  readonly sink: CollectingSink;
  readonly unreadable: UnreadableMessage[];
  readonly options: RabbitmqOptions;
}

/** Intakes at a broker, and other programs at the same broker. */
export function rabbitmqBench(broker: () => RabbitmqServer) {
  const opened: Intake[] = [];
  let series = 0;

  /** Names of their own for every test, so that none sees another's messages. */
  function optionsFor(more: Partial<RabbitmqOptions> = {}): RabbitmqOptions {
    series += 1;
    return rabbitmqOptions.parse({
      url: broker().url,
      exchange: `in-${series}`,
      queue: `intake-${series}`,
      dead_letter_exchange: `dlx-${series}`,
      dead_letter_queue: `dead-${series}`,
      unrouted_exchange: `unrouted-${series}`,
      unrouted_queue: `unrouted-${series}`,
      reconnect_max_seconds: 0.5,
      ...more,
    });
  }

  /** Created but not started. */
  function create(options: RabbitmqOptions, onUnreadable?: (message: UnreadableMessage) => Promise<void>): Opened {
    const sink = collectingSink();
    const unreadable: UnreadableMessage[] = [];
    const intake = createRabbitmqIntake({
      options,
      sink: sink.take,
      onUnreadable: async (message) => {
        await onUnreadable?.(message);
        unreadable.push(message);
      },
      log: pino({ level: 'silent' }),
      now: () => DateTime.utc(),
    });
    opened.push(intake);
    return { intake, sink, unreadable, options };
  }

  async function open(more: Partial<RabbitmqOptions> = {}): Promise<Opened> {
    const created = create(optionsFor(more));
    await created.intake.start();
    await untilTrue(() => created.intake.health().ok);
    return created;
  }

  /** Another program at the same broker. */
  async function withChannel<Answer>(work: (channel: Channel) => Promise<Answer>): Promise<Answer> {
    const connection = await connect(broker().url, { noDelay: true });
    connection.on('error', () => undefined);
    try {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => undefined);
      const answer = await work(channel);
      await channel.waitForConfirms();
      return answer;
    } finally {
      await connection.close().catch(() => undefined);
    }
  }

  async function publishRaw(exchange: string, routingKey: string, bodies: readonly (string | Buffer)[]): Promise<void> {
    await withChannel(async (channel) => {
      for (const body of bodies) {
        channel.publish(exchange, routingKey, Buffer.from(body), {
          persistent: true,
          contentType: cloudEventContentType,
        });
      }
    });
  }

  /** Messages that wait in a queue, those not counted that a consumer holds. */
  function waitingIn(queue: string): Promise<number> {
    return withChannel(async (channel) => (await channel.checkQueue(queue)).messageCount);
  }

  return {
    optionsFor,
    create,
    open,
    withChannel,
    publishRaw,
    waitingIn,
    /** Closes every intake that was created here. */
    async closeAll(): Promise<void> {
      await Promise.all(opened.splice(0).map((intake) => intake.close()));
    },
  };
}
