import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { BridgeError } from '../../src/errors.ts';
import type { Schema } from '../../src/store/schema.ts';
import { createSqlStore } from '../../src/store/sql-store.ts';
import { createSqliteDialect } from '../../src/store/sqlite-dialect.ts';
import type { Database } from './database.ts';

type Row = Readonly<Record<string, string | number | null>>;

export interface SqlDatabase extends Database {
  /** Reads and writes by SQL, past the store. */
  all(text: string, ...values: readonly (string | number | null)[]): readonly Row[];
}

/** The real store on SQLite in memory. Transactions come one after the other, as if each had locked all that it reads. */
export async function createSqlDatabase(): Promise<SqlDatabase> {
  const connection = new DatabaseSync(':memory:');
  // At once: the time of the simulation stands still while the event loop goes round.
  const queries = new Kysely<Schema>({ dialect: createSqliteDialect(connection, (commit) => commit()) });
  const open = () =>
    createSqlStore({
      queries,
      ticketSystem: 'otrs',
      isAlone: false,
      lockRows: (query) => query,
      lockFreeRows: (query) => query,
      lockJobs: () => Promise.resolve(),
      migrateAlone: (work) => queries.transaction().execute(work),
      warnOfLosses: () => Promise.resolve(),
      faultOf: () => 'other',
      unavailable: (thrown) => new BridgeError('STORE_UNAVAILABLE', String(thrown)),
      close: () => Promise.resolve(),
    });
  await open().migrate();
  const all: SqlDatabase['all'] = (text, ...values) => connection.prepare(text).all(...values) as Row[];
  const tables = all("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
    .map(({ name }) => String(name))
    .filter((name) => !/migration|schema/.test(name));

  const clear = () => connection.exec(tables.map((name) => `delete from "${name}";`).join(''));
  const copy = (from: string, to: string) =>
    connection.exec(tables.map((name) => `insert into "${to}${name}" select * from "${from}${name}";`).join(''));
  connection.exec(tables.map((name) => `create table "kept_${name}" as select * from "${name}";`).join(''));

  return {
    open,
    all,
    clear,
    keep: () => {
      connection.exec(tables.map((name) => `delete from "kept_${name}";`).join(''));
      copy('', 'kept_');
    },
    restore: () => {
      clear();
      copy('kept_', '');
    },
    work: () =>
      all('select * from work').map(({ ticket, due_at, lease_until, fence, arrived, covered }) => ({
        ticket: String(ticket),
        due: numberIn(due_at),
        lease: numberIn(lease_until),
        fence: Number(fence),
        arrived: Number(arrived),
        covered: Number(covered),
      })),
    doubts: () =>
      all("select ticket, action_key from intent where state = 'sending'").map(({ ticket, action_key }) => ({
        ticket: String(ticket),
        key: String(action_key),
      })),
    letters: () =>
      all("select ticket, action_key from dead_letter where state = 'open'").map(({ ticket, action_key }) => ({
        ticket: String(ticket),
        key: typeof action_key === 'string' ? action_key : undefined,
      })),
    owners: () => {
      const linked = all('select issue_id, ticket from link where issue_id is not null');
      return new Map(linked.map(({ issue_id, ticket }) => [String(issue_id), String(ticket)]));
    },
    numberOf: (event) => numberIn(all('select turn from event where id = ?', event)[0]?.turn),
    setLease: (ticket, until) => {
      all('update work set lease_until = ? where ticket = ?', until ?? null, ticket);
    },
  };
}

function numberIn(value: string | number | null | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
