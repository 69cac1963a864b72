import type { Transaction } from 'kysely';
import { BridgeError } from '../errors.ts';
import { acceptWithin } from './accept.ts';
import type { Database } from './database.ts';
import { resolvedAs } from './dead-letters.ts';
import { detailsText } from './details.ts';
import { letterOf, NO_ORDER, rowOfLetter } from './letter-rows.ts';
import { type LetterAct, note, reread, rowById, take, taken, unusable, write } from './letter-take.ts';
import type { LetterEdit, Operator, SeenLetter } from './letters.ts';
import { momentOf, optionalTextOf, refOf, textOf } from './rows.ts';
import type { DeadLetterTable, Schema } from './schema.ts';
import type { DeadLetter } from './store.ts';

/** See the contract. */
export function reviseLetter(act: LetterAct, seen: SeenLetter, edit: LetterEdit, by: Operator): Promise<DeadLetter> {
  const { database } = act;
  return database.queries.transaction().execute(async (transaction) => {
    const row = await take(database, transaction, seen, 'open');
    if (row.ordered_as !== null) {
      throw taken(row);
    }
    const revision = revisionOf(row, edit);
    await write(transaction, row, { ...resolvedAs('revised', by.now), resolved_by: textOf(by.who) });
    await transaction.insertInto('dead_letter').values(revision).execute();
    await note(act, transaction, row, 'edited', by, { revision: revision.id });
    return letterOf(database, revision);
  });
}

/** See the contract. */
export async function discardLetter(act: LetterAct, seen: SeenLetter, by: Operator): Promise<DeadLetter> {
  const { database } = act;
  if ((by.reason ?? '').trim() === '') {
    throw new BridgeError('LETTER_UNUSABLE', 'a letter is discarded with a reason only');
  }

  return database.queries.transaction().execute(async (transaction) => {
    await rouseTicketOf(database, transaction, seen, by);
    const row = await take(database, transaction, seen, 'open');
    await write(transaction, row, {
      ...NO_ORDER,
      state: 'discarded',
      resolved_at: by.now.toMillis(),
      resolved_how: 'discarded',
      resolved_by: textOf(by.who),
      reason: optionalTextOf(by.reason),
      ordered_job: optionalTextOf(by.job),
    });
    await note(act, transaction, row, 'discarded', by);
    return reread(database, transaction, row.id);
  });
}

/** The ticket may have said that something failed: the next look says that it is over. Its row comes before the letter's. */
async function rouseTicketOf(
  database: Database,
  transaction: Transaction<Schema>,
  { id, version }: SeenLetter,
  { now }: Operator,
): Promise<void> {
  const { ticket, ticket_key } = await rowById(transaction, id);
  if (ticket !== null) {
    const ref = refOf(database.ticketSystem, ticket, ticket_key);
    const of = { kind: 'changed', channel: 'operator', isOfItself: true } as const;
    await acceptWithin(database, transaction, [{ id: `discard:${id}:${version}`, ref, at: now, ...of }], now);
  }
}

/** See the contract. */
export function restoreLetter(act: LetterAct, seen: SeenLetter, by: Operator): Promise<DeadLetter> {
  const { database } = act;
  return database.queries.transaction().execute(async (transaction) => {
    const row = await take(database, transaction, seen, 'discarded');
    await refuseSecond(transaction, row);
    await write(transaction, row, {
      state: 'open',
      resolved_at: null,
      resolved_how: null,
      resolved_by: null,
      reason: null,
    });
    await note(act, transaction, row, 'restored', by);
    return reread(database, transaction, row.id);
  });
}

function revisionOf(row: DeadLetterTable, edit: LetterEdit): DeadLetterTable {
  const fresh = rowOfLetter(
    { code: row.code, message: row.message, details: {}, at: momentOf(row.at) },
    undefined,
    undefined,
  );
  const untold = { told: null, told_times: 0 };
  const copy = { ...row, ...untold, id: fresh.id, version: 1, times: 0, revision_of: row.id, ordered_job: null };
  if ('body' in edit) {
    if (row.ticket !== null || row.action !== null) {
      throw unusable(row, 'only the letter of a message has a body');
    }
    return { ...copy, details: detailsText({ body: edit.body }) };
  }
  if (row.action === null || edit.action.key !== row.action_key) {
    throw unusable(row, 'the edited action is not the one that it is about');
  }
  return { ...copy, action: JSON.stringify(edit.action), offered: row.offered ?? row.action };
}

/** Of one action, or of one fault of a ticket, one letter is open at most. */
async function refuseSecond(transaction: Transaction<Schema>, row: DeadLetterTable): Promise<void> {
  const second = await transaction
    .selectFrom('dead_letter')
    .select('id')
    .where('ticket', '=', row.ticket)
    .where('state', '=', 'open')
    .where((where) =>
      row.action_key === null
        ? where.and([where('action_key', 'is', null), where('code', '=', row.code)])
        : where('action_key', '=', row.action_key),
    )
    .executeTakeFirst();
  if (second !== undefined) {
    throw new BridgeError('LETTER_TAKEN', `letter ${second.id} about the same is open by now`);
  }
}
