import { sql } from 'kysely';
import type { Migration } from './list.ts';

/** The last facts of each ticket, and under which rules they were looked at. */
export const snapshots: Migration = {
  name: '0002-snapshots',
  statements: [
    sql`create table snapshot (
      ticket text primary key,
      ticket_key text,
      seen_at bigint not null,
      is_done bigint not null,
      rules text not null,
      hash text not null,
      facts text
    )`,
    sql`create index snapshot_open on snapshot (rules) where is_done = 0`,
  ],
};
