import { closeSync, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { SystemName } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import type { Database, Fault } from './database.ts';
import type { Schema } from './schema.ts';
import { createSqlStore } from './sql-store.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import { lockSqliteFile } from './sqlite-lock.ts';
import type { Store } from './store.ts';

export interface SqliteOptions {
  readonly file: string;
  /** The connected system whose records are the tickets: `otrs`. */
  readonly ticketSystem: SystemName;
  readonly log: Logger;
}

/** What can be read while the service runs. */
export type ReadOnlyStore = Pick<
  Store,
  | 'link'
  | 'ticketOf'
  | 'intent'
  | 'deadLetters'
  | 'countLetters'
  | 'oldestLetter'
  | 'letterGroups'
  | 'lettersLike'
  | 'revisions'
  | 'jobs'
  | 'auditTrail'
  | 'backlog'
  | 'lastHeard'
  | 'arrivals'
  | 'attempts'
  | 'looks'
  | 'ticketNamed'
  | 'storyMatter'
  | 'nextDue'
  | 'snapshots'
  | 'verify'
  | 'close'
>;

/** Milliseconds to wait for a reader that is in the way of a checkpoint. */
const BUSY_TIMEOUT = 5_000;

/**
 * Opens the store on a file, which is created if need be, for this process alone. Throws `STORE_IN_USE` if another
 * process has it, `STORE_UNAVAILABLE` if the file cannot be used. The schema is the caller's: `migrate` or `verify`.
 */
export function openSqliteStore(options: SqliteOptions): Store {
  const file = saying(options.file, () => createFile(options.file));
  const unlock = saying(file, () => lockSqliteFile(file));
  try {
    const connection = saying(file, () => openForWriting(file));
    options.log.debug({ file }, 'store opened');
    return createSqlStore(createDatabase(connection, options, file, unlock));
  } catch (thrown) {
    unlock();
    throw thrown;
  }
}

/** Opens the store for looking only, whether or not a service runs on it: what would write throws `STORE_UNAVAILABLE`. */
export function openSqliteStoreReadOnly(options: SqliteOptions): Store {
  const file = existing(options.file);
  const connection = saying(file, () => new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT }));
  return createSqlStore(createDatabase(connection, options, file));
}

/**
 * Opens the store beside a running service for acts of an operator: short transactions, which wait for one another. Throws
 * `STORE_UNAVAILABLE`. The service notices what became due at its next poll.
 */
export function openSqliteStoreForOperator(options: SqliteOptions): Store {
  const file = existing(options.file);
  const connection = saying(file, () => openForWriting(file));
  return createSqlStore(createDatabase(connection, options, file, () => undefined));
}

function existing(name: string): string {
  const file = resolve(name);
  if (!existsSync(file)) {
    throw new BridgeError('STORE_UNAVAILABLE', `there is no database at ${file}: has the bridge ever run here?`);
  }
  return file;
}

/** Tickets hold personal data, so a new file is for the bridge's own account only. Returns the file's true path. */
function createFile(name: string): string {
  const file = resolve(name);
  mkdirSync(dirname(file), { recursive: true });
  closeSync(openSync(file, 'a', 0o600));
  return realpathSync(file);
}

/** `synchronous=full` makes every commit survive a power cut; `normal` would not in WAL mode. */
function openForWriting(file: string): DatabaseSync {
  const connection = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
  try {
    connection.exec('pragma journal_mode = wal');
    connection.exec('pragma synchronous = full');
    return connection;
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
}

function createDatabase(
  connection: DatabaseSync,
  { ticketSystem }: SqliteOptions,
  file: string,
  unlock?: () => void,
): Database {
  const queries = new Kysely<Schema>({ dialect: createSqliteDialect(connection) });

  return {
    queries,
    ticketSystem,
    isAlone: unlock !== undefined,
    lockRows: (query) => query,
    lockFreeRows: (query) => query,
    lockJobs: () => Promise.resolve(),
    migrateAlone: (work) => queries.transaction().execute(work),
    warnOfLosses: () => Promise.resolve(),
    faultOf,
    unavailable: (thrown) => unavailable(file, thrown),
    close: async () => {
      await queries.destroy();
      if (connection.isOpen) {
        connection.close();
      }
      unlock?.();
    },
  };
}

/** SQLite's primary result codes: BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB. */
const UNAVAILABLE = new Set([5, 6, 8, 10, 11, 13, 14, 26]);
/** SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY. */
const DUPLICATE = new Set([2067, 1555]);

function faultOf(thrown: unknown): Fault {
  if (!Error.isError(thrown)) {
    return 'other';
  }
  if (!('errcode' in thrown)) {
    return 'code' in thrown && typeof thrown.code === 'string' && /^E[A-Z]+$/.test(thrown.code)
      ? 'unavailable'
      : 'other';
  }

  const code = Number(thrown.errcode);
  if (DUPLICATE.has(code)) {
    return 'duplicate';
  }
  if (/^no such (table|column)/.test(thrown.message) || /has no column named/.test(thrown.message)) {
    return 'schema';
  }

  return UNAVAILABLE.has(code & 0xff) ? 'unavailable' : 'other';
}

function unavailable(file: string, thrown: unknown): BridgeError {
  const reason = Error.isError(thrown) ? thrown.message : String(thrown);
  return new BridgeError('STORE_UNAVAILABLE', `the database ${file} cannot be used: ${reason}`, { cause: thrown });
}

function saying<Result>(file: string, step: () => Result): Result {
  try {
    return step();
  } catch (thrown) {
    throw faultOf(thrown) === 'unavailable' ? unavailable(resolve(file), thrown) : thrown;
  }
}
