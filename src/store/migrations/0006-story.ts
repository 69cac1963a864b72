import { sql } from 'kysely';
import type { Migration } from './list.ts';

/** What became of each call and of each look, for the story of a ticket. A run is a row of looks that came to the same. */
export const story: Migration = {
  name: '0006-story',
  statements: [
    sql`create table attempt (
      ticket text not null,
      number bigint not null,
      action_key text not null,
      system text not null,
      at bigint not null,
      ms bigint not null,
      outcome text not null,
      code text,
      message text,
      exchanges text not null,
      primary key (ticket, number)
    )`,
    sql`create index attempt_of_action on attempt (ticket, action_key, number)`,
    sql`create index attempt_at on attempt (at)`,

    sql`create table look (
      ticket text not null,
      number bigint not null,
      first_at bigint not null,
      last_at bigint not null,
      times bigint not null,
      ms bigint not null,
      covers bigint not null,
      outcome text not null,
      rules text not null,
      detail text not null,
      primary key (ticket, number)
    )`,
    sql`create index look_at on look (last_at)`,

    sql`alter table work add column run_what text`,
    sql`alter table work add column run_since bigint`,
    sql`alter table work add column run_last bigint`,
    sql`alter table work add column run_looks bigint`,
  ],
};
