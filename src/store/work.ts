import { type RawBuilder, sql } from 'kysely';
import type { DateTime } from 'luxon';
import type { Ref } from '../domain/ticket.ts';
import type { Backlog } from './backlog.ts';
import type { Database, Queries } from './database.ts';
import { messageText } from './details.ts';
import { momentOf, optionalTextOf, refOf, textOf } from './rows.ts';
import type { Claim, Release } from './store.ts';

/** One claim in so many goes to the ticket that has been due longest, whoever waits for another. */
const PATIENT_SHARE = 4;

/** Claims tickets that are due and free. `served` counts the claims that this process was given so far. See the contract. */
export async function claim(
  database: Database,
  owner: string,
  limit: number,
  leaseMs: number,
  now: DateTime,
  served: number,
): Promise<readonly Claim[]> {
  const most = Math.floor(limit);
  const patient = Math.floor((served + most) / PATIENT_SHARE) - Math.floor(served / PATIENT_SHARE);
  const urgent = await claimBy('urgent_at', database, owner, most - patient, leaseMs, now);
  return [...urgent, ...(await claimBy('due_at', database, owner, most - urgent.length, leaseMs, now))];
}

async function claimBy(
  order: 'due_at' | 'urgent_at',
  database: Database,
  owner: string,
  limit: number,
  leaseMs: number,
  now: DateTime,
): Promise<readonly Claim[]> {
  if (limit < 1) {
    return [];
  }

  const moment = now.toMillis();
  const rows = await database.queries
    .with('picked', (queries) =>
      database.lockFreeRows(
        queries
          .selectFrom('work')
          .select('work.ticket as id')
          .where(`work.${order}`, '<=', moment)
          .where((where) => where.or([where('work.lease_until', 'is', null), where('work.lease_until', '<=', moment)]))
          .orderBy(`work.${order}`)
          .orderBy('work.ticket')
          .limit(limit),
      ),
    )
    .updateTable('work')
    .from('picked')
    .set((row) => ({
      lease_until: moment + leaseMs,
      lease_owner: textOf(owner),
      fence: row('work.fence', '+', 1),
    }))
    .whereRef('work.ticket', '=', 'picked.id')
    .returning([
      'work.ticket',
      'work.ticket_key',
      'work.fence',
      'work.attempt',
      'work.arrived',
      'work.waiting_since',
      'work.correlation',
      `work.${order} as at`,
    ])
    .execute();

  return rows
    .toSorted((left, right) => (left.at ?? 0) - (right.at ?? 0) || (left.ticket < right.ticket ? -1 : 1))
    .map(({ ticket, ticket_key, fence, attempt, arrived, waiting_since, correlation }) => ({
      ticket: refOf(database.ticketSystem, ticket, ticket_key),
      fence,
      attempt,
      covers: arrived,
      ...(waiting_since === null ? {} : { waitingSince: momentOf(waiting_since) }),
      ...(waiting_since === null || correlation === null ? {} : { correlation }),
    }));
}

