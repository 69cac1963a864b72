import type { Logger } from 'pino';
import type { News } from '../domain/news.ts';
import { addressOfUrl } from './address.ts';
import { typePrefix } from './cloud-event.ts';
import { toNewsEvent } from './news-event.ts';
import type { RabbitmqOptions } from './options.ts';
import { connectTo } from './rabbitmq.ts';
import { createPublisher, type Outgoing } from './rabbitmq-publisher.ts';
import { type ConnectionKeeper, keepConnected } from './reconnect.ts';

/** The way out for news. */
export interface NewsPublisher {
  /** Answers with the problem of each, or undefined for one that the broker has confirmed. Never rejects. */
  publish(news: readonly (News & { readonly position: number })[]): Promise<readonly (string | undefined)[]>;
  close(): Promise<void>;
}

/**
 * A connection of its own, so that news never wait in one window with events. That nobody listens is no fault: what no
 * queue is bound for is gone, as for every topic exchange.
 */
export function openNewsPublisher(options: RabbitmqOptions, log: Logger): NewsPublisher {
  const publisher = createPublisher(options);
  const keeper: ConnectionKeeper = keepConnected({
    connect: () => connectTo(options, 'news'),
    async open(connection, lose) {
      await prepare(connection, options);
      return publisher.open(connection, lose);
    },
    openTimeoutMs: options.connect_timeout_seconds * 1000,
    maxPauseMs: options.reconnect_max_seconds * 1000,
    log: log.child({ broker: addressOfUrl(options.url), role: 'news' }),
  });

  return {
    publish: (news) => publisher.tryEach(news.map((each) => outgoingOf(each, options))),

    async close() {
      publisher.shut();
      await keeper.close();
    },
  };
}

async function prepare(
  connection: Awaited<ReturnType<typeof connectTo>>,
  { topology, news_exchange: exchange }: RabbitmqOptions,
): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  await (topology === 'declare'
    ? channel.assertExchange(exchange, 'topic', { durable: true })
    : channel.checkExchange(exchange));
  await channel.close();
}

function outgoingOf(news: News & { readonly position: number }, { news_exchange }: RabbitmqOptions): Outgoing {
  return {
    exchange: news_exchange,
    routingKey: `ticket.${news.type}`,
    type: `${typePrefix}${news.type}`,
    body: toNewsEvent(news),
    mandatory: false,
  };
}
