import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import pino from 'pino';
import { type PostgresServer, startPostgres } from '../../sandbox/servers/postgres.ts';
import { migrations } from '../../src/store/migrations/list.ts';
import { openPostgresStore } from '../../src/store/postgres.ts';
import type { Claim, Store } from '../../src/store/store.ts';
import { describeStore } from './conformance.ts';
import { claimOne, event, now, ticket } from './promises/sample.ts';

const log = pino({ level: 'silent' });
const open = (url: string, poolSize = 4) => openPostgresStore({ url, poolSize, ticketSystem: 'otrs', log });

/** Writes statements as text. */
const compiler = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: new pg.Pool() }) });

let server: PostgresServer;
let schemas = 0;

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);

afterAll(() => server.stop(), 30_000);

/** Runs one statement on a connection of its own. */
async function execute(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

/** The address of an empty schema: to the bridge it is an empty database, and it is made in no time. */
async function emptySchema(): Promise<string> {
  schemas += 1;
  await execute(server.url, `create schema s${schemas}`);
  return `${server.url}?options=${encodeURIComponent(`-c search_path=s${schemas}`)}`;
}

describeStore('the store on PostgreSQL', async () => {
  const url = await emptySchema();
  const store = open(url);
  const other = open(url);

  return {
    store,
    other,
    execute: async (sql) => {
      await execute(url, sql);
    },
    close: async () => {
      await Promise.all([store.close(), other.close()]);
    },
  };
});

describe('a PostgreSQL that comes and goes', () => {
  let url: string;
  let store: Store;

  // A new one: after a kill a server goes through every file, and the tests before have made thousands.
  beforeAll(async () => {
    await server.stop();
    server = await startPostgres();
  }, 120_000);

  beforeEach(async () => {
    url = await emptySchema();
    store = open(url);
    await store.migrate();
  });

  afterEach(() => store.close());

  const cutAll = () =>
    execute(
      server.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'otrs-jira-bridge'`,
    );

  test('connections that were cut while idle are replaced', async () => {
    await Promise.all([1, 2, 3, 4].map((id) => store.accept([event(`${id}`, ticket(`${id}`))], now)));
    await cutAll();

    // The driver learns of a cut by an event. A query may be faster, and then fails: once per connection at most.
    const failures: unknown[] = [];
    let claims: readonly Claim[] | undefined;
    while (claims === undefined && failures.length <= 4) {
      claims = await store.claim('worker', 10, 60_000, now).catch((error: unknown) => {
        failures.push(error);
        return undefined;
      });
    }

    expect(claims).toHaveLength(4);
    expect(failures).toEqual(failures.map(() => expect.objectContaining({ code: 'STORE_UNAVAILABLE' })));
  });

  test('a connection that is cut within a transaction undoes it, and the next one works', async () => {
    const locker = new pg.Client({ connectionString: url });
    await locker.connect();
    await store.accept([event('a', ticket('42'))], now);
    await locker.query('begin; lock table event in access exclusive mode');

    const waiting = expect(store.accept([event('b', ticket('43'))], now)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      disposition: 'outage',
    });
    for (let waits = 0; waits === 0; ) {
      const { rows } = await locker.query(`select count(*)::int as waits from pg_locks where not granted`);
      waits = rows[0].waits;
    }
    await cutAll();
    await waiting;
    await locker.query('rollback');
    await locker.end();

    expect(await store.claim('worker', 10, 60_000, now)).toMatchObject([{ ticket: ticket('42') }]);
  });

  test('what is renewed while it is to be pruned stays', async () => {
    const later = now.plus({ days: 200 });
    await store.accept([event('a', ticket('42'), { channel: 'message' })], now);
    await store.release(await claimOne(store), { outcome: 'settled' }, now);
    const instance = new pg.Client({ connectionString: url });
    await instance.connect();
    await instance.query('begin');
    await instance.query(`update event set last_at = $1, turn = 2 where id = 'a'`, [later.toMillis()]);

    const pruned = store.prune('events', later.minus({ days: 90 }), 100);
    for (let waits = 0; waits === 0; ) {
      const { rows } = await instance.query(`select count(*)::int as waits from pg_locks where not granted`);
      waits = rows[0].waits;
    }
    await instance.query('commit');
    await instance.end();

    expect(await pruned).toBe(0);
    expect((await store.storyMatter(ticket('42'), { limit: 9 })).arrivals).toHaveLength(1);
  });

  test('while the server is down the store says where and why, and afterwards goes on', async () => {
    await store.accept([event('a', ticket('42'))], now);
    const claim = await claimOne(store);
    await server.kill();

    const outage = { code: 'STORE_UNAVAILABLE', disposition: 'outage' };
    await expect(store.nextDue()).rejects.toMatchObject(outage);
    await expect(store.accept([event('b', ticket('43'))], now)).rejects.toMatchObject(outage);
    await expect(store.verify()).rejects.toMatchObject({
      ...outage,
      message: expect.stringContaining(`127.0.0.1:${server.port}/bridge cannot be used: connect ECONNREFUSED`),
    });

    await server.start();
    expect(await store.accept([event('b', ticket('43'))], now)).toEqual({ accepted: 1, foreign: 0 });
    expect(await store.release(claim, { outcome: 'settled' }, now)).toBe(true);
    expect(await store.claim('worker', 10, 60_000, now)).toMatchObject([{ ticket: ticket('43') }]);
  }, 60_000);

  test('more work than there are connections waits its turn, and none of it fails', async () => {
    const narrow = open(url, 2);
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    await Promise.all(numbers.map((id) => narrow.accept([event(`e${id}`, ticket(String(id)))], now)));
    expect(await narrow.backlog(now)).toMatchObject({ due: numbers.length });
    await narrow.close();
  });

  test('a lost instance’s tickets go to another when their leases end', async () => {
    await store.accept([event('a', ticket('42'))], now);
    const lost = await claimOne(store);
    await store.close();

    const other = open(url);
    expect(await other.claim('another', 1, 60_000, now.plus(59_999))).toEqual([]);
    expect(await other.claim('another', 1, 60_000, now.plus(60_000))).toMatchObject([{ fence: lost.fence + 1 }]);
    await other.close();
  });

  test('is migrated while instances work on it, also if one of them gets in the way of the migration', async () => {
    const old = await emptySchema();
    await execute(old, 'create table migration (name text primary key)');
    for (const { name, statements } of migrations.slice(0, 4)) {
      for (const statement of statements) {
        await execute(old, statement.compile(compiler).sql);
      }
      await execute(old, `insert into migration (name) values ('${name}')`);
    }
    const instance = new pg.Client({ connectionString: old });
    await instance.connect();
    // The migration is to be the first that finds the deadlock out, and so the one that is undone.
    await instance.query("set deadlock_timeout = '40s'");
    await instance.query('begin');
    await instance.query('select 1 from work for update');

    // It has changed one table and waits for the other; the instance holds the other and wants the one: a deadlock.
    const migrating = open(`${old}${encodeURIComponent(' -c deadlock_timeout=3s')}`);
    const applied = migrating.migrate();
    const waiting = `select 1 from pg_locks where not granted and relation = 'work'::regclass`;
    while ((await execute(old, waiting)).rowCount === 0) {
      await sleep(10);
    }
    const undone = await instance.query('select 1 from dead_letter').then(
      () => 'the migration',
      () => 'the instance',
    );
    await instance.query('rollback');

    expect(await applied).toEqual(migrations.slice(4).map(({ name }) => name));
    await migrating.verify();
    expect(undone).toBe('the migration');
    await migrating.close();
    await instance.end();
  });

  test.each([
    ['no address', 'bridge.db'],
    ['an address of something else', 'mysql://bridge:geheim@127.0.0.1/bridge'],
    ['a password with bare special characters', 'postgres://bridge:ge/heim@@:x@127.0.0.1:port/bridge'],
  ])('%s is refused without telling the password', (_, address) => {
    expect(() => open(address)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION_INVALID', message: expect.not.stringContaining('heim') }),
    );
  });

  test.each([
    [
      'a wrong password',
      (address: URL) => Object.assign(address, { password: 'falsch' }),
      'password authentication failed',
    ],
    ['an unknown database', (address: URL) => Object.assign(address, { pathname: '/другая' }), 'does not exist'],
  ])('%s is an outage that says so', async (_, change, reason) => {
    const mistaken = open(change(new URL(server.url)).href);
    await expect(mistaken.verify()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining(reason),
    });
    await mistaken.close();
  });

  test('a database that can lose confirmed events is warned of', async () => {
    const lines: string[] = [];
    const mistaken = openPostgresStore({
      url: `${url}%20-c%20synchronous_commit%3Doff`,
      poolSize: 1,
      ticketSystem: 'otrs',
      log: pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) }),
    });
    await mistaken.verify();
    await mistaken.close();

    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 40, setting: 'synchronous_commit', msg: expect.stringContaining('can lose confirmed events') },
    ]);
  });

  test('an account that may not write is told what it lacks', async () => {
    const readOnly = open(`${url}%20-c%20default_transaction_read_only%3Don`);
    await expect(readOnly.accept([event('a', ticket('42'))], now)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('read-only transaction'),
    });
    await readOnly.close();
  });
});
