import { sql } from 'kysely';
import type { Migration } from './list.ts';

/** What is old is found without reading the rest. */
export const retention: Migration = {
  name: '0009-retention',
  statements: [
    sql`create index event_last on event (last_at)`,
    sql`create index dead_letter_resolved on dead_letter (resolved_at) where resolved_at is not null`,
    sql`create index snapshot_over on snapshot (seen_at) where is_done = 1`,
  ],
};
