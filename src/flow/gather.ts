import type { Desk } from '../connector.ts';
import type { Facts } from '../domain/facts.ts';
import type { Ref, SystemName } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import type { Store } from '../store/store.ts';

export type Desks = Readonly<Record<SystemName, Desk>>;

export function deskOf(desks: Desks, system: SystemName): Desk {
  const desk = desks[system];
  if (desk === undefined) {
    throw new BridgeError('INTERNAL', `no system «${system}» is connected`, { disposition: 'dead' });
  }

  return desk;
}

/**
 * Reads all that a decision about the ticket rests on. An issue that is gone is an error, never «no issue yet». The issue
 * comes first: while its system is down, waiting tickets then cost the help desk nothing.
 */
export async function gather(ticket: Ref, desks: Desks, store: Store, signal: AbortSignal): Promise<Facts> {
  const link = await store.link(ticket);
  const issue = link.issue === undefined ? undefined : await deskOf(desks, link.issue.system).read(link.issue, signal);
  const record = await deskOf(desks, ticket.system).read(ticket, signal);
  return { link, ticket: record, ...(issue === undefined ? {} : { issue }) };
}
