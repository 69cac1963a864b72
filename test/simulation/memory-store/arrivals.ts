import type { DateTime } from 'luxon';
import { type Action, systemOf } from '../../../src/domain/action.ts';
import type { TicketEvent } from '../../../src/domain/event.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { momentOf, textOf } from '../../../src/store/rows.ts';
import type { Arrival, SeenChange, ToldBy } from '../../../src/store/store.ts';
import { ARRIVAL_PATIENCE_MS } from '../../../src/store/work.ts';
import { lineUp } from './line.ts';
import { type Event, millisOf, type Tables, type Work } from './tables.ts';

/** No system has record ids of this length. */
const LONGEST_ID = 255;

interface Booking {
  readonly id: string;
  readonly ticket: string;
  readonly key?: string | undefined;
  readonly event: TicketEvent;
}

/** See the contract. */
export function accept(tables: Tables, home: string, events: readonly TicketEvent[], now: DateTime) {
  for (const { at } of events) {
    millisOf(at);
  }
  const moment = millisOf(now);
  const booked = events.map((event) => book(tables, home, event));
  const news = booked.flat().filter(({ id, event }) => event.channel !== 'sweep' || !tables.events.has(id));
  for (const [ticket, bookings] of Map.groupBy(news, (booking) => booking.ticket)) {
    const work = workOf(tables, ticket);
    const wanted = moment + (work.attempt > 0 ? ARRIVAL_PATIENCE_MS : 0);
    work.due = Math.min(work.due ?? wanted, wanted);
    if (bookings.some(({ event }) => event.channel !== 'sweep')) {
      work.urgent = Math.min(work.urgent ?? wanted, wanted);
    }
    lineUp(tables, work);
    work.key = bookings.findLast(({ key }) => key !== undefined)?.key ?? work.key;
    work.waitingSince ??= moment;
    // Arrivals of one event in one batch are counted all, and the event has the number of one.
    work.arrived += new Set(bookings.map(({ id }) => id)).size;
    number(tables, work, bookings, moment);
  }
  return { accepted: news.length, foreign: booked.filter(({ length }) => length === 0).length };
}

function number(tables: Tables, work: Work, bookings: readonly Booking[], lastAt: number): void {
  const { events } = tables;
  const latest = new Map(bookings.map((booking) => [booking.id, booking]));
  const first = work.arrived - latest.size + 1;
  for (const [index, { id, ticket, event }] of [...latest.values()].entries()) {
    const { kind, channel, ref } = event;
    const record = events.get(id)?.record ?? { system: textOf(ref.system), id: textOf(ref.id) };
    const known = { ticket, turn: first + index, kind, channel, record, lastAt };
    tables.work.get(events.get(id)?.ticket ?? ticket)?.events.delete(id);
    events.set(id, known);
    work.events.set(id, known);
  }
}

function workOf({ work }: Tables, ticket: string): Work {
  const known = work.get(ticket);
  if (known !== undefined) {
    return known;
  }

  const nothing = { key: undefined, lease: undefined, waitingSince: undefined, waitsFor: undefined };
  const numbers = { urgency: 0, attempt: 0, fence: 0, arrived: 0, covered: 0 };
  const fresh = { ticket, ...nothing, due: undefined, urgent: undefined, ...numbers, events: new Map() };
  work.set(ticket, fresh);
  return fresh;
}

/** The tickets that an event leads to. */
function book(tables: Tables, home: string, event: TicketEvent): readonly Booking[] {
  const { ref } = event;
  const id = textOf(event.id);
  if (ref.system !== home) {
    const ticket = ownerOf(tables, ref.system, ref.id, ref.key ?? ref.id);
    return ticket === undefined ? [] : [{ id, ticket, event }];
  }

  const parent = event.isOfItself === true ? undefined : parentOf(tables, ref);
  const key = ref.key === undefined ? undefined : textOf(ref.key);
  return [
    ...(parent?.role === 'related' ? [] : [{ id, ticket: textOf(ref.id), key, event }]),
    ...(parent === undefined
      ? []
      : [{ id: parent.role === 'task' ? `${id}>${parent.ticket}` : id, ticket: parent.ticket, event }]),
  ].filter(({ ticket }) => ticket !== '' && ticket.length <= LONGEST_ID);
}

