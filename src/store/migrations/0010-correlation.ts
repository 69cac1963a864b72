import { sql } from 'kysely';
import type { Migration } from './list.ts';

/** The name under which a sender, the log, the calls and the audit know one and the same arrival. */
export const correlation: Migration = {
  name: '0010-correlation',
  statements: [sql`alter table event add column correlation text`, sql`alter table work add column correlation text`],
};
