import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { DateTime } from 'luxon';
import type { Action, ActionKey } from '../domain/action.ts';
import type { Ref } from '../domain/ticket.ts';
import type { Database } from './database.ts';
import { detailsText, messageText } from './details.ts';
import { momentOf, optionalTextOf, refOf, textOf } from './rows.ts';
import type { DeadLetterTable, Schema } from './schema.ts';
import type { DeadLetter, NewDeadLetter, Store } from './store.ts';

/** Opens a letter that belongs to no action; an open one of the same ticket and code is renewed and keeps its id. */
export async function bury(database: Database, letter: NewDeadLetter): Promise<void> {
  const row = letterRow(letter, letter.ticket, undefined);
  await database.queries
    .insertInto('dead_letter')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['ticket', 'code'])
        .where('state', '=', sql.lit('open'))
        .where('action_key', 'is', null)
        .doUpdateSet({ ticket_key: row.ticket_key, message: row.message, details: row.details, at: row.at }),
    )
    .execute();
}

/** Resolves the ticket's letters that belong to no action. */
export async function unbury(database: Database, ticket: Ref, now: DateTime): Promise<void> {
  await database.queries
    .updateTable('dead_letter')
    .set({ state: 'resolved', resolved_at: now.toMillis() })
    .where('ticket', '=', ticket.id)
    .where('action_key', 'is', null)
    .where('state', '=', 'open')
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
    .set({ state: 'resolved', resolved_at: now.toMillis() })
    .where('ticket', '=', ticket.id)
    .where('state', '=', 'open')
    .$if(besides.length > 0, (query) =>
      query.where((where) =>
        where.or([where('action_key', 'is', null), where('action_key', 'not in', besides.map(textOf))]),
      ),
    )
    .execute();
}

/** Opens the letter of an action, as part of a larger transaction that has resolved an earlier one. */
export async function openForAction(
  transaction: Transaction<Schema>,
  ticket: Ref,
  action: Action,
  letter: NewDeadLetter,
): Promise<void> {
  await transaction
    .insertInto('dead_letter')
    .values(letterRow(letter, ticket, action))
    .execute();
}

export async function resolveForAction(
  transaction: Transaction<Schema>,
  ticket: Ref,
  key: ActionKey,
  now: DateTime,
): Promise<void> {
  await transaction
    .updateTable('dead_letter')
    .set({ state: 'resolved', resolved_at: now.toMillis() })
    .where('ticket', '=', ticket.id)
    .where('action_key', '=', textOf(key))
    .where('state', '=', 'open')
    .execute();
}

/** Newest first. */
export async function deadLetters(
  database: Database,
  { ticket, state, limit }: Parameters<Store['deadLetters']>[0],
): Promise<readonly DeadLetter[]> {
  const rows = await database.queries
    .selectFrom('dead_letter')
    .selectAll()
    .$if(ticket !== undefined, (query) =>
      query.where(({ eb, or }) => or([eb('ticket', '=', ticket?.id ?? ''), eb('ticket_key', '=', ticket?.key ?? '')])),
    )
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'open'))
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(Math.max(0, Math.floor(limit)))
    .execute();
  return rows.map((row) => letterOf(database, row));
}

function letterRow(letter: NewDeadLetter, ticket: Ref | undefined, action: Action | undefined): DeadLetterTable {
  return {
    id: randomUUID(),
    ticket: optionalTextOf(ticket?.id),
    ticket_key: optionalTextOf(ticket?.key),
    action_key: optionalTextOf(action?.key),
    action: action === undefined ? null : JSON.stringify(action),
    code: letter.code,
    message: messageText(letter.message),
    details: detailsText(letter.details),
    at: letter.at.toMillis(),
    state: 'open',
    resolved_at: null,
  };
}

function letterOf({ ticketSystem }: Database, row: DeadLetterTable): DeadLetter {
  return {
    id: row.id,
    ...(row.ticket === null ? {} : { ticket: refOf(ticketSystem, row.ticket, row.ticket_key) }),
    ...(row.action === null ? {} : { action: JSON.parse(row.action) }),
    code: row.code,
    message: row.message,
    details: JSON.parse(row.details),
    at: momentOf(row.at),
    state: row.state,
  };
}
