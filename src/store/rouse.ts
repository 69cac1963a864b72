import { sql } from 'kysely';
import type { DateTime } from 'luxon';
import type { SystemName } from '../domain/ticket.ts';
import type { Database } from './database.ts';

/** See the contract. */
export async function rouse(database: Database, system: SystemName, most: number, now: DateTime): Promise<number> {
  const moment = now.toMillis();
  const { asleep, awake } = await database.queries
    .selectFrom('work')
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere('due_at', '>', moment).as('asleep'),
      fn.countAll<number>().filterWhere('due_at', '<=', moment).as('awake'),
    ])
    .where('waits_for', '=', system)
    .where('lease_until', 'is', null)
    .executeTakeFirstOrThrow();
  const room = Math.min(Number(asleep), most - Number(awake));
  if (room > 0) {
    await wake(database, system, room, moment);
  }
  if (room < Number(asleep)) {
    await postpone(database, system, moment);
  }
  return Number(asleep) + Number(awake);
}

/** Those who sleep on do not come by themselves before the more urgent: who would soon does so a little later. */
export const SOON_MS = 30_000;
export const LATER_MS = 60_000;

async function postpone({ queries }: Database, system: SystemName, moment: number): Promise<void> {
  const later = moment + LATER_MS;
  await queries
    .updateTable('work')
    .set({
      urgent_at: sql<number | null>`case when urgent_at <= due_at then cast(${later} as bigint) else urgent_at end`,
      due_at: later,
    })
    .where('waits_for', '=', system)
    .where('due_at', '>', moment)
    .where('due_at', '<=', moment + SOON_MS)
    .where('lease_until', 'is', null)
    .execute();
}

/**
 * The most urgent is due since the longest; what nobody waits for stays behind what somebody does. Somebody does although a
 * sweep made the ticket due before that time.
 */
async function wake(database: Database, system: SystemName, most: number, moment: number): Promise<void> {
  await database.queries
    .with('picked', (queries) =>
      database.lockFreeRows(
        queries
          .selectFrom('work')
          .select(['work.ticket as id', 'work.urgency as urgency'])
          .where('work.waits_for', '=', system)
          .where('work.due_at', '>', moment)
          .where('work.lease_until', 'is', null)
          .orderBy('work.urgency')
          .orderBy('work.ticket')
          .limit(most),
      ),
    )
    .with('ranked', (queries) =>
      queries
        .selectFrom('picked')
        .select(['id', sql<number>`${moment - most} + row_number() over (order by urgency, id)`.as('turn')]),
    )
    .updateTable('work')
    .from('ranked')
    .set({
      urgent_at: sql<number | null>`case when work.urgent_at is null then null else ranked.turn end`,
      due_at: sql<number>`ranked.turn`,
    })
    .whereRef('work.ticket', '=', 'ranked.id')
    .execute();
}
