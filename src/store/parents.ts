import type { Queries } from './database.ts';
import { inChunks, textOf } from './rows.ts';
import type { RelatedTable } from './schema.ts';

/** The ticket that a record was opened for, and what the record is to it. */
export type Parent = Pick<RelatedTable, 'ticket' | 'role'>;

/** By id of the record, those of `ids` that were opened for a ticket. */
export async function parentsOf(
  queries: Queries,
  system: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Parent>> {
  const parents = new Map<string, Parent>();
  for (const chunk of inChunks([...new Set(ids.map(textOf))].sort())) {
    const rows = await queries
      .selectFrom('related')
      .select(['ticket', 'role', 'record_id'])
      .where('record_system', '=', textOf(system))
      .where('record_id', 'in', chunk)
      .execute();
    for (const { record_id, ticket, role } of rows) {
      parents.set(record_id, { ticket, role });
    }
  }
  return parents;
}
