import type { Transaction } from 'kysely';
import type { DateTime } from 'luxon';
import type { TicketEvent } from '../domain/event.ts';
import { type Booking, book } from './booking.ts';
import type { Database } from './database.ts';
import { inChunks, optionalTextOf, textOf } from './rows.ts';
import type { NewEventRow, Schema } from './schema.ts';
import { ARRIVAL_PATIENCE_MS } from './work.ts';

interface Arrivals {
  readonly ticket: string;
  readonly ticketKey: string | null;
  readonly bookings: readonly Booking[];
}

export type Accepted = { readonly accepted: number; readonly foreign: number };

/** Makes events durable and their tickets due, in one transaction. See the contract. */
export function accept(database: Database, events: readonly TicketEvent[], now: DateTime): Promise<Accepted> {
  return database.queries.transaction().execute((transaction) => acceptWithin(database, transaction, events, now));
}

/** The same as part of a larger transaction. */
export async function acceptWithin(
  database: Database,
  transaction: Transaction<Schema>,
  events: readonly TicketEvent[],
  now: DateTime,
): Promise<Accepted> {
  const booked = await book(transaction, database.ticketSystem, events);
  const foreign = events.length - new Set(booked.map(({ event }) => event)).size;
  if (booked.length === 0) {
    return { accepted: 0, foreign };
  }

  const tickets = [...new Set(booked.map(({ ticket }) => ticket))].sort();
  await addMissing(transaction, tickets);
  const work = await lockTickets(database, transaction, tickets);
  const known = await knownSweeps(transaction, booked);
  const news = booked.filter(({ id, event }) => event.channel !== 'sweep' || !known.has(id));
  await count(transaction, byTicket(mergeRepeats(news)), work, now.toMillis());
  return { accepted: news.length, foreign };
}

/** A ticket must have its row before the row can be locked: else two first events would both count one. */
async function addMissing(transaction: Transaction<Schema>, tickets: readonly string[]): Promise<void> {
  for (const chunk of inChunks(tickets)) {
    await transaction
      .insertInto('work')
      .values(chunk.map((ticket) => ({ ticket, attempt: 0, fence: 0, arrived: 0, covered: 0 })))
      .onConflict((conflict) => conflict.column('ticket').doNothing())
      .execute();
  }
}

type Waiting = Pick<
  Schema['work'],
  'ticket_key' | 'due_at' | 'urgent_at' | 'attempt' | 'arrived' | 'waiting_since' | 'correlation'
>;

/** Always in the order of the ticket ids, so that two batches cannot wait for each other. */
async function lockTickets(
  database: Database,
  transaction: Transaction<Schema>,
  tickets: readonly string[],
): Promise<ReadonlyMap<string, Waiting>> {
  const work = new Map<string, Waiting>();
  for (const chunk of inChunks(tickets)) {
    const query = transaction
      .selectFrom('work')
      .select(['ticket', 'ticket_key', 'due_at', 'urgent_at', 'attempt', 'arrived', 'waiting_since', 'correlation'])
      .where('ticket', 'in', chunk)
      .orderBy('ticket');
    for (const row of await database.lockRows(query).execute()) {
      work.set(row.ticket, row);
    }
  }

  return work;
}

async function knownSweeps(transaction: Transaction<Schema>, booked: readonly Booking[]): Promise<ReadonlySet<string>> {
  const ids = booked.filter(({ event }) => event.channel === 'sweep').map(({ id }) => id);
  const known = new Set<string>();
  for (const chunk of inChunks(ids)) {
    const rows = await transaction.selectFrom('event').select('id').where('id', 'in', chunk).execute();
    for (const { id } of rows) {
      known.add(id);
    }
  }

  return known;
}

/** One statement cannot write one row twice: arrivals of the same event become one booking. */
function mergeRepeats(bookings: readonly Booking[]): readonly Booking[] {
  const merged = new Map<string, Booking>();
  for (const booking of bookings) {
    const earlier = merged.get(booking.id);
    merged.set(booking.id, earlier === undefined ? booking : { ...booking, times: earlier.times + 1 });
  }

  return [...merged.values()];
}

