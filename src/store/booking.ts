import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { TicketEvent } from '../domain/event.ts';
import { parentsOf } from './parents.ts';
import { inChunks, optionalTextOf, textOf } from './rows.ts';
import type { Schema } from './schema.ts';

/** No system has record ids of this length, and PostgreSQL cannot index texts of more than about 2,700 bytes. */
const LONGEST_ID = 255;

/** An event that leads to a ticket. `times` counts its arrivals within the batch. */
export interface Booking {
  readonly id: string;
  readonly ticket: string;
  readonly ticketKey: string | null;
  readonly event: TicketEvent;
  readonly times: number;
}

/**
 * Finds the tickets of each event. An event of another system belongs to the ticket that is linked with its record; one of
 * a ticket that was opened for another ticket to that one, and to both where it is a task of our own.
 */
export async function book(
  transaction: Transaction<Schema>,
  ticketSystem: string,
  events: readonly TicketEvent[],
): Promise<readonly Booking[]> {
  const isOwn = ({ ref }: TicketEvent) => ref.system === ticketSystem;
  const linked = await linkedTickets(
    transaction,
    events.filter((event) => !isOwn(event)),
  );
  const own = events.filter(isOwn).map(({ ref }) => ref.id);
  const parents = await parentsOf(transaction, ticketSystem, own);

  return events.flatMap((event): Booking[] => {
    const { ref, id } = event;
    if (!isOwn(event)) {
      const ticket = linked.get(addressOf(ref.system, ref.id)) ?? byKey(linked, event);
      return bookingsOf(event, id, ticket, null);
    }

    const parent = event.isOfItself === true ? undefined : parents.get(textOf(ref.id));
    return [
      ...(parent?.role === 'related' ? [] : bookingsOf(event, id, textOf(ref.id), optionalTextOf(ref.key))),
      // An event is known by its id, and this is the same one for another ticket.
      ...bookingsOf(event, parent?.role === 'task' ? `${id}>${parent.ticket}` : id, parent?.ticket, null),
    ];
  });
}

function bookingsOf(event: TicketEvent, id: string, ticket: string | undefined, ticketKey: string | null): Booking[] {
  return ticket === undefined || ticket === '' || ticket.length > LONGEST_ID
    ? []
    : [{ id: rowIdOf(id), ticket, ticketKey, event, times: 1 }];
}

/** A message may name an issue by its key alone, in either place. */
function byKey(linked: ReadonlyMap<string, string>, { ref }: TicketEvent): string | undefined {
  return linked.get(addressOf(ref.system, ref.key ?? ref.id));
}

/**
 * Ticket by id and by key of its issue or of a record that was opened for it in that system; where the two disagree the id
 * wins, since a key can move.
 */
async function linkedTickets(
  transaction: Transaction<Schema>,
  events: readonly TicketEvent[],
): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(events.flatMap(({ ref }) => [ref.id, ref.key ?? ref.id]))].map(textOf).sort();
  const byId: [string, string][] = [];
  const byRecordKey: [string, string][] = [];

  for (const chunk of inChunks(names)) {
    const rows = await transaction
      .selectFrom('link')
      .select(['ticket', 'issue_system', 'issue_id', 'issue_key'])
      .where((where) => where.or([where('issue_id', 'in', chunk), where('issue_key', 'in', chunk)]))
      .execute();
    for (const { ticket, issue_system, issue_id, issue_key } of rows) {
      byId.push([addressOf(issue_system ?? '', issue_id ?? ''), ticket]);
      byRecordKey.push([addressOf(issue_system ?? '', issue_key ?? ''), ticket]);
    }

    const opened = await transaction
      .selectFrom('related')
      .select(['ticket', 'record_system', 'record_id', 'record_key'])
      .where((where) => where.or([where('record_id', 'in', chunk), where('record_key', 'in', chunk)]))
      .execute();
    for (const { ticket, record_system, record_id, record_key } of opened) {
      byId.push([addressOf(record_system, record_id), ticket]);
      byRecordKey.push([addressOf(record_system, record_key ?? ''), ticket]);
    }
  }

  return new Map([...byRecordKey, ...byId]);
}

function addressOf(system: string, name: string): string {
  return `${system}\n${textOf(name)}`;
}

/** Senders may name their deliveries as they like; a name too long for an index is told apart by its hash. */
function rowIdOf(id: string): string {
  const text = textOf(id);
  return text.length <= LONGEST_ID
    ? text
    : `${text.slice(0, 100).toWellFormed()}…${createHash('sha256').update(text).digest('hex')}`;
}
