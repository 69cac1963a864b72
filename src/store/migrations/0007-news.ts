import { sql } from 'kysely';
import type { Migration } from './list.ts';

/** What is to be told to other programs and what was told; the news of dead letters follow from the letters themselves. */
export const news: Migration = {
  name: '0007-news',
  statements: [
    sql`create table news (
      id text primary key,
      ticket text,
      type text not null,
      at bigint not null,
      position bigint not null,
      data text not null,
      state text not null,
      ended_at bigint
    )`,
    sql`create index news_waiting on news (position, id) where state = 'waiting'`,
    sql`create index news_ended on news (ended_at) where ended_at is not null`,
    sql`create index news_ticket on news (ticket, position)`,

    sql`create table news_relay (
      name text primary key,
      since bigint not null,
      owner text,
      lease_until bigint
    )`,

    sql`alter table dead_letter add column told text`,
    sql`alter table dead_letter add column told_times bigint not null default 0`,
    sql`create index dead_letter_untold on dead_letter (at) where told is null or told <> state`,
  ],
};
