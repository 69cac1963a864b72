import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import type { TicketCalls } from './ticket-calls.ts';

/**
 * Makes an agent the owner and locks the ticket for him in one call, as the form of OTRS does. Throws `REFUSED` for a login
 * that is unknown or invalid; whether the agent can see the ticket's queue OTRS does not ask.
 */
export async function assignTicket(
  ref: Ref,
  login: string,
  { tickets }: { readonly tickets: TicketCalls },
  signal: AbortSignal,
): Promise<void> {
  // OTRS would take an empty name for no name at all, and lock the ticket for whomever it has.
  if (login.trim() === '' || login === '0') {
    throw refusal(ref, login);
  }

  const purpose = `make «${login}» the owner of ticket ${nameOf(ref)}`;
  try {
    await tickets.update(ref, purpose, { Ticket: { Owner: login, Lock: 'lock' } }, signal);
  } catch (thrown) {
    const isUnknown = thrown instanceof BridgeError && String(thrown.details.error_code).endsWith('.InvalidParameter');
    throw isUnknown ? refusal(ref, login, thrown) : thrown;
  }
}

function refusal(ref: Ref, login: string, cause?: BridgeError): BridgeError {
  const reason = cause === undefined ? '' : ` ${cause.message}`;
  return new BridgeError(
    'REFUSED',
    `OTRS has no valid agent with the login «${login}», so ticket ${nameOf(ref)} keeps its owner.${reason}`,
    { ...(cause === undefined ? {} : { cause }), details: { ...cause?.details, user: login } },
  );
}
