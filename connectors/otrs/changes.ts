import type { DateTime } from 'luxon';
import type { Change, Page } from '../../src/connector.ts';
import { BridgeError } from '../../src/errors.ts';
import { fromNaive, toNaive } from './naive-time.ts';
import type { OtrsOptions } from './options.ts';
import type { Session } from './session.ts';
import { toRef } from './snapshot.ts';
import { searched, tickets, type WireTicket } from './wire.ts';

interface ChangesParts {
  readonly options: OtrsOptions;
  readonly session: Session;
  readonly system: string;
}

/** Ids that one sweep may learn. OTRS's own default of 500 would silently cut the tail. */
const MAX_HITS = 100_000;
const PAGE = 500;
/** Tickets per call: each of them costs OTRS some milliseconds, and the call has to end within the time-out. */
const BATCH = 50;

/**
 * Watched tickets changed since the moment. OTRS searches by second, names ids only and ignores what it does not
 * understand in a search; so every hit is read and looked at again. The cursor carries the ids that are still to be read:
 * a ticket that changes meanwhile cannot slip from one page to another.
 */
export async function listChanges(
  parts: ChangesParts,
  moment: DateTime,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Page> {
  const ids = cursor === undefined ? await search(parts, moment, signal) : cursor.split(',');
  const changes: Change[] = [];
  for (let start = 0; start < Math.min(PAGE, ids.length); start += BATCH) {
    const found = await fetchTickets(parts, ids.slice(start, Math.min(start + BATCH, PAGE)), signal);
    changes.push(...found.flatMap((ticket) => toChange(parts, ticket, moment)));
  }
  const left = ids.slice(PAGE);
  return {
    changes: changes.toSorted((one, other) => one.changedAt.toMillis() - other.changedAt.toMillis()),
    ...(left.length === 0 ? {} : { next: left.join(',') }),
  };
}

async function search({ options, session }: ChangesParts, moment: DateTime, signal: AbortSignal) {
  const { ticket_queues, services } = options.watch;
  const since = toNaive(moment, options.time_zone);
  const { TicketID } = await session.call(
    {
      operation: 'ticket_search',
      effect: 'read',
      purpose: `find tickets changed since ${since}`,
      data: {
        TicketLastChangeTimeNewerDate: since,
        ...(ticket_queues.length === 0 ? {} : { Queues: ticket_queues }),
        ...(services.length === 0 ? {} : { Services: services }),
        SortBy: 'Changed',
        OrderBy: 'Up',
        Limit: MAX_HITS,
      },
    },
    searched,
    signal,
  );
  if (TicketID.length >= MAX_HITS) {
    throw new BridgeError('REFUSED', `More than ${MAX_HITS} tickets changed since ${since}: narrow \`watch\``);
  }

  return TicketID;
}

/** One ticket that vanished or was hidden meanwhile makes OTRS refuse the whole call: halves are tried until it is alone. */
async function fetchTickets(
  parts: ChangesParts,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly WireTicket[]> {
  try {
    const { Ticket } = await parts.session.call(
      { operation: 'ticket_get', effect: 'read', purpose: 'read changed tickets', path: { TicketID: ids.join(',') } },
      tickets,
      signal,
    );
    return Ticket;
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

function toChange({ options, system }: ChangesParts, ticket: WireTicket, moment: DateTime): readonly Change[] {
  const { ticket_queues, services } = options.watch;
  const changedAt = fromNaive(ticket.Changed, options.time_zone);
  const isWatched =
    (ticket_queues.length === 0 || ticket_queues.includes(ticket.Queue)) &&
    (services.length === 0 || services.includes(ticket.Service));
  return isWatched && changedAt >= moment.startOf('second') ? [{ ref: toRef(ticket, system), changedAt }] : [];
}
