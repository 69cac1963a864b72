import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import type { RabbitmqServer } from '../../sandbox/servers/rabbitmq.ts';
import type { News } from '../../src/domain/news.ts';
import { startRelay } from '../../src/flow/relay.ts';
import { newsEvent } from '../../src/intake/news-event.ts';
import { openNewsPublisher } from '../../src/intake/news-publisher.ts';
import type { RabbitmqOptions } from '../../src/intake/options.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Claim, Store } from '../../src/store/store.ts';
import type { rabbitmqBench } from './rabbitmq-bench.ts';
import { untilTrue } from './sinks.ts';

const log = pino({ level: 'silent' });
const ticket = (id: string) => ({ system: 'otrs', id, key: `20261123100000${id}` });

/** The way of news from the store through a real broker to other programs. */
export function describeNewsRelay(
  broker: () => RabbitmqServer,
  { optionsFor, withChannel }: ReturnType<typeof rabbitmqBench>,
): void {
  describe('news', () => {
    let folder: string;
    let store: Store;
    let claims: ReadonlyMap<string, Claim>;
    /** What ends what was started, in the opposite order. */
    const endings: (() => Promise<unknown> | boolean)[] = [];
    let told = 0;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bridge-news-'));
      store = openSqliteStore({ file: join(folder, 'bridge.db'), ticketSystem: 'otrs', log });
      await store.migrate();
      await store.outbox.since(DateTime.utc());
      const at = DateTime.utc();
      const refs = [ticket('41'), ticket('42')];
      await store.accept(
        refs.map((ref) => ({ id: `event-${ref.id}`, ref, kind: 'changed', channel: 'webhook', at }) as const),
        at,
      );
      claims = new Map((await store.claim('test', 2, 600_000, at)).map((claim) => [claim.ticket.id, claim]));
    });

    afterEach(async () => {
      await endAll();
      await store.close();
      await rm(folder, { recursive: true });
    });

    async function endAll(): Promise<void> {
      for (const end of endings.splice(0).reverse()) {
        await end();
      }
    }

    function relay(options: RabbitmqOptions, owner = 'a'): void {
      const publisher = openNewsPublisher(options, log);
      const { publish } = publisher;
      const now = () => DateTime.utc();
      const context = { outbox: store.outbox, publish, owner, now, random: () => 0, log, onEnded: () => {} };
      endings.push(publisher.close, startRelay(context).stop);
    }

    /** Writes news of a ticket and answers with their ids. */
    async function tell(id: string, count: number): Promise<readonly string[]> {
      const news = Array.from({ length: count }, (): News => {
        told += 1;
        const data = {
          ticket: ticket(id),
          stage: 'reaction',
          priority: 1,
          deadline: '2026-11-23T07:30:00.000Z',
        } as const;
        return { id: `otrs/${id}:deadline-missed:${told}`, type: 'deadline-missed', at: DateTime.utc(), data };
      });
      const claim = claims.get(id);
      await (claim === undefined ? Promise.reject(new Error('no claim')) : store.outbox.tell(claim, news));
      return news.map((each) => each.id);
    }

    /** A queue of another program; `take` answers with the ids that it got, in order. */
    async function listen({ news_exchange: exchange }: RabbitmqOptions, settings: Record<string, unknown> = {}) {
      const queue = `listener-of-${exchange}`;
      await withChannel(async (channel) => {
        await channel.assertExchange(exchange, 'topic', { durable: true });
        await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum', ...settings } });
        await channel.bindQueue(queue, exchange, 'ticket.#');
      });
      const got: string[] = [];
      return async () => {
        await withChannel(async (channel) => {
          for (let message = await channel.get(queue); message !== false; message = await channel.get(queue)) {
            got.push(newsEvent.parse(JSON.parse(message.content.toString())).id);
            channel.ack(message);
          }
        });
        return got;
      };
    }

    const news = { news: true, confirm_timeout_seconds: 1 } as const;

    test('arrive in the order of their ticket, as they are described, and go to nobody where nobody listens', async () => {
      const deaf = optionsFor({ ...news, news_exchange: 'news-deaf' });
      relay(deaf);
      await tell('41', 1);
      await untilTrue(async () => (await store.outbox.size()) === 0);
      await endAll();

      const options = optionsFor({ ...news, news_exchange: 'news-order' });
      const take = await listen(options);
      const ids = [...(await tell('41', 3)), ...(await tell('42', 3)), ...(await tell('41', 3))];
      relay(options);
      await untilTrue(async () => (await take()).length >= ids.length);
      for (const id of ['41', '42']) {
        const ofTicket = (each: string) => each.startsWith(`otrs/${id}:`);
        expect((await take()).filter(ofTicket)).toEqual(ids.filter(ofTicket));
      }
    });

    test('wait for a broker that is away and lose neither their ids nor their order', async () => {
      const options = optionsFor({ ...news, news_exchange: 'news-away' });
      const take = await listen(options);
      relay(options);
      relay(options, 'b');
      const ids = [...(await tell('41', 2))];
      await untilTrue(async () => (await store.outbox.size()) === 0);
      await broker().kill();
      ids.push(...(await tell('41', 150)));
      await broker().start();
      await untilTrue(async () => (await store.outbox.size()) === 0);
      const got = await take();
      expect([...new Set(got)]).toEqual(ids);
    });

    test('keep their order although a listener’s full queue refuses some', async () => {
      const options = optionsFor({ ...news, news_exchange: 'news-full' });
      const take = await listen(options, { 'x-max-length': 2, 'x-overflow': 'reject-publish' });
      const ids = await tell('42', 12);
      relay(options);
      await untilTrue(async () => new Set(await take()).size === ids.length);
      expect([...new Set(await take())]).toEqual(ids);
    });

    test('reach the example of the documentation', async () => {
      const options = optionsFor({ ...news, news_exchange: 'bridge.news' });
      relay(options);
      await tell('41', 1);
      await untilTrue(async () => (await store.outbox.size()) === 0);
      const environment = { ...process.env, RABBITMQ_URL: broker().url };
      const example = spawn(process.execPath, ['docs/examples/news-consumer.js'], { env: environment });
      endings.push(() => example.kill());
      let said = '';
      example.stdout.on('data', (text) => {
        said += String(text);
      });
      await untilTrue(() =>
        withChannel(async (channel) => (await channel.checkQueue('duty-desk.news')).consumerCount === 1).catch(
          () => false,
        ),
      );
      const [id] = await tell('42', 1);
      await untilTrue(() => said.includes('\n'));
      expect(said).toMatch(new RegExp(`^\\S+ bridge.ticket.deadline-missed 2026112310000042 reaction ${id}\n`));
    });
  });
}
