import type { Transaction } from 'kysely';
import type { ActionKey } from '../domain/action.ts';
import type { Attempt, AttemptOutcome } from '../domain/attempt.ts';
import type { Ref } from '../domain/ticket.ts';
import type { Database } from './database.ts';
import { messageText } from './details.ts';
import { underClaim } from './fence.ts';
import { nextNumber } from './numbers.ts';
import { momentOf, optionalTextOf, textOf } from './rows.ts';
import type { Schema } from './schema.ts';
import type { Claim } from './store.ts';

/** See the contract. */
export function keepAttempt(database: Database, claim: Claim, attempt: Attempt): Promise<void> {
  return underClaim(database, claim, (transaction) => writeAttempt(transaction, claim.ticket, attempt));
}

/** As part of a larger transaction that holds the ticket; nothing where there was no call. */
export async function writeAttempt(
  transaction: Transaction<Schema>,
  ticket: Ref,
  attempt: Attempt | undefined,
): Promise<void> {
  if (attempt === undefined) {
    return;
  }

  const { key, system, at, ms, outcome, code, message, exchanges } = attempt;
  const id = textOf(ticket.id);
  await transaction
    .insertInto('attempt')
    .values({
      ticket: id,
      number: nextNumber('attempt', id),
      action_key: textOf(key),
      system: textOf(system),
      at: at.toMillis(),
      ms: Math.max(0, Math.round(ms)),
      outcome,
      code: code ?? null,
      message: message === undefined ? null : messageText(message),
      exchanges: textOf(JSON.stringify(exchanges)),
    })
    .execute();
}

/** See the contract. */
export async function attempts(
  { queries }: Database,
  ticket: Ref,
  { key, limit }: { readonly key?: ActionKey; readonly limit: number },
): Promise<readonly Attempt[]> {
  const rows = await queries
    .selectFrom('attempt')
    .selectAll()
    .where('ticket', '=', textOf(ticket.id))
    .$if(key !== undefined, (query) => query.where('action_key', '=', optionalTextOf(key) ?? ''))
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
  return rows.toReversed().map(({ action_key, system, at, ms, outcome, code, message, exchanges }) => ({
    key: action_key,
    system,
    at: momentOf(at),
    ms,
    outcome: outcome as AttemptOutcome,
    ...(code === null ? {} : { code }),
    ...(message === null ? {} : { message }),
    exchanges: JSON.parse(exchanges),
  }));
}
