import { sql } from 'kysely';
import type { Signals } from './backlog.ts';
import type { Database } from './database.ts';
import { momentOf } from './rows.ts';

/** See the contract. */
export async function signals({ queries }: Database): Promise<Signals> {
  const letters = await queries
    .selectFrom('dead_letter')
    .select((row) => ['code', row.fn.countAll<number>().as('count')])
    .where('state', '=', sql.lit('open'))
    .groupBy('code')
    .execute();
  const sweeps = await queries.selectFrom('sweep').select(['name', 'since']).execute();
  const { retrying } = await queries
    .selectFrom('work')
    .select((row) => row.fn.countAll<number>().as('retrying'))
    .where('attempt', '>', 0)
    .executeTakeFirstOrThrow();
  return {
    letters: Object.fromEntries(letters.map(({ code, count }) => [code, Number(count)])),
    sweptUntil: Object.fromEntries(
      sweeps.flatMap(({ name, since }) => (since === null ? [] : [[name, momentOf(since)] as const])),
    ),
    retrying: Number(retrying),
  };
}
