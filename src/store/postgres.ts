import type { ConnectionOptions } from 'node:tls';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import type { SystemName } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import type { Database } from './database.ts';
import { postgresFaultOf, reasonOf } from './postgres-faults.ts';
import type { Schema } from './schema.ts';
import { createSqlStore } from './sql-store.ts';
import type { Store } from './store.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** Settings of the URL (`sslmode`) go before these. */
  readonly ssl?: boolean | ConnectionOptions;
  /** The connected system whose records are the tickets: `otrs`. */
  readonly ticketSystem: SystemName;
  readonly log: Logger;
}

/** Milliseconds. The server ends what takes too long; `query_timeout` is for a server that says nothing any more. */
const LIMITS = {
  statement_timeout: 8_000,
  idle_in_transaction_session_timeout: 20_000,
  query_timeout: 10_000,
};
const CONNECT_TIMEOUT = 5_000;

/** Names of locks among all advisory locks of the database; any constants would do. */
const MIGRATION_LOCK = 7_246_183_004;
const JOBS_LOCK = 7_246_183_005;

/**
 * Opens the store on PostgreSQL, for any number of processes. Connects with the first query, which throws
 * `STORE_UNAVAILABLE` if that fails; a lost connection is replaced by the next query. The schema is the caller's:
 * `migrate` or `verify`. Throws `CONFIGURATION_INVALID` if the address is not one.
 */
export function openPostgresStore(options: PostgresOptions): Store {
  const place = placeOf(options.url);
  const pool = openPool(options, { ...LIMITS, max: options.poolSize });
  const queries = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });

  const database: Database = {
    queries,
    ticketSystem: options.ticketSystem,
    isAlone: false,
    lockRows: (query) => query.forUpdate(),
    lockFreeRows: (query) => query.forUpdate().skipLocked(),
    lockJobs: (transaction) => lockAlone(transaction, JOBS_LOCK),
    migrateAlone: (work) => migrateAlone(options, work),
    warnOfLosses: () => warnOfLosses(queries, options.log),
    faultOf: postgresFaultOf,
    unavailable: (thrown) =>
      new BridgeError('STORE_UNAVAILABLE', `the database ${place} cannot be used: ${reasonOf(thrown)}`, {
        cause: thrown,
      }),
    close: async () => {
      await queries.destroy();
      await (pool.ended || pool.ending ? undefined : pool.end());
    },
  };
  return createSqlStore(database);
}

/** On a connection of its own: a long migration, or waiting for another process's, is no fault. */
async function migrateAlone<Result>(
  options: PostgresOptions,
  work: (transaction: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  const pool = openPool(options, { max: 1 });
  const queries = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await queries.transaction().execute(async (transaction) => {
      await lockAlone(transaction, MIGRATION_LOCK);
      return work(transaction);
    });
  } finally {
    await queries.destroy();
  }
}

async function lockAlone(transaction: Transaction<Schema>, lock: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(lock)})`.execute(transaction);
}

function openPool({ url, ssl, log }: PostgresOptions, limits: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    ...(ssl === undefined ? {} : { ssl }),
    ...limits,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
    application_name: 'otrs-jira-bridge',
    types: { getTypeParser },
  });

  // A connection that breaks outside a query tells it by an event, which ends the process if nobody listens. The pool
  // listens while the connection is idle only.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', (error) => log.warn({ reason: error.message }, 'lost an idle connection to the database'));
  return pool;
}

/** Counts, moments and numbers of arrivals are bigint, and all are far below 2^53. */
const getTypeParser: typeof pg.types.getTypeParser = (type: number, format?: 'text' | 'binary') =>
  type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format as 'text');

/** Settings that make commits faster and let a crash take back what was confirmed. */
const DURABILITY = ['fsync', 'full_page_writes', 'synchronous_commit'];

async function warnOfLosses(queries: Kysely<Schema>, log: Logger): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select name from pg_settings where name in (${sql.join(DURABILITY)}) and setting = 'off'
  `.execute(queries);
  for (const { name } of rows) {
    log.warn({ setting: name }, 'the database can lose confirmed events in a crash: this setting is off');
  }
}

/** The address without login and password, for messages. */
function placeOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new BridgeError(
      'CONFIGURATION_INVALID',
      'the address of the database is not of the form postgres://user:password@host:port/database; a password with special characters must be percent-encoded',
    );
  }

  return `${parsed.host}${parsed.pathname}`;
}
