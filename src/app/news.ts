import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { startRelay } from '../flow/relay.ts';
import { openNewsPublisher } from '../intake/news-publisher.ts';
import type { Metrics } from '../metrics.ts';
import type { Store } from '../store/store.ts';
import type { AppConfig } from './config.ts';

export interface NewsService {
  /** Since when news are wanted; undefined where they are not. */
  readonly since: DateTime | undefined;
  stop(): Promise<void>;
}

/** Brings news to RabbitMQ, where they are wanted. */
export async function startNews(
  { intake }: Pick<AppConfig, 'intake'>,
  store: Store,
  owner: string,
  now: () => DateTime,
  log: Logger,
  metrics: Metrics,
): Promise<NewsService> {
  if (intake.kind !== 'rabbitmq' || !intake.news) {
    return { since: undefined, stop: async () => {} };
  }

  const since = await store.outbox.since(now());
  const { kind: _, ...options } = intake;
  const newsLog = log.child({ part: 'news' });
  const publisher = openNewsPublisher(options, newsLog);
  const relay = startRelay({
    outbox: store.outbox,
    publish: publisher.publish,
    owner,
    now,
    random: Math.random,
    log: newsLog,
    onEnded: (outcome, count) => metrics.news.inc({ outcome }, count),
  });
  return {
    since,
    stop: async () => {
      await relay.stop();
      await publisher.close();
    },
  };
}
