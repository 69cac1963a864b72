import type { Transaction } from 'kysely';
import type { ActionKey } from '../domain/action.ts';
import { refusalOf } from '../domain/evolve.ts';
import type { Link, Refusal } from '../domain/link.ts';
import { nameOf, type Ref } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import type { Database } from './database.ts';
import { underClaim } from './fence.ts';
import { momentOf, optionalTextOf, refOf, textOf } from './rows.ts';
import type { Schema } from './schema.ts';
import type { Claim, Store } from './store.ts';

export type LinkChange = Parameters<Store['remember']>[1];

/** What the bridge remembers about the ticket; of an unknown ticket nothing. */
export async function link(database: Database, ticket: Ref): Promise<Link> {
  const row = await database.queries
    .selectFrom('link')
    .select(['ticket_key', 'issue_system', 'issue_id', 'issue_key', 'agreed'])
    .where('ticket', '=', ticket.id)
    .executeTakeFirst();
  const memory = {
    ticket: refOf(ticket.system, ticket.id, row?.ticket_key ?? ticket.key ?? null),
    agreed: row === undefined ? {} : JSON.parse(row.agreed),
    done: await doneActions(database, ticket),
    refused: await refusals(database, ticket),
  };

  return row === undefined || row.issue_system === null || row.issue_id === null
    ? memory
    : { ...memory, issue: refOf(row.issue_system, row.issue_id, row.issue_key) };
}

/** See the contract. */
export async function ticketOf(database: Database, issue: Ref): Promise<Ref | undefined> {
  const row = await database.queries
    .selectFrom('link')
    .select(['ticket', 'ticket_key'])
    .where('issue_system', '=', issue.system)
    .where('issue_id', '=', issue.id)
    .executeTakeFirst();
  return row === undefined ? undefined : refOf(database.ticketSystem, row.ticket, row.ticket_key);
}

async function doneActions(database: Database, ticket: Ref): Promise<Record<ActionKey, string>> {
  const rows = await database.queries
    .selectFrom('intent')
    .select(['action_key', 'effect'])
    .where('ticket', '=', ticket.id)
    .where('state', '=', 'done')
    .execute();
  return Object.fromEntries(rows.map(({ action_key, effect }) => [action_key, effect ?? '']));
}

/** Only what still has an open dead letter: resolving the letter offers the action again. */
async function refusals(database: Database, ticket: Ref): Promise<Record<ActionKey, Refusal>> {
  const rows = await database.queries
    .selectFrom('intent')
    .innerJoin('dead_letter', (join) =>
      join
        .onRef('dead_letter.ticket', '=', 'intent.ticket')
        .onRef('dead_letter.action_key', '=', 'intent.action_key')
        .on('dead_letter.state', '=', 'open'),
    )
    .select([
      'intent.action_key',
      'intent.action',
      'dead_letter.code',
      'dead_letter.message',
      'dead_letter.details',
      'dead_letter.at',
    ])
    .where('intent.ticket', '=', ticket.id)
    .where('intent.state', '=', 'refused')
    .execute();
  return Object.fromEntries(
    rows.map(({ action_key, action, code, message, details, at }) => [
      action_key,
      refusalOf(JSON.parse(action), { code, message, details: JSON.parse(details) }, momentOf(at)),
    ]),
  );
}

/** Fenced; see the contract. */
export function remember(database: Database, claim: Claim, change: LinkChange): Promise<void> {
  return underClaim(database, claim, (transaction) => applyChange(database, transaction, claim, change));
}

/** Writes a change of the link as part of a larger transaction. What the change does not name stays. */
export async function applyChange(
  database: Database,
  transaction: Transaction<Schema>,
  claim: Claim,
  change: LinkChange,
): Promise<void> {
  const ticket = textOf(claim.ticket.id);
  const ticketKey = optionalTextOf(change.ticket?.key ?? claim.ticket.key);
  const columns = {
    ...(ticketKey === null ? {} : { ticket_key: ticketKey }),
    ...(change.issue === undefined ? {} : await issueColumns(transaction, claim, change.issue)),
    ...(change.agreed === undefined ? {} : { agreed: JSON.stringify(change.agreed) }),
  };
  if (change.ticket?.key !== undefined) {
    await transaction.updateTable('work').set({ ticket_key: ticketKey }).where('ticket', '=', ticket).execute();
  }

  try {
    await transaction
      .insertInto('link')
      .values({ ticket, agreed: '{}', ...columns })
      .onConflict((conflict) => conflict.column('ticket').doUpdateSet({ ticket, ...columns }))
      .execute();
  } catch (thrown) {
    throw change.issue !== undefined && database.faultOf(thrown) === 'duplicate'
      ? takenBy(change.issue, undefined, claim)
      : thrown;
  }
}

async function issueColumns(transaction: Transaction<Schema>, claim: Claim, issue: Ref) {
  const other = await transaction
    .selectFrom('link')
    .select(['ticket', 'ticket_key'])
    .where('issue_system', '=', issue.system)
    .where('issue_id', '=', issue.id)
    .where('ticket', '!=', claim.ticket.id)
    .executeTakeFirst();
  if (other !== undefined) {
    throw takenBy(issue, other.ticket_key ?? other.ticket, claim);
  }

  return { issue_system: textOf(issue.system), issue_id: textOf(issue.id), issue_key: optionalTextOf(issue.key) };
}

function takenBy(issue: Ref, other: string | undefined, claim: Claim): BridgeError {
  return new BridgeError(
    'INTERNAL',
    `${issue.system} ${nameOf(issue)} cannot become the issue of ticket ${nameOf(claim.ticket)}: it belongs to ${other === undefined ? 'another ticket' : `ticket ${other}`}`,
    { disposition: 'again' },
  );
}
