import { sql } from 'kysely';
import type { DateTime } from 'luxon';
import type { Database } from './database.ts';
import { messageText } from './details.ts';
import { momentOf, refOf, textOf } from './rows.ts';
import type { Backlog, Claim, Release } from './store.ts';

/** Claims tickets that are due and free, longest due first. See the contract. */
export async function claim(
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
          .where('work.due_at', '<=', moment)
          .where((where) => where.or([where('work.lease_until', 'is', null), where('work.lease_until', '<=', moment)]))
          .orderBy('work.due_at')
          .orderBy('work.ticket')
          .limit(Math.floor(limit)),
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
    .returning(['work.ticket', 'work.ticket_key', 'work.fence', 'work.attempt', 'work.arrived', 'work.due_at'])
    .execute();

  return rows
    .toSorted((left, right) => (left.due_at ?? 0) - (right.due_at ?? 0))
    .map(({ ticket, ticket_key, fence, attempt, arrived }) => ({
      ticket: refOf(database.ticketSystem, ticket, ticket_key),
      fence,
      attempt,
      covers: arrived,
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

/** How long arrivals wait for a ticket that is backing off, so that a burst does not burn its attempts. */
export const ARRIVAL_PATIENCE_MS = 10_000;

/** Gives the ticket back; an arrival after the claim makes it due at once. See the contract. */
export async function release(database: Database, held: Claim, end: Release, now: DateTime): Promise<boolean> {
  const moment = now.toMillis();
  const next = end.nextLookAt?.toMillis() ?? null;
  const afterArrival = end.outcome === 'settled' ? moment : Math.min(next ?? moment, moment + ARRIVAL_PATIENCE_MS);

  const { numUpdatedRows } = await database.queries
    .updateTable('work')
    .set((row) => ({
      lease_until: null,
      lease_owner: null,
      due_at: row
        .case()
        .when('arrived', '>', held.covers)
        .then(afterArrival)
        .else(row.cast<number>(row.val(next), 'bigint'))
        .end(),
    }))
    .$if(end.outcome !== 'later', (query) =>
      query.set((row) => ({
        attempt: end.outcome === 'buried' ? end.attempt : 0,
        covered: held.covers,
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
              row.cast<number>(row.val(moment), 'bigint'),
            ),
          )
          .else(null)
          .end(),
      })),
    )
    .$if(end.outcome === 'later', (query) =>
      query.set(end.outcome === 'later' ? { attempt: end.attempt, waiting_reason: messageText(end.reason) } : {}),
    )
    .where('ticket', '=', held.ticket.id)
    .where('fence', '=', held.fence)
    .where('lease_until', 'is not', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
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