/** False if another worker claimed the ticket, or the claim was already given back. */
export async function extend(database: Database, held: Claim, leaseMs: number, now: DateTime): Promise<boolean> {
  const { numUpdatedRows } = await database.queries
    .updateTable('work')
    .set({ lease_until: now.toMillis() + leaseMs })
    .where('ticket', '=', held.ticket.id)
    .where('fence', '=', held.fence)
    .where('lease_until', 'is not', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** How long the tickets of a process that died stand behind all others. */
const DEAD_CLAIM_MS = 3_000;

/** Claims of processes that are provably gone end soon. See the contract. */
export async function endDeadClaims({ queries, isAlone }: Database, now: DateTime): Promise<number> {
  if (!isAlone) {
    return 0;
  }

  const soon = now.toMillis() + DEAD_CLAIM_MS;
  const { numUpdatedRows } = await queries
    .updateTable('work')
    .set({ lease_until: soon })
    .where('lease_until', '>', soon)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** How long arrivals wait for a ticket that is backing off, so that a burst does not burn its attempts. */
export const ARRIVAL_PATIENCE_MS = 10_000;

/** Gives the ticket back; an arrival after the claim makes it due at once. See the contract. */
export async function release(database: Database, held: Claim, end: Release, now: DateTime): Promise<boolean> {
  const { numUpdatedRows } = await releasing(database.queries, held, end, now).executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The statement of `release`, for what is to be written with it. */
export function releasing(queries: Queries, held: Claim, end: Release, now: DateTime) {
  const moment = now.toMillis();
  const next = end.nextLookAt?.toMillis() ?? null;
  const afterArrival = end.outcome === 'settled' ? moment : Math.min(next ?? moment, moment + ARRIVAL_PATIENCE_MS);
  const due = sql<number | null>`case when arrived > ${held.covers} then ${afterArrival} else ${bigint(next)} end`;

  return queries
    .updateTable('work')
    .set({
      lease_until: null,
      lease_owner: null,
      due_at: due,
      urgent_at: end.outcome === 'later' ? urgentLater(due) : urgentAfter(held, afterArrival, next),
    })
    .$if(end.outcome !== 'later', (query) =>
      query.set((row) => ({
        attempt: end.outcome === 'buried' ? end.attempt : 0,
        covered: held.covers,
        waits_for: null,
        waiting_reason: null,
        waiting_since: row
          .case()
          .when('arrived', '>', held.covers)
          .then(
            row.fn.coalesce(
              row
                .selectFrom('event')
                .select(({ fn }) => fn.min('event.last_at').as('since'))
                .whereRef('event.ticket', '=', 'work.ticket')
                .where('event.turn', '>', held.covers),
              bigint(moment),
            ),
          )
          .else(null)
          .end(),
      })),
    )
    .$if(end.outcome === 'later', (query) => query.set(end.outcome === 'later' ? laterColumns(end) : {}))
    .where('ticket', '=', held.ticket.id)
    .where('fence', '=', held.fence)
    .where('lease_until', 'is not', null);
}

function laterColumns({ attempt, reason, waitsFor, urgency }: Extract<Release, { outcome: 'later' }>) {
  return {
    attempt,
    waiting_reason: messageText(reason),
    waits_for: optionalTextOf(waitsFor),
    ...(urgency === undefined ? {} : { urgency }),
  };
}

/** What nobody waited for is tried again in the background; a deadline that comes meanwhile does not cut the rest short. */
function urgentLater(due: RawBuilder<number | null>) {
  return sql<number | null>`case when urgent_at < ${due} then ${due} else urgent_at end`;
}

/** A good look has answered whoever waited; only later news and the next look are left, and news of a sweep can wait. */
function urgentAfter({ covers }: Claim, afterArrival: number, next: number | null) {
  return sql<number | null>`case when arrived > ${covers} and exists (
      select 1 from event where event.ticket = work.ticket and event.turn > ${covers} and event.channel <> 'sweep'
    ) then ${afterArrival} else ${bigint(next)} end`;
}

/** PostgreSQL has to be told what a null is. */
function bigint(value: number | null) {
  return sql<number | null>`cast(${value} as bigint)`;
}

/** See the contract. */
export async function unseenRecords({ queries }: Database, ticket: Ref): Promise<readonly Ref[]> {
  const rows = await queries
    .selectFrom('event')
    .innerJoin('work', 'work.ticket', 'event.ticket')
    .select(['event.record_system', 'event.record_id'])
    .distinct()
    .where('event.ticket', '=', ticket.id)
    .whereRef('event.turn', '>', 'work.covered')
    .execute();
  return rows.map(({ record_system, record_id }) => refOf(record_system, record_id, null));
}

/** A ticket in work counts from the end of its lease: until then nobody can claim it. */
export async function nextDue(database: Database): Promise<DateTime | undefined> {
  const { free, leased } = await database.queries
    .selectNoFrom((row) => [
      row
        .selectFrom('work')
        .select('due_at')
        .where('due_at', 'is not', null)
        .where('lease_until', 'is', null)
        .orderBy('due_at')
        .limit(1)
        .as('free'),
      row
        .selectFrom('work')
        .select('lease_until')
        .where('lease_until', 'is not', null)
        .orderBy('lease_until')
        .limit(1)
        .as('leased'),
    ])
    .executeTakeFirstOrThrow();

  const moments = [free, leased].filter((moment) => moment !== null);
  return moments.length === 0 ? undefined : momentOf(Math.min(...moments));
}

export async function backlog(database: Database, now: DateTime): Promise<Backlog> {
  const moment = now.toMillis();
  const { due, since, letters } = await database.queries
    .selectNoFrom((row) => [
      row
        .selectFrom('work')
        .select(({ fn }) => fn.countAll<number>().as('due'))
        .where((where) => where.or([where('due_at', '<=', moment), where('waiting_since', 'is not', null)]))
        .as('due'),
      row
        .selectFrom('work')
        .select(({ fn }) => fn.min('waiting_since').as('since'))
        .where('waiting_since', 'is not', null)
        .as('since'),
      row
        .selectFrom('dead_letter')
        .select(({ fn }) => fn.countAll<number>().as('letters'))
        .where('state', '=', sql.lit('open'))
        .as('letters'),
    ])
    .executeTakeFirstOrThrow();

  return { due: due ?? 0, oldestWaitMs: since === null ? 0 : Math.max(0, moment - since), deadLetters: letters ?? 0 };
}
