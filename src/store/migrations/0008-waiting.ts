import { sql } from 'kysely';
import type { Migration } from './list.ts';

/** Tickets that wait for a system to come back, and the order in which they are roused. Who has looked at none is first. */
export const waiting: Migration = {
  name: '0008-waiting',
  statements: [
    sql`alter table work add column waits_for text`,
    sql`alter table work add column urgency bigint not null default 0`,
    sql`create index work_waits_for on work (waits_for, urgency, ticket) where waits_for is not null`,
  ],
};
