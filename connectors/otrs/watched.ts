import { BridgeError } from '../../src/errors.ts';
import type { OtrsOptions } from './options.ts';
import type { Session } from './session.ts';
import { searched, tickets, type WireTicket } from './wire.ts';

export interface WatchParts {
  readonly options: Pick<OtrsOptions, 'watch' | 'time_zone'>;
  readonly session: Pick<Session, 'call'>;
  readonly system: string;
}

/** Archived tickets are left out of a search that does not ask for them. */
export const ARCHIVED_TOO = { SearchInArchive: 'AllTickets' };

/** Ids of the watched tickets that OTRS finds; one wrong name in `watch` makes it find none. */
export async function searchWatched(
  { options, session }: WatchParts,
  terms: Readonly<Record<string, unknown>>,
  purpose: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { ticket_queues, services } = options.watch;
  const { TicketID } = await session.call(
    {
      operation: 'ticket_search',
      effect: 'read',
      purpose,
      data: {
        ...(ticket_queues.length === 0 ? {} : { Queues: ticket_queues }),
        ...(services.length === 0 ? {} : { Services: services }),
        ...ARCHIVED_TOO,
        ...terms,
      },
    },
    searched,
    signal,
  );
  return TicketID;
}

/** Whether the ticket belongs to those that were searched: OTRS ignores what it does not understand in a search. */
export function isWatched({ options }: WatchParts, { Queue, Service }: WireTicket): boolean {
  const { ticket_queues, services } = options.watch;
  return (
    (ticket_queues.length === 0 || ticket_queues.includes(Queue)) &&
    (services.length === 0 || services.includes(Service))
  );
}

/**
 * The tickets without articles and fields, in the order of the ids. One that vanished or was hidden meanwhile makes OTRS
 * refuse the whole call: halves are tried until it is alone, and it is left out.
 */
export async function fetchTickets(
  parts: WatchParts,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly WireTicket[]> {
  try {
    const { Ticket } = await parts.session.call(
      { operation: 'ticket_get', effect: 'read', purpose: 'read changed tickets', path: { TicketID: ids.join(',') } },
      tickets,
      signal,
    );
    const read = new Map(Ticket.map((ticket) => [ticket.TicketID, ticket]));
    return ids.flatMap((id) => read.get(id) ?? []);
  } catch (thrown) {
    if (!(thrown instanceof BridgeError) || thrown.code !== 'RECORD_NOT_READABLE') {
      throw thrown;
    }
  }

  if (ids.length === 1) {
    return [];
  }

  const middle = Math.ceil(ids.length / 2);
  return [
    ...(await fetchTickets(parts, ids.slice(0, middle), signal)),
    ...(await fetchTickets(parts, ids.slice(middle), signal)),
  ];
}
