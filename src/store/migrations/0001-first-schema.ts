import { sql } from 'kysely';
import type { Migration } from './list.ts';

/** Text and bigint only, and no constraint that one of the two databases would read differently. */
export const firstSchema: Migration = {
  name: '0001-first-schema',
  statements: [
    sql`create table work (
      ticket text primary key,
      ticket_key text,
      due_at bigint,
      attempt bigint not null,
      lease_until bigint,
      lease_owner text,
      fence bigint not null,
      arrived bigint not null,
      covered bigint not null,
      waiting_since bigint,
      waiting_reason text
    )`,
    sql`create index work_due on work (due_at, ticket)`,
    sql`create index work_leased on work (lease_until) where lease_until is not null`,
    sql`create index work_waiting on work (waiting_since) where waiting_since is not null`,

    sql`create table event (
      id text primary key,
      ticket text not null,
      turn bigint not null,
      kind text not null,
      channel text not null,
      record_system text not null,
      record_id text not null,
      happened_at bigint not null,
      first_at bigint not null,
      last_at bigint not null,
      times bigint not null
    )`,
    sql`create index event_turn on event (ticket, turn)`,

    sql`create table link (
      ticket text primary key,
      ticket_key text,
      issue_system text,
      issue_id text,
      issue_key text,
      agreed text not null
    )`,
    sql`create unique index link_issue on link (issue_id, issue_system)`,
    sql`create index link_issue_key on link (issue_key)`,

    sql`create table intent (
      ticket text not null,
      action_key text not null,
      state text not null,
      action text not null,
      attempts bigint not null,
      first_sent_at bigint not null,
      last_sent_at bigint not null,
      effect text,
      primary key (ticket, action_key)
    )`,

    sql`create table dead_letter (
      id text primary key,
      ticket text,
      ticket_key text,
      action_key text,
      action text,
      code text not null,
      message text not null,
      details text not null,
      at bigint not null,
      state text not null,
      resolved_at bigint
    )`,
    sql`create index dead_letter_state on dead_letter (state, at)`,
    sql`create index dead_letter_ticket on dead_letter (ticket, at)`,
    sql`create unique index dead_letter_of_action on dead_letter (ticket, action_key)
      where state = 'open' and action_key is not null`,
    sql`create unique index dead_letter_of_ticket on dead_letter (ticket, code)
      where state = 'open' and action_key is null`,

    sql`create table audit (
      id text primary key,
      at bigint not null,
      who text not null,
      what text not null,
      ticket text,
      ticket_key text,
      detail text not null
    )`,
    sql`create index audit_ticket on audit (ticket, id)`,

    sql`create table sweep (
      name text primary key,
      begun_at bigint not null,
      since bigint
    )`,
  ],
};
