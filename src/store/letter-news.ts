import type { Selectable, Transaction } from 'kysely';
import { type Action, systemOf } from '../domain/action.ts';
import type { News, NewsData } from '../domain/news.ts';
import type { Database, Queries } from './database.ts';
import { momentOf, refOf } from './rows.ts';
import type { Schema } from './schema.ts';
import { writeNews } from './sql-outbox.ts';

/**
 * Makes news of dead letters that opened or ended since the last time, up to `limit` letters; answers with the ids. A letter
 * says itself what was told of it, so whoever changes one, a look or an operator on a store of his own, need not think of it.
 */
export function deriveLetterNews(database: Database, limit: number): Promise<readonly string[]> {
  return database.queries.transaction().execute(async (transaction) => {
    const derived: News[] = [];
    for (const row of await database.lockRows(untold(transaction, limit).selectAll()).execute()) {
      const news = newsOf(database, row);
      await writeNews(transaction, news, 'by-time');
      await markTold(transaction, row, news.length);
      derived.push(...news);
    }
    return derived.map(({ id }) => id);
  });
}

/** Whether `deriveLetterNews` would find any. */
export async function hasUntoldLetters(queries: Queries): Promise<boolean> {
  return (await untold(queries, 1).select('id').executeTakeFirst()) !== undefined;
}

function untold(queries: Queries, limit: number) {
  return queries
    .selectFrom('dead_letter')
    .where((where) => where.or([where('told', 'is', null), where('told', '<>', where.ref('state'))]))
    .orderBy('at')
    .limit(limit);
}

type DeadLetterRow = Selectable<Schema['dead_letter']>;

async function markTold(transaction: Transaction<Schema>, { id, state, told_times }: DeadLetterRow, made: number) {
  await transaction
    .updateTable('dead_letter')
    .set({ told: state, told_times: told_times + made })
    .where('id', '=', id)
    .execute();
}

/** A letter that opened and ended between two rounds makes two. */
function newsOf(database: Database, row: DeadLetterRow): readonly News[] {
  const data = dataOf(database, row);
  const isOpen = row.state === 'open';
  const types = isOpen
    ? (['dead-letter'] as const)
    : row.told === 'open'
      ? (['dead-letter-resolved'] as const)
      : row.told === null
        ? (['dead-letter', 'dead-letter-resolved'] as const)
        : [];
  return types.map((type, index) => ({
    id: `dead-letter/${row.id}:${row.told_times + index + 1}`,
    type,
    at: momentOf(type === 'dead-letter' ? row.at : (row.resolved_at ?? row.at)),
    data: type === 'dead-letter' ? data : { ...data, outcome: row.resolved_how ?? row.state },
  }));
}

function dataOf({ ticketSystem }: Database, { id, ticket, ticket_key, code, action }: DeadLetterRow): NewsData {
  const about = action === null ? undefined : (JSON.parse(action) as Action);
  return {
    ...(ticket === null ? {} : { ticket: refOf(ticketSystem, ticket, ticket_key) }),
    letter: id,
    code,
    ...(about === undefined ? {} : { system: systemOf(about), action: about.do }),
  };
}
