import type { Relation } from '../../src/connector.ts';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import type { OtrsOptions } from './options.ts';
import type { Session } from './session.ts';
import { linked } from './wire.ts';

export interface LinkParts {
  readonly options: OtrsOptions;
  readonly session: Session;
  readonly system: string;
}

/**
 * Links two tickets by the operation of the add-on package; `ref` is the parent of a `ParentChild` link. Tickets that are
 * linked already stay as they are, also where people have linked them in another way.
 * Throws `REFUSED` for a record of another system, and where the operation is not configured or not installed.
 */
export async function linkTickets(
  { options, session, system }: LinkParts,
  ref: Ref,
  to: Ref,
  { type }: Relation,
  signal: AbortSignal,
): Promise<void> {
  const purpose = `link ticket ${nameOf(ref)} to ${nameOf(to)}`;
  if (to.system !== system) {
    throw new BridgeError('REFUSED', `OTRS cannot ${purpose}: its links lead to tickets of its own only`);
  }

  if (options.operations.link_add === undefined) {
    throw new BridgeError(
      'REFUSED',
      `OTRS cannot ${purpose}: its interface links no tickets; install the add-on package (connectors/otrs/addon) and set \`operations.link_add\``,
    );
  }

  await session.call(
    {
      operation: 'link_add',
      // A link that is there already is no error, so a call without an answer is simply made again.
      effect: 'read',
      isDispensable: true,
      purpose,
      data: { SourceTicketID: ref.id, TargetTicketID: to.id, Type: type ?? 'Normal' },
    },
    linked,
    signal,
  );
}
