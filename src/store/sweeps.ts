import type { DateTime } from 'luxon';
import type { Database } from './database.ts';
import { momentOf } from './rows.ts';

/**
 * Takes the turn to sweep. A sweep that was begun keeps others away for `everyMs`, whether it ended or its process
 * died: two sweeps at once would be wasteful, not wrong. A begin that lies in the future (the clock was set back) is void.
 */
export async function beginSweep(
  database: Database,
  name: string,
  everyMs: number,
  now: DateTime,
): Promise<{ readonly since: DateTime | undefined } | undefined> {
  const moment = now.toMillis();
  const taken = await database.queries
    .insertInto('sweep')
    .values({ name, begun_at: moment })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ begun_at: moment })
        .where((where) =>
          where.or([where('sweep.begun_at', '<=', moment - everyMs), where('sweep.begun_at', '>', moment + everyMs)]),
        ),
    )
    .returning('since')
    .executeTakeFirst();
  if (taken === undefined) {
    return undefined;
  }

  return { since: taken.since === null ? undefined : momentOf(taken.since) };
}

/** See the contract. */
export async function leaveSweep({ queries }: Database, name: string, begunAt: DateTime): Promise<void> {
  await queries
    .updateTable('sweep')
    .set({ begun_at: 0 })
    .where('name', '=', name)
    .where('begun_at', '=', begunAt.toMillis())
    .execute();
}

/** See the contract. Only who knows the present mark may move it back. */
export async function moveSweepMark(
  database: Database,
  name: string,
  from: DateTime | undefined,
  to: DateTime,
): Promise<void> {
  const moment = to.toMillis();
  await database.queries
    .insertInto('sweep')
    .values({ name, begun_at: moment, since: moment })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ since: moment })
        .where((where) =>
          where.or([
            where('sweep.since', 'is', null),
            where('sweep.since', '<', moment),
            ...(from === undefined ? [] : [where('sweep.since', '=', from.toMillis())]),
          ]),
        ),
    )
    .execute();
}
