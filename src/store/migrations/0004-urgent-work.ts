import { sql } from 'kysely';
import type { Migration } from './list.ts';

/** What somebody waits for goes before what only a sweep found. All that waits when this comes in counts as waited for. */
export const urgentWork: Migration = {
  name: '0004-urgent-work',
  statements: [
    sql`alter table work add column urgent_at bigint`,
    sql`update work set urgent_at = due_at`,
    sql`create index work_urgent on work (urgent_at, ticket) where urgent_at is not null`,
  ],
};
