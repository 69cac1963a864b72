import type { Kysely, SelectQueryBuilder, Transaction } from 'kysely';
import type { SystemName } from '../domain/ticket.ts';
import type { BridgeError } from '../errors.ts';
import type { Schema } from './schema.ts';

/** A connection or a transaction: most queries do not care which. */
export type Queries = Kysely<Schema> | Transaction<Schema>;

/** `duplicate` is a broken unique index; `schema` a missing table or column. */
export type Fault = 'duplicate' | 'schema' | 'unavailable' | 'conflict' | 'other';

/** What the two databases do differently, and all of it. */
export interface Database {
  readonly queries: Kysely<Schema>;
  /** The connected system whose records are the tickets: `otrs`. */
  readonly ticketSystem: SystemName;
  /** Whether no other living process can hold a claim. */
  readonly isAlone: boolean;
  /** Keeps other transactions from changing the rows that were read. */
  readonly lockRows: <Table extends keyof Schema, Row>(
    query: SelectQueryBuilder<Schema, Table, Row>,
  ) => SelectQueryBuilder<Schema, Table, Row>;
  /** The same, passing over rows that another transaction has locked. */
  readonly lockFreeRows: <Table extends keyof Schema, Row>(
    query: SelectQueryBuilder<Schema, Table, Row>,
  ) => SelectQueryBuilder<Schema, Table, Row>;
  /** Lets no other transaction begin or resume a job on letters until this one ends. */
  readonly lockJobs: (transaction: Transaction<Schema>) => Promise<void>;
  /** Runs one migration at a time across all processes, without the time limits of ordinary work. */
  readonly migrateAlone: <Result>(work: (transaction: Transaction<Schema>) => Promise<Result>) => Promise<Result>;
  /** Logs settings of the database under which confirmed rows can be lost. */
  readonly warnOfLosses: () => Promise<void>;
  readonly faultOf: (thrown: unknown) => Fault;
  /** `STORE_UNAVAILABLE` in the words of this database. */
  readonly unavailable: (thrown: unknown) => BridgeError;
  /** Releases connections and locks. */
  readonly close: () => Promise<void>;
}
