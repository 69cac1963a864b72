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
  /** Takes a backup, in place of an earlier one. */
  keep(): void;
  /** Sets everything back to the backup. */
  restore(): void;
}

/** Transactions come one after the other, as if each had locked all that it reads. */
export async function createMemoryDatabase(): Promise<MemoryDatabase> {
  const connection = new DatabaseSync(':memory:');
  const queries = new Kysely<Schema>({ dialect: createSqliteDialect(connection) });
  const open = () =>
    createSqlStore({
      queries,
      ticketSystem: 'otrs',
      isAlone: false,
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

  const clear = () => connection.exec(tables.map((name) => `delete from "${name}";`).join(''));
  const copy = (from: string, to: string) =>
    connection.exec(tables.map((name) => `insert into "${to}${name}" select * from "${from}${name}";`).join(''));
  connection.exec(tables.map((name) => `create table "kept_${name}" as select * from "${name}";`).join(''));

  return {
    open,
    all: (text, ...values) => connection.prepare(text).all(...values),
    clear,
    keep: () => {
      connection.exec(tables.map((name) => `delete from "kept_${name}";`).join(''));
      copy('', 'kept_');
    },
    restore: () => {
      clear();
      copy('kept_', '');
    },
  };
}
