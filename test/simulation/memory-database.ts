import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { BridgeError } from '../../src/errors.ts';
import type { Schema } from '../../src/store/schema.ts';
import { createSqlStore } from '../../src/store/sql-store.ts';
import { createSqliteDialect } from '../../src/store/sqlite-dialect.ts';
import type { Store } from '../../src/store/store.ts';

/** The real store on a database in memory, which several processes use at once as they would a server's. */
export interface MemoryDatabase {
  /** What one process sees of it. */
  open(): Store;
  /** Reads by SQL, past the store. */
  all(text: string, ...values: readonly (string | number | null)[]): readonly Readonly<Record<string, unknown>>[];
  /** Forgets everything but the schema. */
  clear(): void;
}

/** Transactions come one after the other, as if each had locked all that it reads. */
export async function createMemoryDatabase(): Promise<MemoryDatabase> {
  const connection = new DatabaseSync(':memory:');
  const queries = new Kysely<Schema>({ dialect: createSqliteDialect(connection) });
  const open = () =>
    createSqlStore({
      queries,
      ticketSystem: 'otrs',
      lockRows: (query) => query,
      lockFreeRows: (query) => query,
      migrateAlone: (work) => queries.transaction().execute(work),
      warnOfLosses: () => Promise.resolve(),
      faultOf: () => 'other',
      unavailable: (thrown) => new BridgeError('STORE_UNAVAILABLE', String(thrown)),
      close: () => Promise.resolve(),
    });
  await open().migrate();
  const tables = connection
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
    .all()
    .map(({ name }) => String(name))
    .filter((name) => !/migration|schema/.test(name));

  return {
    open,
    all: (text, ...values) => connection.prepare(text).all(...values),
    clear: () => connection.exec(tables.map((name) => `delete from "${name}";`).join('')),
  };
}
