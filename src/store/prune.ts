import { sql } from 'kysely';
import type { DateTime } from 'luxon';
import type { PrunedKind } from '../domain/pruned-kind.ts';
import type { Database } from './database.ts';

/** See the contract. */
export async function prune(database: Database, kind: PrunedKind, before: DateTime, limit: number): Promise<number> {
  if (kind === 'jobs') {
    return pruneJobs(database, before.toMillis(), limit);
  }

  const { numAffectedRows } = await statementOf(
    kind,
    before.toMillis(),
    limit,
    await latestWebhooks(database, kind),
  ).execute(database.queries);
  return Number(numAffectedRows ?? 0);
}

/** By them it is known that webhooks have fallen silent. */
async function latestWebhooks({ queries }: Database, kind: PrunedKind): Promise<readonly number[]> {
  if (kind !== 'events') {
    return [];
  }

  const rows = await queries
    .selectFrom('event')
    .select(({ fn }) => fn.max('last_at').as('at'))
    .where('channel', '=', 'webhook')
    .groupBy('record_system')
    .execute();
  return rows.map(({ at }) => Number(at));
}

/**
 * Jobs that are done, the oldest end first: their letters' places, and a job when it has none left. A job that is resumed
 * keeps others from its row meanwhile, and is passed over.
 */
function pruneJobs(database: Database, before: number, limit: number): Promise<number> {
  return database.queries.transaction().execute(async (transaction) => {
    const over = transaction
      .selectFrom('letter_job')
      .select('id')
      .where('state', '=', 'done')
      // Nothing moves the time of the next step when there is none.
      .where('next_at', '<', before)
      .orderBy('next_at')
      .limit(limit);
    const ids = (await database.lockFreeRows(over).execute()).map(({ id }) => id);
    if (ids.length === 0) {
      return 0;
    }

    const { numAffectedRows: places = 0n } = await sql`delete from letter_job_item where (job, letter) in (
      select job, letter from letter_job_item where job in (${sql.join(ids)}) limit ${limit})`.execute(transaction);
    const { numAffectedRows: jobs = 0n } = await sql`delete from letter_job where id in (
      select id from letter_job where id in (${sql.join(ids)})
        and not exists (select 1 from letter_job_item where letter_job_item.job = letter_job.id)
      order by next_at limit ${limit - Number(places)})`.execute(transaction);
    return Number(places + jobs);
  });
}

/** What another transaction may renew meanwhile is asked for its age once more: PostgreSQL has chosen it before it waits. */
function statementOf(kind: Exclude<PrunedKind, 'jobs'>, before: number, limit: number, latest: readonly number[]) {
  switch (kind) {
    case 'events':
      return sql`delete from event where last_at < ${before} and id in (
        select event.id from event inner join work on work.ticket = event.ticket
        where event.last_at < ${before} and event.turn <= work.covered
          and not (event.channel = 'webhook' and event.last_at in (${sql.join(latest.length === 0 ? [-1] : latest)}))
        order by event.last_at limit ${limit})`;
    case 'attempts':
      return sql`delete from attempt where (ticket, number) in (
        select attempt.ticket, attempt.number from attempt
        where attempt.at < ${before}
          and not exists (select 1 from dead_letter where dead_letter.ticket = attempt.ticket
            and dead_letter.action_key = attempt.action_key and dead_letter.state = 'open')
          and not exists (select 1 from intent where intent.ticket = attempt.ticket
            and intent.action_key = attempt.action_key and intent.state = 'sending')
        order by attempt.at limit ${limit})`;
    case 'looks':
      return sql`delete from look where (ticket, number) in (
        select ticket, number from look where last_at < ${before} order by last_at limit ${limit})`;
    case 'letters':
      // By those that a person discarded it is known what is not to be offered again.
      return sql`delete from dead_letter where id in (
        select id from dead_letter
        where resolved_at is not null and resolved_at < ${before} and state = 'resolved'
        order by resolved_at limit ${limit})`;
    case 'snapshots':
      return sql`update snapshot set facts = null, hash = '' where is_done = 1 and seen_at < ${before} and ticket in (
        select ticket from snapshot where is_done = 1 and seen_at < ${before} and facts is not null
        order by seen_at limit ${limit})`;
  }
}
