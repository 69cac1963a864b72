import { sql, type Transaction } from 'kysely';
import type { ActionKey } from '../domain/action.ts';
import { refusalOf } from '../domain/evolve.ts';
import type { Link, Refusal, RelatedRef } from '../domain/link.ts';
import { nameOf, type Ref } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import type { Database } from './database.ts';
import { underClaim } from './fence.ts';
import { momentOf, optionalTextOf, refOf, textOf } from './rows.ts';
import type { Schema } from './schema.ts';
import { writeNews } from './sql-outbox.ts';
import type { Claim, LinkChange } from './store.ts';

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
    related: await relatedOf(database, ticket),
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
    .where((where) =>
      where.or([
        where('issue_id', '=', issue.id),
        ...(issue.key === undefined ? [] : [where('issue_key', '=', issue.key)]),
      ]),
    )
    // A key can move from one issue to another, so the id has the last word.
    .orderBy((row) => row.case().when('issue_id', '=', issue.id).then(0).else(1).end())
    .executeTakeFirst();
  return row === undefined ? undefined : refOf(database.ticketSystem, row.ticket, row.ticket_key);
}

async function relatedOf(database: Database, ticket: Ref): Promise<readonly RelatedRef[]> {
  const rows = await database.queries
    .selectFrom('related')
    .select(['name', 'role', 'record_system', 'record_id', 'record_key'])
    .where('ticket', '=', ticket.id)
    .orderBy('position')
    // Those that came along with a merged ticket have positions of their own.
    .orderBy('name')
    .execute();
  return rows.map(({ name, role, record_system, record_id, record_key }) => ({
    name,
    role,
    ref: refOf(record_system, record_id, record_key),
  }));
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

/**
 * What has an open dead letter whose replay nobody has ordered: resolving the letter, or ordering its replay, offers the action
 * again. And what a person discarded, or edited into something else, for as long as the rules want the same.
 */
async function refusals(database: Database, ticket: Ref): Promise<Record<ActionKey, Refusal>> {
  const rows = await database.queries
    .selectFrom('dead_letter')
    .leftJoin('intent', (join) =>
      join.onRef('intent.ticket', '=', 'dead_letter.ticket').onRef('intent.action_key', '=', 'dead_letter.action_key'),
    )
    .select([
      'dead_letter.action_key',
      'dead_letter.action',
      'dead_letter.offered',
      'dead_letter.code',
      'dead_letter.message',
      'dead_letter.details',
      'dead_letter.at',
      'dead_letter.state',
      'dead_letter.ordered_as',
      'intent.state as intent',
    ])
    .where('dead_letter.ticket', '=', textOf(ticket.id))
    .where('dead_letter.action_key', 'is not', null)
    .where('dead_letter.state', '<>', sql.lit('resolved'))
    .orderBy('dead_letter.at')
    .execute();
  const refused: Record<ActionKey, Refusal> = {};
  for (const { action_key, action, offered, code, message, details, at, state, ordered_as, intent } of rows) {
    const isDiscarded = state === 'discarded';
    // Whoever edited it does not want it as it was; only an order to go by the rules brings that back.
    const isGivenUp = isDiscarded || (offered !== null && ordered_as !== 'now');
    if (action_key === null || action === null || (!isGivenUp && (ordered_as !== null || intent !== 'refused'))) {
      continue;
    }

    const content = JSON.parse(offered ?? action);
    const earlier = refused[action_key];
    const discarded = [...(earlier?.discarded ?? []), ...(isGivenUp ? [content] : [])];
    const refusal = refusalOf(content, { code, message, details: JSON.parse(details) }, momentOf(at));
    const standing = isDiscarded && earlier !== undefined ? earlier : refusal;
    refused[action_key] = discarded.length === 0 ? standing : { ...standing, discarded };
  }
  return refused;
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
  if (change.ticket !== undefined || change.issue !== undefined || change.agreed !== undefined) {
    await writeLink(database, transaction, claim, change);
  }
  await writeNews(transaction, change.news ?? []);
  for (const [position, related] of (change.related ?? []).entries()) {
    await writeRelated(database, transaction, claim, related, position);
  }
}

async function writeLink(
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

async function writeRelated(
  database: Database,
  transaction: Transaction<Schema>,
  claim: Claim,
  { name, role, ref }: RelatedRef,
  position: number,
): Promise<void> {
  const columns = {
    role,
    record_system: textOf(ref.system),
    record_id: textOf(ref.id),
    record_key: optionalTextOf(ref.key),
    position,
  };
  const other = await transaction
    .selectFrom('related')
    .select('ticket')
    .where('record_system', '=', columns.record_system)
    .where('record_id', '=', columns.record_id)
    .where((where) => where.or([where('ticket', '!=', claim.ticket.id), where('name', '!=', name)]))
    .executeTakeFirst();
  if (other !== undefined) {
    throw takenBy(ref, other.ticket, claim);
  }

  try {
    await transaction
      .insertInto('related')
      .values({ ticket: textOf(claim.ticket.id), name: textOf(name), ...columns })
      .onConflict((conflict) => conflict.columns(['ticket', 'name']).doUpdateSet(columns))
      .execute();
  } catch (thrown) {
    throw database.faultOf(thrown) === 'duplicate' ? takenBy(ref, undefined, claim) : thrown;
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

function takenBy(record: Ref, other: string | undefined, claim: Claim): BridgeError {
  return new BridgeError(
    'INTERNAL',
    `${record.system} ${nameOf(record)} cannot be linked with ticket ${nameOf(claim.ticket)}: it belongs to ${other === undefined ? 'another ticket' : `ticket ${other}`}`,
    { disposition: 'again' },
  );
}
