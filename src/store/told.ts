import { type Action, systemOf } from '../domain/action.ts';
import type { Database } from './database.ts';
import { parentsOf } from './parents.ts';
import { inChunks, textOf } from './rows.ts';
import type { SeenChange, ToldBy } from './store.ts';

/** See the contract. Reads by ticket, which is what the events and the intents are found by. */
export async function whoTold(
  database: Database,
  changes: readonly SeenChange[],
  slackMs: number,
): Promise<readonly ToldBy[]> {
  const tickets = await ticketsOf(database, changes);
  const ours = [...new Set([...tickets.values()].flat())].sort();
  const since = Math.min(...changes.map(({ changedAt }) => changedAt.toMillis())) - slackMs;
  const webhooks = await webhooksOf(database, ours, since);
  const calls = await callsOf(database, ours, since);

  return changes.map(({ ref, changedAt }) => {
    const concerned = tickets.get(addressOf(ref.system, ref.id));
    const moment = changedAt.toMillis();
    if (concerned === undefined) {
      return 'foreign';
    }
    if ((webhooks.get(addressOf(ref.system, ref.id)) ?? 0) >= moment - slackMs) {
      return 'webhook';
    }
    const sent = concerned.flatMap((ticket) => calls.get(addressOf(ref.system, ticket)) ?? []);
    return sent.some((sentAt) => Math.abs(sentAt - moment) <= slackMs) ? 'bridge' : 'nobody';
  });
}

/**
 * Tickets by address of the record. A record of the ticket system is a ticket of ours, whether or not it is known yet, and
 * concerns the ticket that it was opened for as well.
 */
async function ticketsOf(
  { queries, ticketSystem }: Database,
  changes: readonly SeenChange[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const own = changes.filter(({ ref }) => ref.system === ticketSystem).map(({ ref }) => textOf(ref.id));
  const parents = await parentsOf(queries, ticketSystem, own);
  const tickets = new Map(own.map((id) => [addressOf(ticketSystem, id), [id, parents.get(id)?.ticket ?? []].flat()]));
  const elsewhere = new Set(changes.filter(({ ref }) => ref.system !== ticketSystem).map(({ ref }) => textOf(ref.id)));
  for (const chunk of inChunks([...elsewhere])) {
    const rows = await queries
      .selectFrom('link')
      .select(['ticket', 'issue_system', 'issue_id'])
      .where('issue_id', 'in', chunk)
      .execute();
    for (const { ticket, issue_system, issue_id } of rows) {
      tickets.set(addressOf(issue_system ?? '', issue_id ?? ''), [ticket]);
    }

    const opened = await queries
      .selectFrom('related')
      .select(['ticket', 'record_system', 'record_id'])
      .where('record_id', 'in', chunk)
      .where('record_system', '!=', ticketSystem)
      .execute();
    for (const { ticket, record_system, record_id } of opened) {
      tickets.set(addressOf(record_system, record_id), [ticket]);
    }
  }
  return tickets;
}

/** When a webhook about each record came last. */
async function webhooksOf(
  { queries }: Database,
  tickets: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, number>> {
  const latest = new Map<string, number>();
  for (const chunk of inChunks(tickets)) {
    const rows = await queries
      .selectFrom('event')
      .select(['record_system', 'record_id', (of) => of.fn.max('last_at').as('at')])
      .where('ticket', 'in', chunk)
      .where('channel', '=', 'webhook')
      .where('last_at', '>=', since)
      .groupBy(['record_system', 'record_id'])
      .execute();
    for (const { record_system, record_id, at } of rows) {
      latest.set(addressOf(record_system, record_id), Number(at));
    }
  }
  return latest;
}

/** When the bridge made calls for each ticket, by the system that they went to. */
async function callsOf(
  { queries }: Database,
  tickets: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const sent = new Map<string, number[]>();
  for (const chunk of inChunks(tickets)) {
    const rows = await queries
      .selectFrom('intent')
      .select(['ticket', 'action', 'first_sent_at', 'last_sent_at'])
      .where('ticket', 'in', chunk)
      .where('last_sent_at', '>=', since)
      .execute();
    for (const { ticket, action, first_sent_at, last_sent_at } of rows) {
      const address = addressOf(systemOf(JSON.parse(action) as Action), ticket);
      sent.set(address, [...(sent.get(address) ?? []), first_sent_at, last_sent_at]);
    }
  }
  return sent;
}

function addressOf(system: string, id: string): string {
  return `${system}\n${textOf(id)}`;
}
