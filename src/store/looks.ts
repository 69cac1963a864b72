import type { Transaction } from 'kysely';
import type { DateTime } from 'luxon';
import type { LookRecord, StoredLook } from '../domain/look-record.ts';
import type { Ref } from '../domain/ticket.ts';
import type { Database } from './database.ts';
import { detailsText } from './details.ts';
import { nextNumber } from './numbers.ts';
import { momentOf, textOf } from './rows.ts';
import type { LookTable, Schema } from './schema.ts';
import type { Claim, Release } from './store.ts';
import { releasing } from './work.ts';

/**
 * Gives the ticket back and keeps what the look came to. Looks that did nothing are by far the most: as long as they come to
 * the same they cost no row and no statement of their own, for the ticket's row counts them. See the contract.
 */
export async function releaseKeeping(
  database: Database,
  claim: Claim,
  end: Release,
  now: DateTime,
  look: LookRecord,
): Promise<boolean> {
  const moment = now.toMillis();
  const what = look.actions.length === 0 ? whatOf(look) : undefined;
  if (what !== undefined) {
    const { numUpdatedRows } = await releasing(database.queries, claim, end, now)
      .set((row) => ({
        run_what: what,
        run_since: row.fn.coalesce('run_since', row.lit(moment)),
        run_last: moment,
        run_looks: row(row.fn.coalesce('run_looks', row.lit(0)), '+', row.lit(1)),
      }))
      .where((row) => row.or([row('run_what', 'is', null), row('run_what', '=', what)]))
      .executeTakeFirst();
    if (numUpdatedRows > 0n) {
      return true;
    }
  }

  return database.queries.transaction().execute(async (transaction) => {
    const held = await database
      .lockRows(
        transaction
          .selectFrom('work')
          .select(['run_what', 'run_since', 'run_last', 'run_looks'])
          .where('ticket', '=', claim.ticket.id)
          .where('fence', '=', claim.fence)
          .where('lease_until', 'is not', null),
      )
      .executeTakeFirst();
    if (held === undefined) {
      return false;
    }

    await endRun(transaction, claim, held);
    if (what === undefined) {
      await write(transaction, claim.ticket, rowOf(look, claim.covers, moment));
    }
    const run =
      what === undefined
        ? { run_what: null, run_since: null, run_last: null, run_looks: null }
        : { run_what: what, run_since: moment, run_last: moment, run_looks: 1 };
    const { numUpdatedRows } = await releasing(transaction, claim, end, now).set(run).executeTakeFirst();
    return numUpdatedRows > 0n;
  });
}

/** See the contract. The row that is still being counted comes last. */
export async function looks(
  { queries }: Database,
  ticket: Ref,
  { limit }: { readonly limit: number },
): Promise<readonly StoredLook[]> {
  const rows = await queries
    .selectFrom('look')
    .selectAll()
    .where('ticket', '=', textOf(ticket.id))
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
  const work = await queries
    .selectFrom('work')
    .select(['run_what', 'run_since', 'run_last', 'run_looks'])
    .where('ticket', '=', textOf(ticket.id))
    .executeTakeFirst();
  const run = work === undefined ? undefined : runRow(work);
  return [...rows.toReversed(), ...(run === undefined ? [] : [run])].map(lookOf);
}

type Row = Omit<LookTable, 'ticket' | 'number'>;
type Run = Pick<Schema['work'], 'run_what' | 'run_since' | 'run_last' | 'run_looks'>;

interface Detail extends Omit<LookRecord, 'ms' | 'outcome' | 'rules' | 'nextLookAt'> {
  readonly nextLookAt?: number;
}

async function endRun(transaction: Transaction<Schema>, { ticket }: Claim, run: Run): Promise<void> {
  const row = runRow(run);
  if (row !== undefined) {
    await write(transaction, ticket, row);
  }
}

/** What tells one look that did nothing from another. Moments are not in it: they move with every look. */
function whatOf({ outcome, rules, held, message, clock, exchanges }: LookRecord): string {
  const detail: Detail = {
    actions: [],
    held,
    ...(message === undefined ? {} : { message }),
    ...(clock === undefined ? {} : { clock }),
    // What was said counts once for the whole row.
    exchanges: exchanges.map(({ ms: _, ...call }) => ({ ...call, ms: 0 })),
  };
  return JSON.stringify({ outcome, rules, detail });
}

function runRow({ run_what, run_since, run_last, run_looks }: Run): Row | undefined {
  if (run_what === null || run_since === null) {
    return undefined;
  }

  const { outcome, rules, detail } = JSON.parse(run_what);
  return {
    first_at: run_since,
    last_at: run_last ?? run_since,
    times: run_looks ?? 1,
    ms: 0,
    covers: 0,
    outcome,
    rules,
    detail: JSON.stringify(detail),
  };
}

function rowOf(look: LookRecord, covers: number, at: number): Row {
  const { ms, outcome, rules, nextLookAt, ...rest } = look;
  const detail = { ...rest, ...(nextLookAt === undefined ? {} : { nextLookAt: nextLookAt.toMillis() }) };
  return {
    first_at: at,
    last_at: at,
    times: 1,
    ms: Math.max(0, Math.round(ms)),
    covers,
    outcome: textOf(outcome),
    rules: textOf(rules),
    detail: detailsText(detail),
  };
}

async function write(transaction: Transaction<Schema>, ticket: Ref, row: Row): Promise<void> {
  const id = textOf(ticket.id);
  await transaction
    .insertInto('look')
    .values({ ticket: id, number: nextNumber('look', id), ...row })
    .execute();
}

function lookOf({ first_at, last_at, times, ms, covers, outcome, rules, detail }: Row): StoredLook {
  const { nextLookAt, actions = [], held = [], exchanges = [], ...rest }: Partial<Detail> = JSON.parse(detail);
  return {
    from: momentOf(first_at),
    to: momentOf(last_at),
    times,
    ms,
    ...(covers === 0 ? {} : { covers }),
    outcome,
    rules,
    actions,
    held,
    exchanges,
    ...rest,
    ...(nextLookAt === undefined ? {} : { nextLookAt: momentOf(nextLookAt) }),
  };
}
