import { sql } from 'kysely';
import type { Migration } from './list.ts';

/** Records that were opened for a ticket besides its issue. Each belongs to one ticket only. */
export const related: Migration = {
  name: '0003-related',
  statements: [
    sql`create table related (
      ticket text not null,
      name text not null,
      role text not null,
      record_system text not null,
      record_id text not null,
      record_key text,
      position bigint not null,
      primary key (ticket, name)
    )`,
    sql`create unique index related_record on related (record_system, record_id)`,
  ],
};
