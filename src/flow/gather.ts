import type { Desk } from '../connector.ts';
import type { Facts, RelatedRecord } from '../domain/facts.ts';
import type { RelatedRef } from '../domain/link.ts';
import type { Ref, Snapshot, SystemName } from '../domain/ticket.ts';
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

export interface Gathered {
  readonly facts: Facts;
  /** Why the ticket's issue is not shown; the facts say no more than that. */
  readonly gone?: BridgeError;
}

/**
 * Reads all that a decision about the ticket rests on. An issue that its system does not show is gone, never «no issue yet»:
 * the ticket's own side goes on without it. The issue comes first: while its system is down, waiting tickets then cost the
 * help desk nothing.
 */
export async function gather(ticket: Ref, desks: Desks, store: Store, signal: AbortSignal): Promise<Gathered> {
  const link = await store.link(ticket);
  const issue = link.issue === undefined ? undefined : await readUnlessGone(link.issue, desks, signal);
  const record = await deskOf(desks, ticket.system).read(ticket, signal);
  const related = await readRelated(link.related, desks, signal);
  const facts = { link, ticket: record, ...(related.length === 0 ? {} : { related }) };
  return issue instanceof BridgeError
    ? { facts: { ...facts, isIssueGone: true }, gone: issue }
    : { facts: { ...facts, ...(issue === undefined ? {} : { issue }) } };
}

/** One that its system does not show is gone; the ticket goes on without it. */
export async function readRelated(
  related: readonly RelatedRef[],
  desks: Desks,
  signal: AbortSignal,
): Promise<readonly RelatedRecord[]> {
  const records: RelatedRecord[] = [];
  for (const each of related) {
    const found = await readUnlessGone(each.ref, desks, signal);
    records.push(found instanceof BridgeError ? { ...each, isGone: true } : { ...each, record: found });
  }
  return records;
}

async function readUnlessGone(ref: Ref, desks: Desks, signal: AbortSignal): Promise<Snapshot | BridgeError> {
  try {
    return await deskOf(desks, ref.system).read(ref, signal);
  } catch (error) {
    if (error instanceof BridgeError && error.code === 'RECORD_NOT_READABLE') {
      return error;
    }
    throw error;
  }
}