function byTicket(bookings: readonly Booking[]): readonly Arrivals[] {
  const groups = Map.groupBy(bookings, ({ ticket }) => ticket);
  return [...groups].map(([ticket, arrived]) => ({
    ticket,
    ticketKey: arrived.findLast(({ ticketKey }) => ticketKey !== null)?.ticketKey ?? null,
    bookings: arrived,
  }));
}

/**
 * A ticket that is backing off is not looked at for every single arrival, but for every order of a person; nobody waits for
 * what a sweep found.
 */
function dueAfterArrival(before: Waiting | undefined, bookings: readonly Booking[], now: number) {
  const isOrdered = bookings.some(({ event }) => event.channel === 'operator');
  const wanted = (before?.attempt ?? 0) > 0 && !isOrdered ? now + ARRIVAL_PATIENCE_MS : now;
  const isSwept = bookings.every(({ event }) => event.channel === 'sweep');
  return {
    due_at: Math.min(before?.due_at ?? wanted, wanted),
    urgent_at: isSwept ? (before?.urgent_at ?? null) : Math.min(before?.urgent_at ?? wanted, wanted),
  };
}

/** That of the newest arrival that nobody has looked at yet. */
function correlationAfter(before: Waiting | undefined, bookings: readonly Booking[]): string | null {
  const newest = bookings.findLast(({ event }) => event.correlation !== undefined)?.event.correlation;
  const earlier = before === undefined || before.waiting_since === null ? null : before.correlation;
  return newest === undefined ? earlier : textOf(newest);
}

/** Numbers the arrivals and makes their tickets due, unless they are due already. */
async function count(
  transaction: Transaction<Schema>,
  arrivals: readonly Arrivals[],
  work: ReadonlyMap<string, Waiting>,
  now: number,
): Promise<void> {
  const events: NewEventRow[] = [];
  const due = arrivals.map(({ ticket, ticketKey, bookings }) => {
    const before = work.get(ticket);
    const arrived = before?.arrived ?? 0;
    events.push(...bookings.map((booking, index) => eventRow(booking, arrived + index + 1, now)));
    return {
      ticket,
      ticket_key: ticketKey ?? before?.ticket_key ?? null,
      ...dueAfterArrival(before, bookings, now),
      arrived: arrived + bookings.length,
      waiting_since: before?.waiting_since ?? now,
      correlation: correlationAfter(before, bookings),
    };
  });

  for (const chunk of inChunks(due)) {
    await transaction
      .insertInto('work')
      .values(chunk.map((row) => ({ ...row, attempt: 0, fence: 0, covered: 0 })))
      .onConflict((conflict) =>
        conflict.column('ticket').doUpdateSet((row) => ({
          ticket_key: row.ref('excluded.ticket_key'),
          due_at: row.ref('excluded.due_at'),
          urgent_at: row.ref('excluded.urgent_at'),
          arrived: row.ref('excluded.arrived'),
          waiting_since: row.ref('excluded.waiting_since'),
          correlation: row.ref('excluded.correlation'),
        })),
      )
      .execute();
  }
  await writeEvents(transaction, events);
}

async function writeEvents(transaction: Transaction<Schema>, events: readonly NewEventRow[]): Promise<void> {
  const inOrder = events.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  for (const chunk of inChunks(inOrder)) {
    await transaction
      .insertInto('event')
      .values([...chunk])
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          ticket: row.ref('excluded.ticket'),
          turn: row.ref('excluded.turn'),
          kind: row.ref('excluded.kind'),
          channel: row.ref('excluded.channel'),
          happened_at: row.ref('excluded.happened_at'),
          last_at: row.ref('excluded.last_at'),
          correlation: row.ref('excluded.correlation'),
          times: row('event.times', '+', row.ref('excluded.times')),
        })),
      )
      .execute();
  }
}

function eventRow({ id, ticket, event, times }: Booking, turn: number, now: number): NewEventRow {
  return {
    id,
    ticket,
    turn,
    kind: event.kind,
    channel: event.channel,
    record_system: textOf(event.ref.system),
    record_id: textOf(event.ref.id),
    happened_at: event.at.toMillis(),
    first_at: now,
    last_at: now,
    times,
    correlation: optionalTextOf(event.correlation),
  };
}