/** The ticket of a record of another system; the id wins over the key, which can move. */
function ownerOf({ memories }: Tables, system: string, id: string, key: string): string | undefined {
  const find = (isIt: (ref: Ref) => boolean) => {
    const isOfIt = (ref: Ref) => ref.system === system && isIt(ref);
    for (const [ticket, { issue, related }] of memories) {
      if ((issue !== undefined && isOfIt(issue)) || related.some(({ ref }) => isOfIt(ref))) {
        return ticket;
      }
    }
    return undefined;
  };
  return find((ref) => ref.id === id) ?? find((ref) => ref.key === key);
}

function parentOf({ memories }: Tables, { system, id }: Ref) {
  for (const [ticket, { related }] of memories) {
    const opened = related.find(({ ref }) => ref.system === system && ref.id === textOf(id));
    if (opened !== undefined) {
      return { ticket, role: opened.role };
    }
  }
  return undefined;
}

export function eventsOf({ work }: Tables, ticket: string): readonly Event[] {
  return [...(work.get(ticket)?.events.values() ?? [])].toSorted((one, other) => one.turn - other.turn);
}

export function unseenRecords(tables: Tables, { id }: Ref): readonly Ref[] {
  const covered = tables.work.get(id)?.covered ?? 0;
  const unseen = eventsOf(tables, id).filter(({ turn }) => turn > covered);
  return [...new Map(unseen.map(({ record }) => [`${record.system} ${record.id}`, record])).values()];
}

export function arrivals(tables: Tables, { id }: Ref): readonly Arrival[] {
  return eventsOf(tables, id).map(({ turn, kind, channel, record, lastAt }) => ({
    turn,
    system: record.system,
    kind,
    channel,
    at: momentOf(lastAt),
  }));
}

export function lastHeard({ events }: Tables, system: string): DateTime | undefined {
  const heard = [...events.values()].filter(({ record, channel }) => record.system === system && channel === 'webhook');
  return heard.length === 0 ? undefined : momentOf(Math.max(...heard.map(({ lastAt }) => lastAt)));
}

export function whoTold(tables: Tables, home: string, changes: readonly SeenChange[], slackMs: number) {
  return changes.map((change) => whoToldOf(tables, home, change, slackMs));
}

function whoToldOf(tables: Tables, home: string, { ref, changedAt }: SeenChange, slackMs: number): ToldBy {
  const isOwn = ref.system === home;
  const owner = isOwn ? parentOf(tables, ref)?.ticket : ownerOf(tables, ref.system, ref.id, '\n');
  const tickets = [...(isOwn ? [ref.id] : []), ...(owner === undefined ? [] : [owner])];
  if (tickets.length === 0) {
    return 'foreign';
  }

  const moment = changedAt.toMillis();
  const isHeard = ({ ticket, record, channel, lastAt }: Event) =>
    tickets.includes(ticket) &&
    record.system === ref.system &&
    record.id === ref.id &&
    channel === 'webhook' &&
    lastAt >= moment - slackMs;
  if ([...tables.events.values()].some(isHeard)) {
    return 'webhook';
  }

  const sent = tickets.flatMap((ticket) => [...(tables.intents.get(ticket)?.values() ?? [])]);
  const isOurs = sent
    .filter(({ action }) => systemOf(JSON.parse(action) as Action) === ref.system)
    .some(({ firstSentAt, lastSentAt }) => [firstSentAt, lastSentAt].some((at) => Math.abs(at - moment) <= slackMs));
  return isOurs ? 'bridge' : 'nobody';
}
