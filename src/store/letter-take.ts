import type { Transaction, UpdateObject } from 'kysely';
import { BridgeError } from '../errors.ts';
import type { WriteAudit } from './audit.ts';
import type { Database } from './database.ts';
import { letterOf } from './letter-rows.ts';
import type { Operator, SeenLetter } from './letters.ts';
import { momentOf, refOf, textOf } from './rows.ts';
import type { DeadLetterTable, Schema } from './schema.ts';
import type { DeadLetter } from './store.ts';

/** What an act on a letter works with. */
export interface LetterAct {
  readonly database: Database;
  readonly audit: WriteAudit;
}

/** Locks the letter. Throws unless it is as it was seen. */
export async function take(
  database: Database,
  transaction: Transaction<Schema>,
  { id, version }: SeenLetter,
  state: 'open' | 'discarded',
): Promise<DeadLetterTable> {
  await rowById(transaction, id);
  const row = await database
    .lockRows(transaction.selectFrom('dead_letter').selectAll().where('id', '=', textOf(id)))
    .executeTakeFirstOrThrow();
  if (row.state !== state || row.version !== version) {
    throw taken(row, version);
  }
  return row;
}

export async function rowById(transaction: Transaction<Schema>, id: string): Promise<DeadLetterTable> {
  const row = await transaction.selectFrom('dead_letter').selectAll().where('id', '=', textOf(id)).executeTakeFirst();
  if (row === undefined) {
    throw new BridgeError('LETTER_UNKNOWN', `there is no letter ${id}`);
  }
  return row;
}

export async function write(
  transaction: Transaction<Schema>,
  { id, version }: DeadLetterTable,
  columns: UpdateObject<Schema, 'dead_letter'>,
): Promise<void> {
  await transaction
    .updateTable('dead_letter')
    .set({ version: version + 1, ...columns })
    .where('id', '=', id)
    .execute();
}

export async function reread(database: Database, transaction: Transaction<Schema>, id: string): Promise<DeadLetter> {
  return letterOf(database, await rowById(transaction, id));
}

/** Writes the act into the audit, in its own transaction. */
export async function note(
  { database, audit }: LetterAct,
  transaction: Transaction<Schema>,
  row: DeadLetterTable,
  what: string,
  by: Operator,
  more: object = {},
): Promise<void> {
  await audit(entryOf(database, row, what, by, more), transaction);
}

function entryOf(database: Database, row: DeadLetterTable, what: string, by: Operator, more: object) {
  const { id, ticket, ticket_key, action_key, code } = row;
  return {
    at: by.now,
    who: by.who,
    what,
    ...(ticket === null ? {} : { ticket: refOf(database.ticketSystem, ticket, ticket_key) }),
    detail: {
      letter: id,
      code,
      ...(action_key === null ? {} : { key: action_key }),
      ...(by.reason === undefined ? {} : { reason: by.reason }),
      ...(by.job === undefined ? {} : { job: by.job }),
      ...more,
    },
  };
}

export function unusable({ id }: DeadLetterTable, why: string): BridgeError {
  return new BridgeError('LETTER_UNUSABLE', `letter ${id}: ${why}`);
}

/** Who did what with the letter, and when. `seen` is the version that its reader saw. */
export function taken(row: DeadLetterTable, seen?: number): BridgeError {
  const at = (moment: number | null) => momentOf(moment ?? row.at).toISO();
  const said =
    row.state !== 'open'
      ? `${row.resolved_by ?? 'bridge'} has ${row.state} it at ${at(row.resolved_at)} (${row.resolved_how ?? 'done'})`
      : row.ordered_as !== null
        ? `${row.ordered_by} ordered its replay at ${at(row.ordered_at)}, which is not over yet`
        : row.version === seen
          ? 'it is open, and is not discarded'
          : `it is open, and has changed since it was read: it last failed at ${at(row.at)}`;
  return new BridgeError('LETTER_TAKEN', `letter ${row.id}: ${said}`, {
    details: { state: row.state, version: row.version },
  });
}
