import type { Desk } from '../connector.ts';
import { isSameText } from '../domain/condition.ts';
import type { Facts, RelatedRecord } from '../domain/facts.ts';
import type { Link, RelatedRef } from '../domain/link.ts';
import { isSameRecord, nameOf, type Ref, type Snapshot, type SystemName } from '../domain/ticket.ts';
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
 * help desk nothing. Linked tickets come with the ticket where their system gives several at once. `known` is the ticket
 * itself, where it was read a moment ago.
 */
export async function gather(
  ticket: Ref,
  desks: Desks,
  store: Store,
  signal: AbortSignal,
  known?: Snapshot,
): Promise<Gathered> {
  const link = await store.link(ticket);
  const issue = link.issue === undefined ? undefined : await readUnlessGone(link.issue, desks, signal);
  const refs = likelyNeeded(link, issue);
  const read = await readEach(known === undefined ? [ticket, ...refs] : refs, deskOf(desks, ticket.system), signal);
  const record = known ?? read.shift();
  if (record === undefined || record instanceof BridgeError) {
    throw record ?? new BridgeError('INTERNAL', `nothing was read for ${nameOf(ticket)}`);
  }

  const resting = await thoseAtRest(link, record, store);
  const awake = link.related.filter((each) => !resting.includes(each));
  const early = new Map(refs.map((ref, index) => [ref.id, read[index]]));
  const { related, unread } = await readRelated(awake, ticket.system, desks, signal, early);
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

/**
 * Linked tickets that come with the ticket. Whether those whose work has ended are to be read, only the ticket tells; while its
 * issue is open they mostly are.
 */
function likelyNeeded({ ticket, related, agreed }: Link, issue: Snapshot | BridgeError | undefined): readonly Ref[] {
  const isOpen = issue !== undefined && !(issue instanceof BridgeError) && issue.phase !== 'done';
  return related
    .filter(({ name, ref }) => ref.system === ticket.system && (isOpen || agreed.ended?.includes(name) !== true))
    .map(({ ref }) => ref);
}

/** Each record, or that it is not readable. */
async function readEach(refs: readonly Ref[], desk: Desk, signal: AbortSignal): Promise<(Snapshot | BridgeError)[]> {
  if (refs.length > 1 && desk.readSeveral !== undefined) {
    return [...(await desk.readSeveral(refs, signal))];
  }

  const read: (Snapshot | BridgeError)[] = [];
  for (const ref of refs) {
    read.push(await unlessGone(desk.read(ref, signal)));
  }
  return read;
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
  const main = await mainOf(ticket, link, store, (each) => deskOf(desks, system).locate(each, signal));
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
 * Reads linked records in the order of the link, but those of the ticket's system that were read `early`. One that its system does not show is gone; the ticket goes on without it.
 * It also goes on while the system of its own that keeps the record cannot be read: then nothing is known of the record.
 */
export async function readRelated(
  refs: readonly RelatedRef[],
  ticketSystem: SystemName,
  desks: Desks,
  signal: AbortSignal,
  early: ReadonlyMap<string, Snapshot | BridgeError | undefined> = new Map(),
): Promise<{ readonly related: readonly RelatedRecord[] } & Pick<Gathered, 'unread'>> {
  const related: RelatedRecord[] = [];
  const unread = new Map<SystemName, BridgeError>();
  for (const each of refs) {
    try {
      const known = each.ref.system === ticketSystem ? early.get(each.ref.id) : undefined;
      const found = known ?? (await readUnlessGone(each.ref, desks, signal));
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

export function readUnlessGone(ref: Ref, desks: Desks, signal: AbortSignal): Promise<Snapshot | BridgeError> {
  return unlessGone(deskOf(desks, ref.system).read(ref, signal));
}

async function unlessGone(reading: Promise<Snapshot>): Promise<Snapshot | BridgeError> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof BridgeError && error.code === 'RECORD_NOT_READABLE') {
      return error;
    }
    throw error;
  }
}
