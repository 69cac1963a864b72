import { sql, type Transaction } from 'kysely';
import type { DateTime } from 'luxon';
import type { TicketEvent } from '../domain/event.ts';
import type { Ref } from '../domain/ticket.ts';
import { type Accepted, acceptWithin } from './accept.ts';
import type { Database } from './database.ts';
import { resolvedAs } from './dead-letters.ts';
import { underClaim } from './fence.ts';
import { letterOf, NO_ORDER } from './letter-rows.ts';
import { type LetterAct, note, reread, rowById, take, taken, unusable, write } from './letter-take.ts';
import type { Operator, OrderEnd, SeenLetter } from './letters.ts';
import { optionalTextOf, refOf, textOf } from './rows.ts';
import type { DeadLetterTable, Schema } from './schema.ts';
import type { Claim, DeadLetter, ReplayAs } from './store.ts';

/** See the contract. */
export function orderReplay(act: LetterAct, seen: SeenLetter, as: ReplayAs, by: Operator): Promise<DeadLetter> {
  const { database } = act;
  return database.queries.transaction().execute(async (transaction) => {
    const turn = await announce(database, transaction, seen, as, by);
    const row = await take(database, transaction, seen, 'open');
    if (row.ordered_as !== null) {
      throw taken(row);
    }
    await doubtAgain(transaction, row);
    await write(transaction, row, {
      ordered_as: as,
      ordered_by: textOf(by.who),
      ordered_at: by.now.toMillis(),
      ordered_turn: turn,
      ordered_job: optionalTextOf(by.job),
    });
    await note(act, transaction, row, 'replayed', by, { as });
    return reread(database, transaction, row.id);
  });
}

/** See the contract. */
export function deliverLetter(
  act: LetterAct,
  seen: SeenLetter,
  events: readonly TicketEvent[],
  by: Operator,
): Promise<Accepted> {
  const { database } = act;
  return database.queries.transaction().execute(async (transaction) => {
    const told = await acceptWithin(database, transaction, events, by.now);
    const row = await take(database, transaction, seen, 'open');
    await write(transaction, row, {
      ...resolvedAs('delivered', by.now),
      resolved_by: textOf(by.who),
      ordered_job: optionalTextOf(by.job),
    });
    await note(act, transaction, row, 'delivered', by, told);
    return told;
  });
}

/** See the contract. */
export async function orders(database: Database, ticket: Ref): Promise<readonly DeadLetter[]> {
  const rows = await database.queries
    .selectFrom('dead_letter')
    .selectAll()
    .where('ticket', '=', textOf(ticket.id))
    .where('state', '=', 'open')
    .where('ordered_as', 'is not', null)
    .orderBy('first_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => letterOf(database, row));
}

/** See the contract. */
export function settleOrders(database: Database, claim: Claim, end: OrderEnd, now: DateTime): Promise<void> {
  return underClaim(database, claim, async (transaction) => {
    await transaction
      .updateTable('dead_letter')
      .set(end === 'unwanted' ? resolvedAs('unwanted', now) : { ...NO_ORDER, version: sql<number>`version + 1` })
      .where('ticket', '=', textOf(claim.ticket.id))
      .where('action_key', 'is not', null)
      .where('state', '=', 'open')
      .where('ordered_turn', '<=', claim.covers)
      .execute();
  });
}

/** Makes the ticket due; answers with the number of the arrival. The ticket's row comes before the letter's, as in looks. */
async function announce(
  database: Database,
  transaction: Transaction<Schema>,
  { id, version }: SeenLetter,
  as: ReplayAs,
  { now }: Operator,
): Promise<number> {
  const row = await rowById(transaction, id);
  if (row.ticket === null) {
    throw unusable(row, 'it is about a message, which is not replayed like an action');
  }
  if (as === 'recorded' && row.action === null) {
    throw unusable(row, 'it holds no action: the ticket as a whole could not be looked at');
  }

  const event: TicketEvent = {
    id: `replay:${id}:${version}`,
    ref: refOf(database.ticketSystem, row.ticket, row.ticket_key),
    kind: 'replayed',
    channel: 'operator',
    at: now,
    isOfItself: true,
  };
  await acceptWithin(database, transaction, [event], now);
  const { arrived } = await transaction
    .selectFrom('work')
    .select('arrived')
    .where('ticket', '=', row.ticket)
    .executeTakeFirstOrThrow();
  return arrived;
}

/** A call that nobody could rule out is looked up again before it may be sent, with tries of its own. */
async function doubtAgain(transaction: Transaction<Schema>, { code, ticket, action_key }: DeadLetterTable) {
  if (code === 'STILL_IN_DOUBT') {
    await transaction
      .updateTable('intent')
      .set({ state: 'sending', attempts: 0 })
      .where('ticket', '=', ticket)
      .where('action_key', '=', action_key)
      .where('state', '=', 'refused')
      .execute();
  }
}
