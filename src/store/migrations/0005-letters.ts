import { sql } from 'kysely';
import { describeOldLetters } from './describe-old-letters.ts';
import type { Migration } from './list.ts';

/** Letters that people search, edit, replay and discard, alone or by the thousand. */
export const letters: Migration = {
  name: '0005-letters',
  statements: [
    sql`alter table dead_letter add column system text`,
    sql`alter table dead_letter add column fingerprint text not null default ''`,
    sql`alter table dead_letter add column rules text`,
    sql`alter table dead_letter add column revision_of text`,
    sql`alter table dead_letter add column offered text`,
    sql`alter table dead_letter add column first_at bigint not null default 0`,
    sql`alter table dead_letter add column times bigint not null default 1`,
    sql`alter table dead_letter add column version bigint not null default 1`,
    sql`alter table dead_letter add column resolved_how text`,
    sql`alter table dead_letter add column resolved_by text`,
    sql`alter table dead_letter add column reason text`,
    sql`alter table dead_letter add column ordered_as text`,
    sql`alter table dead_letter add column ordered_by text`,
    sql`alter table dead_letter add column ordered_at bigint`,
    sql`alter table dead_letter add column ordered_turn bigint`,
    sql`alter table dead_letter add column ordered_job text`,
    sql`alter table dead_letter add column words text not null default ''`,
    sql`update dead_letter set first_at = at`,
    sql`create index dead_letter_group on dead_letter (state, fingerprint, code, system, at, first_at, ticket)`,
    sql`create index dead_letter_fingerprint on dead_letter (state, fingerprint, at, id)`,
    sql`create index dead_letter_code on dead_letter (state, code, at, id)`,
    sql`create index dead_letter_system on dead_letter (state, system, at, id)`,
    sql`create index dead_letter_words on dead_letter (
      state, at, id, code, system, fingerprint, first_at, ticket, ticket_key, words
    )`,
    sql`create index dead_letter_key on dead_letter (ticket_key, at)`,
    sql`create index dead_letter_standing on dead_letter (ticket) where state <> 'resolved'`,

    sql`create table letter_job (
      id text primary key,
      act text not null,
      filter text not null,
      created_by text not null,
      created_at bigint not null,
      reason text,
      state text not null,
      note text,
      per_minute bigint not null,
      batch bigint not null,
      turn bigint not null,
      next_at bigint not null,
      lease_until bigint,
      lease_owner text,
      fence bigint not null
    )`,
    sql`create index letter_job_running on letter_job (next_at) where state = 'running'`,
    sql`create table letter_job_item (
      job text not null,
      letter text not null,
      first_at bigint not null,
      state text not null,
      turn bigint not null,
      primary key (job, letter)
    )`,
    sql`create index letter_job_item_state on letter_job_item (job, state, first_at)`,
  ],
  afterwards: describeOldLetters,
};
