import { type RawBuilder, sql } from 'kysely';

/** The number after the last one of the ticket in a table of numbered rows, for an insert under the ticket's lock. */
export function nextNumber(table: 'attempt' | 'look', ticket: string): RawBuilder<number> {
  return sql<number>`(select coalesce(max(earlier.number), 0) + 1 from ${sql.table(table)} as earlier where earlier.ticket = ${ticket})`;
}
