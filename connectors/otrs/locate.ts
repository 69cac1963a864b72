import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import type { Session } from './session.ts';
import { toRef } from './snapshot.ts';
import { isTicketId, searched, tickets, type WireTicket } from './wire.ts';

interface LocateParts {
  readonly session: Session;
  readonly system: string;
}

/** Hits that are looked at: a number is unique, but OTRS takes `*` and `%` for wildcards. */
const FEW = 5;

/**
 * The ticket with this number, or that the ref means. OTRS ignores what it does not understand in a search, so the hit is
 * read and compared; where the id is known nothing has to be searched.
 */
export async function locateTicket(
  parts: LocateParts,
  named: string | Ref,
  signal: AbortSignal,
): Promise<Ref | undefined> {
  const number = typeof named === 'string' ? named : nameOf(named);
  const ids = typeof named === 'string' ? await searchNumber(parts, number, signal) : [named.id].filter(isTicketId);
  const read = ids.length === 0 ? [] : await readFew(parts, number, ids, signal);
  const found = read.find(({ TicketID, TicketNumber }) =>
    typeof named === 'string' ? TicketNumber === named : TicketID === named.id,
  );
  return found === undefined ? undefined : toRef(found, parts.system);
}

/** None where OTRS shows one of them no more. */
async function readFew(
  { session }: LocateParts,
  number: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly WireTicket[]> {
  const path = { TicketID: ids.slice(0, FEW).join(',') };
  try {
    const request = { operation: 'ticket_get', effect: 'read', purpose: `read ticket ${number}`, path } as const;
    const { Ticket } = await session.call(request, tickets, signal);
    return Ticket;
  } catch (thrown) {
    if (thrown instanceof BridgeError && thrown.code === 'RECORD_NOT_READABLE') {
      return [];
    }
    throw thrown;
  }
}

async function searchNumber({ session }: LocateParts, number: string, signal: AbortSignal): Promise<readonly string[]> {
  if (!/^\w[\w-]*$/.test(number)) {
    return [];
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
  return TicketID;
}
