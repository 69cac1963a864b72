import { sql, type Transaction } from 'kysely';
import type { DateTime } from 'luxon';
import type { News, NewsType } from '../domain/news.ts';
import type { Database } from './database.ts';
import { underClaim } from './fence.ts';
import type { Using } from './letter-desk.ts';
import { deriveLetterNews, hasUntoldLetters } from './letter-news.ts';
import type { Outbox, OutboxBounds, WaitingNews } from './outbox.ts';
import { inChunks, momentOf, optionalTextOf, textOf } from './rows.ts';
import type { NewsTable, Schema } from './schema.ts';
import type { Claim } from './store.ts';

const RELAY = 'relay';

/** See the contract. */
export function createOutbox(database: Database, using: Using): Outbox {
  return {
    since: using((now) => since(database, now)),
    tell: using((claim, news) => tell(database, claim, news)),
    takeTurn: using((owner, leaseMs, now) => takeTurn(database, owner, leaseMs, now)),
    isAnything: using(() => isAnything(database)),
    waiting: using((limit) => waiting(database, limit)),
    sent: using((ids, now) => markSent(database, ids, now)),
    prune: using((bounds, now) => prune(database, bounds, now)),
    size: using(() => size(database)),
  };
}

async function markSent({ queries }: Database, ids: readonly string[], now: DateTime): Promise<void> {
  for (const chunk of inChunks(ids)) {
    await queries
      .updateTable('news')
      .set({ state: 'sent', ended_at: now.toMillis() })
      .where('id', 'in', chunk)
      .where('state', '=', 'waiting')
      .execute();
  }
}

async function size({ queries }: Database): Promise<number> {
  const { count } = await queries
    .selectFrom('news')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow();
  return Number(count);
}

function since(database: Database, now: DateTime): Promise<DateTime> {
  return database.queries.transaction().execute(async (transaction) => {
    const begun = await transaction
      .insertInto('news_relay')
      .values({ name: RELAY, since: now.toMillis() })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('since')
      .executeTakeFirst();
    if (begun !== undefined) {
      await transaction
        .updateTable('dead_letter')
        .set((row) => ({ told: row.ref('state') }))
        .execute();
      return now;
    }

    const known = await transaction.selectFrom('news_relay').select('since').executeTakeFirstOrThrow();
    return momentOf(known.since);
  });
}

/** Most looks find that everything was told: they lock nothing. */
async function tell(database: Database, claim: Claim, news: readonly News[]): Promise<void> {
  const ids = news.map(({ id }) => textOf(id));
  const known =
    ids.length === 0 ? [] : await database.queries.selectFrom('news').select('id').where('id', 'in', ids).execute();
  if (known.length < ids.length) {
    await underClaim(database, claim, (transaction) => writeNews(transaction, news));
  }
}

/**
 * As part of a larger transaction. What is known already is passed over. News of a ticket are written `in-order`, or else
 * `by-time` among those that still wait.
 */
export async function writeNews(
  transaction: Transaction<Schema>,
  news: readonly News[],
  order: Order = 'in-order',
): Promise<void> {
  for (const { id, type, at, data } of news) {
    const ticket = optionalTextOf(data.ticket?.id);
    await transaction
      .insertInto('news')
      .values({
        id: textOf(id),
        ticket,
        type,
        at: at.toMillis(),
        position: await positionOf(transaction, ticket, at.toMillis(), order),
        data: JSON.stringify(data),
        state: 'waiting',
        ended_at: null,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }
}

type Order = 'in-order' | 'by-time';

/** Clocks of several hosts differ by some milliseconds; the order within a ticket must not, and nothing goes back behind what was sent. */
async function positionOf(
  transaction: Transaction<Schema>,
  ticket: string | null,
  moment: number,
  order: Order,
): Promise<number> {
  if (ticket === null) {
    return moment;
  }

  const { last } = await transaction
    .selectFrom('news')
    .select((row) => row.fn.max('position').as('last'))
    .where('ticket', '=', ticket)
    .$if(order === 'by-time', (query) => query.where('state', '<>', 'waiting'))
    .executeTakeFirstOrThrow();
  return Math.max(moment, Number(last ?? 0) + 1);
}

async function takeTurn({ queries }: Database, owner: string, leaseMs: number, now: DateTime): Promise<boolean> {
  const moment = now.toMillis();
  const taken = await queries
    .updateTable('news_relay')
    .set({ owner, lease_until: moment + leaseMs })
    .where('name', '=', RELAY)
    .where((where) =>
      where.or([
        where('owner', 'is', null),
        where('owner', '=', owner),
        where('lease_until', '<=', moment),
        where('lease_until', '>', moment + leaseMs),
      ]),
    )
    .returning('name')
    .executeTakeFirst();
  return taken !== undefined;
}

async function isAnything({ queries }: Database): Promise<boolean> {
  const waiting = await queries
    .selectFrom('news')
    .select('id')
    .where('state', '=', sql.lit('waiting'))
    .limit(1)
    .executeTakeFirst();
  return waiting !== undefined || hasUntoldLetters(queries);
}

/**
 * Letters are turned into news after it was fixed what else is sent in this round: else a letter could come behind what
 * happened to its ticket later.
 */
async function waiting(database: Database, limit: number): Promise<readonly WaitingNews[]> {
  const before = await rowsOf(database, limit);
  const derived = await deriveLetterNews(database, limit);
  const fixed = new Set([...before.map(({ id }) => id), ...derived]);
  const rows = derived.length === 0 ? before : (await rowsOf(database, limit)).filter(({ id }) => fixed.has(id));
  return rows.map(({ id, type, at, position, data }) => ({
    id,
    type: type as NewsType,
    at: momentOf(at),
    position,
    data: JSON.parse(data),
  }));
}

function rowsOf({ queries }: Database, limit: number): Promise<readonly NewsTable[]> {
  return queries
    .selectFrom('news')
    .selectAll()
    .where('state', '=', 'waiting')
    .orderBy('position')
    .orderBy('id')
    .limit(limit)
    .execute();
}

async function prune({ queries }: Database, { patience, memory, limit }: OutboxBounds, now: DateTime): Promise<number> {
  await queries.deleteFrom('news').where('ended_at', '<', memory.toMillis()).execute();
  const surplus = queries
    .selectFrom('news')
    .select('id')
    .where('state', '=', 'waiting')
    .orderBy('position', 'desc')
    .orderBy('id', 'desc')
    .offset(limit)
    // SQLite takes no offset without a limit.
    .limit(1_000_000);
  const { numUpdatedRows } = await queries
    .updateTable('news')
    .set({ state: 'dropped', ended_at: now.toMillis() })
    .where('state', '=', 'waiting')
    .where((where) => where.or([where('position', '<', patience.toMillis()), where('id', 'in', surplus)]))
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
