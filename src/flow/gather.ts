import type { Desk } from '../connector.ts';
import { isSameText } from '../domain/condition.ts';
import type { Facts, RelatedRecord } from '../domain/facts.ts';
import type { Link, RelatedRef } from '../domain/link.ts';
import { isSameRecord, type Ref, type Snapshot, type SystemName } from '../domain/ticket.ts';
import { BridgeError, toBridgeError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { mainOf, ownerOfShownIssue, type Relatives } from './kin.ts';

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
  /** Why linked records in systems of their own could not be read, by their system. */
  readonly unread: ReadonlyMap<SystemName, BridgeError>;
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
  const resting = await thoseAtRest(link, record, store);
  const awake = link.related.filter((each) => !resting.includes(each));
  const { related, unread } = await readRelated(awake, ticket.system, desks, signal);
  const facts = {
    link,
    ticket: record,
    ...(link.related.length === 0 ? {} : { related: [...resting, ...related] }),
    ...(await kinOf(record, link, desks, store, signal)),
  };
  return issue instanceof BridgeError
    ? { facts: { ...facts, isIssueGone: true }, gone: issue, unread }
    : { facts: { ...facts, ...(issue === undefined ? {} : { issue }) }, unread };
}

/** What the ticket has to do with other tickets: the one that it was merged into, and the one that it was split off from. */
export async function kinOf(
  ticket: Snapshot,
  link: Link,
  desks: Desks,
  store: Relatives,
  signal: AbortSignal,
): Promise<Pick<Facts, 'main' | 'shownIssueOf'>> {
  const { system } = ticket.ref;
  const issueSystems = Object.keys(desks).filter((each) => each !== system);
  const main = await mainOf(ticket, link, store, (key) => deskOf(desks, system).locate(key, signal));
  const shownIssueOf = await ownerOfShownIssue(ticket, link, issueSystems, store);
  return { ...(main === undefined ? {} : { main }), ...(shownIssueOf === undefined ? {} : { shownIssueOf }) };
}

/**
 * Linked records that nobody needs to read: their work and that of the ticket was done when a look last saw both, and since
 * then no event told of them.
 */
async function thoseAtRest({ related, agreed }: Link, ticket: Snapshot, store: Store): Promise<readonly RelatedRef[]> {
  const { ended = [], ticketState = '' } = agreed;
  const over = related.filter(({ name }) => ended.includes(name));
  if (over.length === 0 || ticket.phase !== 'done' || !isSameText(ticketState, ticket.state)) {
    return [];
  }

  const unseen = await store.unseenRecords(ticket.ref);
  return over.filter(({ ref }) => !unseen.some((each) => isSameRecord(each, ref)));
}

/**
 * Reads linked records in the order of the link. One that its system does not show is gone; the ticket goes on without it.
 * It also goes on while the system of its own that keeps the record cannot be read: then nothing is known of the record.
 */
export async function readRelated(
  refs: readonly RelatedRef[],
  ticketSystem: SystemName,
  desks: Desks,
  signal: AbortSignal,
): Promise<{ readonly related: readonly RelatedRecord[] } & Pick<Gathered, 'unread'>> {
  const related: RelatedRecord[] = [];
  const unread = new Map<SystemName, BridgeError>();
  for (const each of refs) {
    try {
      const found = await readUnlessGone(each.ref, desks, signal);
      related.push(
        found instanceof BridgeError ? { ...each, isGone: true } : { ...each, ref: found.ref, record: found },
      );
    } catch (thrown) {
      signal.throwIfAborted();
      if (each.ref.system === ticketSystem) {
        throw thrown;
      }
      unread.set(each.ref.system, toBridgeError(thrown));
      related.push(each);
    }
  }
  return { related, unread };
}

export async function readUnlessGone(ref: Ref, desks: Desks, signal: AbortSignal): Promise<Snapshot | BridgeError> {
  try {
    return await deskOf(desks, ref.system).read(ref, signal);
  } catch (error) {
    if (error instanceof BridgeError && error.code === 'RECORD_NOT_READABLE') {
      return error;
    }
    throw error;
  }
}
