import { DateTime } from 'luxon';
import type { SandboxTicket } from '../desk/model.ts';
import { priorities, services, stateTypes, ticketFields, ticketQueues, ticketTypes } from '../world.ts';
import type { Data } from './values.ts';

type Filter = (ticket: SandboxTicket, value: unknown, zone: string) => boolean;

const isOneOf = (found: string, wanted: unknown) => [wanted].flat().map(String).includes(found);

const filters: Readonly<Record<string, Filter>> = {
  TicketID: (ticket, value) => isOneOf(String(ticket.id), value),
  TicketNumber: (ticket, value) => isLike(ticket.number, value),
  Title: (ticket, value) => isLike(ticket.title, value),
  Queues: (ticket, value) => isOneOf(ticket.ticketQueue, value),
  Services: (ticket, value) => isOneOf(ticket.service, value),
  Types: (ticket, value) => isOneOf(ticket.type, value),
  States: (ticket, value) => isOneOf(ticket.state, value),
  Priorities: (ticket, value) => isOneOf(ticket.priority, value),
  StateType: (ticket, value) => isOneOf(stateTypes[ticket.state] ?? '', value),
  CustomerUserLogin: (ticket, value) => isOneOf(ticket.customer?.login ?? '', value),
  TicketLastChangeTimeNewerDate: (ticket, value, zone) => ticket.changedAt.startOf('second') >= moment(value, zone),
  TicketLastChangeTimeOlderDate: (ticket, value, zone) => ticket.changedAt.startOf('second') <= moment(value, zone),
};

/** Invalid for what is no time, and nothing is before or after that. */
function moment(value: unknown, zone: string): DateTime {
  return DateTime.fromFormat(String(value), 'yyyy-MM-dd HH:mm:ss', { zone });
}

/** Each `*` stands for any text; the case plays no part. */
function isLike(found: string, wanted: unknown): boolean {
  return [wanted].flat().some((each) => {
    const pattern = String(each)
      .split('*')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    return new RegExp(`^${pattern}$`, 'is').test(found);
  });
}

/**
 * Ids as strings, `{}` when there are none. What it does not know in a search it ignores: everything comes back. Archived
 * tickets are found only where the search asks for them. From a moment that is yet to come by its own clock it does not
 * search at all.
 */
export function searchTickets(readable: readonly SandboxTicket[], data: Data, zone: string, now: DateTime): object {
  const since = data.TicketLastChangeTimeNewerDate;
  if (since !== undefined && moment(since, zone) > now) {
    return {};
  }

  if (Object.entries(data).some(([name, value]) => [value].flat().some((each) => isUnknown(name, each)))) {
    return {};
  }

  const found = readable.filter(
    (ticket) =>
      isInScope(ticket, data.SearchInArchive) &&
      Object.entries(data).every(([name, value]) => matches(ticket, name, value, zone)),
  );
  const sorted = found.toSorted((left, right) =>
    data.SortBy === 'Changed'
      ? left.changedAt.toMillis() - right.changedAt.toMillis() || left.id - right.id
      : left.id - right.id,
  );
  const ordered = data.OrderBy === 'Up' ? sorted : sorted.toReversed();
  const ids = ordered.slice(0, Number(data.Limit ?? 500)).map(({ id }) => String(id));
  return ids.length === 0 ? {} : { TicketID: ids };
}

function isInScope({ isArchived }: SandboxTicket, scope: unknown): boolean {
  return scope === 'AllTickets' || isArchived === (scope === 'ArchivedTickets');
}

const names: Readonly<Record<string, readonly string[]>> = {
  Queues: ticketQueues,
  Services: services,
  Types: ticketTypes,
  States: Object.keys(stateTypes),
  Priorities: priorities,
};

/** One name that does not exist, and nothing is found at all. */
function isUnknown(field: string, value: unknown): boolean {
  return names[field] !== undefined && !names[field].includes(String(value));
}

function matches(ticket: SandboxTicket, name: string, value: unknown, zone: string): boolean {
  const field = name.startsWith('DynamicField_') ? name.slice('DynamicField_'.length) : undefined;
  if (field !== undefined && ticketFields[field] !== undefined) {
    const wanted = typeof value === 'object' && value !== null ? (value as Data) : {};
    const found = String(ticket.fields[field] ?? '');
    return (
      (wanted.Equals === undefined || isOneOf(found, wanted.Equals)) &&
      (wanted.Like === undefined || isLike(found, wanted.Like))
    );
  }

  return filters[name]?.(ticket, value, zone) ?? true;
}
