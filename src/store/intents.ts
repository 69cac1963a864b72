import type { Transaction } from 'kysely';
import type { DateTime } from 'luxon';
import type { Action, ActionKey } from '../domain/action.ts';
import type { Attempt } from '../domain/attempt.ts';
import type { Ref } from '../domain/ticket.ts';
import { writeAttempt } from './attempts.ts';
import type { Database } from './database.ts';
import { keepRefusal, resolveForAction } from './dead-letters.ts';
import { underClaim } from './fence.ts';
import { applyChange } from './links.ts';
import { momentOf, textOf } from './rows.ts';
import type { IntentTable, Schema } from './schema.ts';
import type { Claim, Intent, LinkChange, NewDeadLetter } from './store.ts';

/**
 * Writes the intent before the call. A repeat of an unfinished call raises `attempts`; after `done` or `refused` a new
 * series begins. An open letter about the same action with other content is resolved: the new content replaces it.
 */
export function intend(database: Database, claim: Claim, action: Action, now: DateTime): Promise<Intent> {
  return count(database, claim, action, 'sending', now);
}

/** A try that came to nothing before the call: counted like one, and looked up by nobody. */
export function countUnsent(
  database: Database,
  claim: Claim,
  action: Action,
  now: DateTime,
  attempt?: Attempt,
): Promise<Intent> {
  return count(database, claim, action, 'unsent', now, attempt);
}

function count(
  database: Database,
  claim: Claim,
  action: Action,
  state: 'sending' | 'unsent',
  now: DateTime,
  attempt?: Attempt,
): Promise<Intent> {
  return underClaim(database, claim, async (transaction) => {
    await writeAttempt(transaction, claim.ticket, attempt);
    const earlier = await rowOf(transaction, claim.ticket, action.key);
    const repeats = earlier?.state === 'sending' || earlier?.state === 'unsent';
    const row: IntentTable = {
      ...newRow(claim, action, now),
      state,
      attempts: repeats ? earlier.attempts + 1 : 1,
      first_sent_at: repeats ? earlier.first_sent_at : now.toMillis(),
    };
    if (earlier !== undefined && earlier.action !== row.action) {
      await resolveForAction(transaction, claim.ticket, action, 'replaced', now);
    }
    await write(transaction, row);
    return intentOf(row);
  });
}

export async function intent(database: Database, ticket: Ref, key: ActionKey): Promise<Intent | undefined> {
  const row = await rowOf(database.queries, ticket, key);
  return row === undefined ? undefined : intentOf(row);
}

export async function doubtful(database: Database, ticket: Ref): Promise<readonly Intent[]> {
  const rows = await database.queries
    .selectFrom('intent')
    .selectAll()
    .where('ticket', '=', ticket.id)
    .where('state', '=', 'sending')
    .orderBy('first_sent_at')
    .orderBy('action_key')
    .execute();
  return rows.map(intentOf);
}

export function forget(database: Database, claim: Claim, key: ActionKey): Promise<void> {
  return underClaim(database, claim, async (transaction) => {
    await transaction
      .deleteFrom('intent')
      .where('ticket', '=', claim.ticket.id)
      .where('action_key', '=', key)
      .where('state', '=', 'sending')
      .execute();
  });
}

/** The call took effect: the intent is done, the link is changed and letters about the action are resolved, at once. */
export function complete(
  database: Database,
  claim: Claim,
  action: Action,
  effect: string,
  change: LinkChange,
  now: DateTime,
  attempt?: Attempt,
): Promise<void> {
  return underClaim(database, claim, async (transaction) => {
    await end(transaction, claim, action, { state: 'done', effect: textOf(effect) }, now);
    await resolveForAction(transaction, claim.ticket, action, 'carried', now);
    await applyChange(database, transaction, claim, change);
    await writeAttempt(transaction, claim.ticket, attempt);
  });
}

/** The call surely was not executed: the attempt is given back, and a first attempt is forgotten. */
export function retract(database: Database, claim: Claim, action: Action, attempt?: Attempt): Promise<void> {
  return underClaim(database, claim, async (transaction) => {
    await writeAttempt(transaction, claim.ticket, attempt);
    const earlier = await rowOf(transaction, claim.ticket, action.key);
    if (earlier === undefined || earlier.state !== 'sending') {
      return;
    }
    if (earlier.attempts > 1) {
      await write(transaction, { ...earlier, attempts: earlier.attempts - 1 });
      return;
    }

    await transaction
      .deleteFrom('intent')
      .where('ticket', '=', claim.ticket.id)
      .where('action_key', '=', action.key)
      .execute();
  });
}

/** The action was refused for good: the intent says so and a dead letter is open, at once. */
export function refuse(
  database: Database,
  claim: Claim,
  action: Action,
  letter: NewDeadLetter,
  attempt?: Attempt,
): Promise<void> {
  return underClaim(database, claim, async (transaction) => {
    await writeAttempt(transaction, claim.ticket, attempt);
    await end(transaction, claim, action, { state: 'refused', effect: null }, letter.at);
    await keepRefusal(transaction, claim, action, letter);
  });
}

/** What a call came to. Mostly its intent is there; an effect that was adopted has none. */
async function end(
  transaction: Transaction<Schema>,
  claim: Claim,
  action: Action,
  fate: Pick<IntentTable, 'state' | 'effect'>,
  now: DateTime,
): Promise<void> {
  const row = newRow(claim, action, now);
  const { numUpdatedRows } = await transaction
    .updateTable('intent')
    .set({ ...fate, action: row.action })
    .where('ticket', '=', row.ticket)
    .where('action_key', '=', row.action_key)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    await write(transaction, { ...row, ...fate });
  }
}

function newRow(claim: Claim, action: Action, now: DateTime): IntentTable {
  return {
    ticket: textOf(claim.ticket.id),
    action_key: textOf(action.key),
    state: 'sending',
    action: JSON.stringify(action),
    attempts: 0,
    first_sent_at: now.toMillis(),
    last_sent_at: now.toMillis(),
    effect: null,
  };
}

async function rowOf(queries: Database['queries'], ticket: Ref, key: ActionKey): Promise<IntentTable | undefined> {
  return queries
    .selectFrom('intent')
    .selectAll()
    .where('ticket', '=', ticket.id)
    .where('action_key', '=', key)
    .executeTakeFirst();
}

async function write(transaction: Transaction<Schema>, row: IntentTable): Promise<void> {
  await transaction
    .insertInto('intent')
    .values(row)
    .onConflict((conflict) => conflict.columns(['ticket', 'action_key']).doUpdateSet(row))
    .execute();
}

function intentOf(row: IntentTable): Intent {
  return {
    key: row.action_key,
    action: JSON.parse(row.action),
    state: row.state,
    attempts: row.attempts,
    firstSentAt: momentOf(row.first_sent_at),
    lastSentAt: momentOf(row.last_sent_at),
  };
}
