import { sql, type Transaction } from 'kysely';
import type { DateTime } from 'luxon';
import type { Inheritance } from '../domain/inheritance.ts';
import type { Ref } from '../domain/ticket.ts';
import type { Database } from './database.ts';
import { underClaim } from './fence.ts';
import { applyChange } from './links.ts';
import { inChunks, optionalTextOf, textOf } from './rows.ts';
import type { IntentTable, Schema } from './schema.ts';
import type { Claim } from './store.ts';

/** See the contract. The row of the other ticket stays locked until all is written, so no look at it can begin meanwhile. */
export function inherit(
  database: Database,
  claim: Claim,
  from: Ref,
  { issue, agreed, carries }: Inheritance,
  now: DateTime,
): Promise<boolean> {
  return underClaim(database, claim, async (transaction) => {
    if (!(await isFree(database, transaction, from, now))) {
      return false;
    }

    // Whoever looks at it with a lease that ran out must not write any more: it would write what has gone.
    await transaction
      .updateTable('work')
      .set((row) => ({ fence: row('fence', '+', 1) }))
      .where('ticket', '=', textOf(from.id))
      .execute();
    const known = await intentsOf(transaction, claim.ticket);
    const taken = (await intentsOf(transaction, from)).filter(
      ({ action_key }) => carries(action_key) && !known.some((own) => own.action_key === action_key),
    );
    await takeIntents(transaction, claim, from, taken);
    await forgetRelated(transaction, from, claim.ticket);
    await takeRelated(transaction, claim, from);
    if (issue !== undefined) {
      await transaction
        .updateTable('link')
        .set({ issue_system: null, issue_id: null, issue_key: null })
        .where('ticket', '=', textOf(from.id))
        .execute();
    }
    await applyChange(database, transaction, claim, { agreed, ...(issue === undefined ? {} : { issue }) });
    return true;
  });
}

/** Nobody looks at it, and nobody is about to; one whose looks fail has had its turn. */
async function isFree(
  database: Database,
  transaction: Transaction<Schema>,
  ticket: Ref,
  now: DateTime,
): Promise<boolean> {
  const row = await database
    .lockRows(
      transaction
        .selectFrom('work')
        .select(['ticket', 'lease_until', 'due_at', 'attempt'])
        .where('ticket', '=', textOf(ticket.id)),
    )
    .executeTakeFirst();
  const moment = now.toMillis();
  const isLeased = (row?.lease_until ?? 0) > moment;
  const isDue = row?.attempt === 0 && row.due_at !== null && row.due_at <= moment;
  return !isLeased && !isDue;
}

function intentsOf(transaction: Transaction<Schema>, ticket: Ref): Promise<readonly IntentTable[]> {
  return transaction.selectFrom('intent').selectAll().where('ticket', '=', textOf(ticket.id)).execute();
}

/** What is done is known to both from now on; what is in doubt or refused is the heir's business, with its letters. */
async function takeIntents(
  transaction: Transaction<Schema>,
  claim: Claim,
  from: Ref,
  taken: readonly IntentTable[],
): Promise<void> {
  const ticket = textOf(claim.ticket.id);
  for (const chunk of inChunks(taken)) {
    await transaction
      .insertInto('intent')
      .values(chunk.map((row) => ({ ...row, ticket })))
      .execute();
  }

  const open = taken.filter(({ state }) => state !== 'done').map(({ action_key }) => action_key);
  for (const chunk of inChunks(open)) {
    await transaction
      .deleteFrom('intent')
      .where('ticket', '=', textOf(from.id))
      .where('action_key', 'in', chunk)
      .execute();
    await transaction
      .updateTable('dead_letter')
      // An order was booked on an arrival of the other ticket; the look that takes it over carries it out.
      .set({
        ticket,
        ticket_key: optionalTextOf(claim.ticket.key),
        ordered_turn: sql`case when ordered_turn is null then null else 0 end`,
      })
      .where('ticket', '=', textOf(from.id))
      .where('action_key', 'in', chunk)
      .where('state', '<>', sql.lit('resolved'))
      .execute();
  }
}

/** See the contract. */
export function unlink(database: Database, claim: Claim, record: Ref): Promise<void> {
  return underClaim(database, claim, (transaction) => forgetRelated(transaction, claim.ticket, record));
}

async function forgetRelated(transaction: Transaction<Schema>, ticket: Ref, record: Ref): Promise<void> {
  await transaction
    .deleteFrom('related')
    .where('ticket', '=', textOf(ticket.id))
    .where('record_system', '=', textOf(record.system))
    .where('record_id', '=', textOf(record.id))
    .execute();
}

/** Linked records go along, but for one whose name the heir has given to another record. */
async function takeRelated(transaction: Transaction<Schema>, claim: Claim, from: Ref): Promise<void> {
  const ticket = textOf(claim.ticket.id);
  await transaction
    .updateTable('related')
    .set({ ticket })
    .where('ticket', '=', textOf(from.id))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('related as own')
            .select('own.name')
            .where('own.ticket', '=', ticket)
            .whereRef('own.name', '=', 'related.name'),
        ),
      ),
    )
    .execute();
}
