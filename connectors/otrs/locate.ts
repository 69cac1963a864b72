import type { Ref } from '../../src/domain/ticket.ts';
import type { Session } from './session.ts';
import { toRef } from './snapshot.ts';
import { searched, tickets } from './wire.ts';

interface LocateParts {
  readonly session: Session;
  readonly system: string;
}

/** Hits that are looked at: a number is unique, but OTRS takes `*` and `%` for wildcards. */
const FEW = 5;

/** The ticket with this number. OTRS ignores what it does not understand in a search, so the hit is read and compared. */
export async function locateTicket(
  { session, system }: LocateParts,
  number: string,
  signal: AbortSignal,
): Promise<Ref | undefined> {
  if (!/^\w[\w-]*$/.test(number)) {
    return undefined;
  }

  const { TicketID } = await session.call(
    {
      operation: 'ticket_search',
      effect: 'read',
      purpose: `find ticket ${number}`,
      data: { TicketNumber: number, SearchInArchive: 'AllTickets', Limit: FEW },
    },
    searched,
    signal,
  );
  if (TicketID.length === 0) {
    return undefined;
  }

  const path = { TicketID: TicketID.slice(0, FEW).join(',') };
  const { Ticket } = await session.call(
    { operation: 'ticket_get', effect: 'read', purpose: `read ticket ${number}`, path },
    tickets,
    signal,
  );
  const found = Ticket.find(({ TicketNumber }) => TicketNumber === number);
  return found === undefined ? undefined : toRef(found, system);
}
