import { BridgeError } from '../../src/errors.ts';
import type { Session } from './session.ts';
import { created, updated } from './wire.ts';

/**
 * What OTRS objects to in a change that it can never make. It checks everything before it writes, in a fixed order: the
 * attributes of the ticket, for a new one the right to create it, articles, dynamic fields, files. `nothing`: it came as
 * far as the part that makes the change impossible.
 */
export type Objection =
  | { readonly to: 'nothing' }
  | { readonly to: 'attribute'; readonly attribute: string }
  | { readonly to: 'field name' | 'field value' | 'right to create' }
  | { readonly to: 'something else'; readonly message: string };

export interface ProbeParts {
  readonly session: Pick<Session, 'call'>;
}

/** A file without content, which neither operation takes. */
const IMPOSSIBLE = { Attachment: { Filename: 'bridge check' } };

/** What OTRS objects to where the ticket should be changed like this. Changes nothing. Throws what the call throws. */
export function objectionToUpdate(
  { session }: ProbeParts,
  ticketId: string,
  change: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Objection> {
  const data = { TicketID: ticketId, ...change, ...IMPOSSIBLE };
  const purpose = `make an impossible change to ticket ${ticketId}`;
  const request = { operation: 'ticket_update', effect: 'read', purpose, path: { TicketID: ticketId }, data } as const;
  return objectionOf(() => session.call(request, updated, signal));
}

/** What OTRS objects to where a ticket with these attributes should be opened. Its article has no text, so none is. */
export function objectionToCreate(
  { session }: ProbeParts,
  ticket: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Objection> {
  const data = { Ticket: ticket, Article: { Subject: 'bridge check' }, ...IMPOSSIBLE };
  const purpose = `open an impossible ticket in «${ticket.Queue}»`;
  return objectionOf(() =>
    session.call({ operation: 'ticket_create', effect: 'read', purpose, data }, created, signal),
  );
}

async function objectionOf(call: () => Promise<unknown>): Promise<Objection> {
  try {
    await call();
  } catch (thrown) {
    if (!(thrown instanceof BridgeError) || typeof thrown.details.error_message !== 'string') {
      throw thrown;
    }

    const objection = read(thrown.details.error_message);
    if (objection.to === 'something else' && thrown.code !== 'REFUSED') {
      throw thrown;
    }
    return objection;
  }

  throw new BridgeError('ANSWER_UNREADABLE', 'OTRS took a change that it should have found impossible');
}

function read(message: string): Objection {
  if (/ attachment |Attachment->|Article->Body/.test(message)) {
    return { to: 'nothing' };
  }

  const [, attribute] = /Ticket->(?:\w+ or Ticket->)?(\w+) parameter/.exec(message) ?? [];
  if (attribute !== undefined) {
    return { to: 'attribute', attribute };
  }

  const [, part] = /DynamicField->(Name|Value) parameter/.exec(message) ?? [];
  if (part !== undefined) {
    return { to: part === 'Name' ? 'field name' : 'field value' };
  }

  return /create tickets in given Queue/.test(message) ? { to: 'right to create' } : { to: 'something else', message };
}
