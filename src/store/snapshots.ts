import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { sql } from 'kysely';
import type { DateTime } from 'luxon';
import type { Ref } from '../domain/ticket.ts';
import type { Database } from './database.ts';
import { underClaim } from './fence.ts';
import { momentOf, optionalTextOf, refOf, textOf } from './rows.ts';
import type { Claim, NewSnapshot, SnapshotPage, StoredSnapshot } from './store.ts';

const compress = promisify(deflateRaw);
const expand = promisify(inflateRaw);

/** Facts are kept compressed, as base64 in a text column: both databases keep that alike. See the contract. */
export async function keepSnapshot(database: Database, claim: Claim, snapshot: NewSnapshot): Promise<boolean> {
  const { facts, rules, isDone, at } = snapshot;
  const hash = facts === undefined ? '' : createHash('sha256').update(facts).digest('base64url');
  const kept = await database.queries
    .selectFrom('snapshot')
    .select(['hash', 'rules', 'is_done'])
    .where('ticket', '=', claim.ticket.id)
    .executeTakeFirst();
  if (kept?.hash === hash && kept.rules === rules && (kept.is_done === 1) === isDone) {
    return false;
  }

  const columns = {
    ticket_key: optionalTextOf(claim.ticket.key),
    seen_at: at.toMillis(),
    is_done: isDone ? 1 : 0,
    rules: textOf(rules),
    hash,
    facts: facts === undefined ? null : (await compress(facts)).toString('base64'),
  };
  await underClaim(database, claim, (transaction) =>
    transaction
      .insertInto('snapshot')
      .values({ ticket: textOf(claim.ticket.id), ...columns })
      .onConflict((conflict) => conflict.column('ticket').doUpdateSet(columns))
      .execute(),
  );
  return true;
}

export async function snapshots(
  database: Database,
  { after = '', limit }: SnapshotPage,
): Promise<readonly StoredSnapshot[]> {
  const rows = await database.queries
    .selectFrom('snapshot')
    .select(['ticket', 'ticket_key', 'seen_at', 'rules', 'facts'])
    .where('facts', 'is not', null)
    .where('ticket', '>', after)
    .orderBy('ticket')
    .limit(limit)
    .execute();
  return Promise.all(
    rows.map(async ({ ticket, ticket_key, seen_at, rules, facts }) => ({
      ticket: refOf(database.ticketSystem, ticket, ticket_key),
      at: momentOf(seen_at),
      rules,
      facts: await unpack(facts ?? ''),
    })),
  );
}

export async function lastSeen(
  database: Database,
  ticket: Ref,
): Promise<{ readonly isDone: boolean; readonly at: DateTime } | undefined> {
  const row = await database.queries
    .selectFrom('snapshot')
    .select(['is_done', 'seen_at'])
    .where('ticket', '=', ticket.id)
    .executeTakeFirst();
  return row === undefined ? undefined : { isDone: row.is_done === 1, at: momentOf(row.seen_at) };
}

export async function seenLately(database: Database, besides: Ref, limit: number): Promise<readonly Ref[]> {
  const rows = await database.queries
    .selectFrom('snapshot')
    .select(['ticket', 'ticket_key'])
    .where('ticket', '<>', besides.id)
    .orderBy('seen_at', 'desc')
    .orderBy('ticket')
    .limit(limit)
    .execute();
  return rows.map(({ ticket, ticket_key }) => refOf(database.ticketSystem, ticket, ticket_key));
}

/** Facts of one ticket, unpacked; a row that was damaged is not worth more memory. */
const LARGEST_BYTES = 64 * 1024 * 1024;

/** Empty for a row that is damaged: whoever reads the facts then says so of this one ticket. */
async function unpack(facts: string): Promise<string> {
  return expand(Buffer.from(facts, 'base64'), { maxOutputLength: LARGEST_BYTES }).then(
    (bytes) => bytes.toString('utf8'),
    () => '',
  );
}

/** Over how long the looks are spread, and how long each of very many has at least: help desks serve few reads a second. */
const SPREAD_MS = 600_000;
const EACH_MS = 100;

/** See the contract. A ticket in work is due again once it is given back: it may have begun under the old rules. */
export async function wakeStale(database: Database, rules: string, now: DateTime): Promise<number> {
  const moment = now.toMillis();
  const turn = sql`${moment} + (stale.place - 1)
    * (case when stale.total * ${EACH_MS} > ${SPREAD_MS} then stale.total * ${EACH_MS} else ${SPREAD_MS} end)
    / stale.total`;
  const { numAffectedRows } = await sql`
    update work set
      due_at = case when lease_until is null and (due_at is null or due_at > ${turn}) then ${turn} else due_at end,
      arrived = arrived + case when lease_until is null then 0 else 1 end
    from (
      select snapshot.ticket as ticket,
        row_number() over (order by snapshot.ticket) as place,
        count(*) over () as total
      from snapshot inner join work as known on known.ticket = snapshot.ticket
      where snapshot.is_done = 0 and snapshot.rules <> ${rules} and known.attempt = 0
    ) as stale
    where work.ticket = stale.ticket`.execute(database.queries);
  return Number(numAffectedRows ?? 0);
}
