import { sql, type Transaction } from 'kysely';
import type { DateTime } from 'luxon';
import type { Action, ActionKey } from '../domain/action.ts';
import type { Ref } from '../domain/ticket.ts';
import type { Database, Queries } from './database.ts';
import { NO_ORDER, renewalOf, rowOfLetter } from './letter-rows.ts';
import { textOf } from './rows.ts';
import type { Schema } from './schema.ts';
import type { Claim, NewDeadLetter, ResolvedHow } from './store.ts';

/**
 * Opens a letter that belongs to no action; an open one of the same ticket and code is renewed and keeps its id. Orders to
 * look at the ticket again are over, whatever the new fault is.
 */
export async function bury(database: Database, letter: NewDeadLetter): Promise<void> {
  const row = rowOfLetter(letter, letter.ticket, undefined);
  if (row.ticket !== null && (await countDiscarded(database.queries, row))) {
    return;
  }

  await database.queries
    .insertInto('dead_letter')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['ticket', 'code'])
        .where('state', '=', sql.lit('open'))
        .where('action_key', 'is', null)
        .doUpdateSet((old) => ({
          ...renewalOf(row),
          ...NO_ORDER,
          times: old('dead_letter.times', '+', 1),
          version: old('dead_letter.version', '+', 1),
        })),
    )
    .execute();
}

/** Whether a person discarded this very fault of the ticket: then it is counted, and nobody is asked again. */
async function countDiscarded(queries: Queries, row: ReturnType<typeof rowOfLetter>): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('dead_letter')
    .set((old) => ({ at: row.at, times: old('times', '+', 1) }))
    .where('ticket', '=', row.ticket)
    .where('action_key', 'is', null)
    .where('fingerprint', '=', row.fingerprint)
    .where('state', '=', 'discarded')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Resolves the ticket's letters that belong to no action. */
export async function unbury(database: Database, ticket: Ref, now: DateTime): Promise<void> {
  await database.queries
    .updateTable('dead_letter')
    .set(resolvedAs('readable', now))
    .where('ticket', '=', textOf(ticket.id))
    .where('action_key', 'is', null)
    .where('state', '<>', sql.lit('resolved'))
    .execute();
}

/** See the contract. */
export async function layToRest(
  database: Database,
  ticket: Ref,
  besides: readonly ActionKey[],
  now: DateTime,
): Promise<void> {
  await database.queries
    .updateTable('dead_letter')
    .set(resolvedAs('ended', now))
    .where('ticket', '=', textOf(ticket.id))
    .where('state', '=', 'open')
    .$if(besides.length > 0, (query) =>
      query.where((where) =>
        where.or([where('action_key', 'is', null), where('action_key', 'not in', besides.map(textOf))]),
      ),
    )
    .execute();
}

/** Columns of a letter that came to its end. Whoever ordered its replay has brought that about. */
export function resolvedAs(how: ResolvedHow, now: DateTime) {
  return {
    state: 'resolved' as const,
    resolved_at: now.toMillis(),
    resolved_how: how,
    resolved_by: sql<string>`case when state = 'open' then coalesce(ordered_by, 'bridge') else 'bridge' end`,
    version: sql<number>`version + 1`,
  };
}

/** Keeps the refusal of an action: renews the open letter about it or opens one. */
export async function keepRefusal(
  transaction: Transaction<Schema>,
  claim: Claim,
  action: Action,
  letter: NewDeadLetter,
): Promise<void> {
  const row = rowOfLetter(letter, claim.ticket, action);
  const open = await transaction
    .selectFrom('dead_letter')
    .select(['id', 'action', 'offered', 'ordered_turn'])
    .where('ticket', '=', row.ticket)
    .where('action_key', '=', row.action_key)
    .where('state', '=', 'open')
    .executeTakeFirst();
  if (open !== undefined && open.action !== row.action && open.offered !== row.action) {
    await resolveForAction(transaction, claim.ticket, action, 'replaced', letter.at);
  }
  if (open === undefined || (open.action !== row.action && open.offered !== row.action)) {
    await transaction.insertInto('dead_letter').values(row).execute();
    return;
  }

  // An order that came during this look is for the next one.
  const isCarriedOut = open.ordered_turn !== null && open.ordered_turn <= claim.covers;
  await transaction
    .updateTable('dead_letter')
    .set((old) => ({
      ...renewalOf(row),
      ...(isCarriedOut ? NO_ORDER : {}),
      times: old('times', '+', 1),
      version: old('version', '+', 1),
    }))
    .where('id', '=', open.id)
    .execute();
}

/**
 * The action took effect (`carried`): letters about it are resolved, one that was discarded with this very content too. Or the
 * rules want something else by now (`replaced`): an open letter about another content is.
 */
export async function resolveForAction(
  transaction: Transaction<Schema>,
  ticket: Ref,
  action: Action,
  how: 'carried' | 'replaced',
  now: DateTime,
): Promise<void> {
  const content = JSON.stringify(action);
  await transaction
    .updateTable('dead_letter')
    .set(resolvedAs(how, now))
    .where('ticket', '=', textOf(ticket.id))
    .where('action_key', '=', textOf(action.key))
    .where('state', '<>', sql.lit('resolved'))
    .where((row) =>
      how === 'carried'
        ? row.or([row('state', '=', 'open'), row('action', '=', content), row('offered', '=', content)])
        : row.and([
            row('state', '=', 'open'),
            row('action', '<>', content),
            row(row.fn.coalesce('offered', row.val('')), '<>', content),
          ]),
    )
    .execute();
}
