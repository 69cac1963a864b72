import type { DateTime } from 'luxon';
import type { EventChannel, EventKind } from '../domain/event.ts';
import type { Ref } from '../domain/ticket.ts';
import type { Database } from './database.ts';
import { momentOf, textOf } from './rows.ts';
import type { Arrival } from './store.ts';

/** See the contract. */
export async function lastHeard({ queries }: Database, system: string): Promise<DateTime | undefined> {
  const { at } = await queries
    .selectFrom('event')
    .select(({ fn }) => fn.max('last_at').as('at'))
    .where('record_system', '=', textOf(system))
    .where('channel', '=', 'webhook')
    .executeTakeFirstOrThrow();
  return at === null ? undefined : momentOf(Number(at));
}

/** See the contract. */
export async function arrivals({ queries }: Database, ticket: Ref): Promise<readonly Arrival[]> {
  const rows = await queries
    .selectFrom('event')
    .select(['turn', 'kind', 'channel', 'record_system', 'last_at'])
    .where('ticket', '=', textOf(ticket.id))
    .orderBy('turn')
    .execute();
  return rows.map(({ turn, kind, channel, record_system, last_at }) => ({
    turn,
    system: record_system,
    kind: kind as EventKind,
    channel: channel as EventChannel,
    at: momentOf(last_at),
  }));
}
