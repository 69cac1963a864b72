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
    const advice = 'A record of a ticket lies there: connect it again under `systems` of the configuration.';
    throw new BridgeError('CONFIGURATION_INVALID', `no system «${system}» is connected. ${advice}`);
  }

  return desk;
}

/** What the desk's system cannot do, as the facts say it. */
export function lackOf({ lacks = [] }: Pick<Desk, 'lacks'>): Pick<RelatedRecord, 'lacks'> {
  return lacks.length === 0 ? {} : { lacks };
}

export interface Gathered {
  readonly facts: Facts;
  /** Why the ticket's issue is not shown; the facts say no more than that. */
  readonly gone?: BridgeError;
  /** Why linked records in systems of their own could not be read, by their system. */
  readonly unread: ReadonlyMap<SystemName, BridgeError>;
  /** Why linked records in the system of the ticket could not be read, though that system works. */
  readonly missed: readonly BridgeError[];
}

export interface GatherOptions {
  /** The ticket itself, where it was read a moment ago. */
  readonly known?: Snapshot;
  /** Who asks wants to see all linked records, also those that a look leaves alone. */
  readonly isForPeople?: boolean;
}

/**
 * Reads all that a decision about the ticket rests on. An issue that its system does not show is gone, never «no issue yet»:
 * the ticket's own side goes on without it. The issue comes first: while its system is down, waiting tickets then cost the
 * help desk nothing. Linked tickets come with the ticket where their system gives several at once.
 */
export async function gather(
  ticket: Ref,
  desks: Desks,
  store: Store,
  signal: AbortSignal,
  { known, isForPeople }: GatherOptions = {},
): Promise<Gathered> {
  const link = await store.link(ticket);
  const issue = link.issue === undefined ? undefined : await readUnlessGone(link.issue, desks, signal);
  const desk = deskOf(desks, ticket.system);
  const linked = likelyNeeded(link, issue);
  const early = await readTogether(known === undefined ? [ticket, ...linked] : linked, desk, signal);
  const record = known ?? early.get(ticket.id) ?? (await desk.read(ticket, signal));
  const resting = isForPeople === true ? [] : await thoseAtRest(link, record, store);
  const awake = link.related.filter((each) => !resting.includes(each));
  const { related, unread, missed } = await readRelated(awake, ticket.system, desks, signal, early);
  const facts = {
    link,
    ticket: record,
    ...(link.related.length === 0 ? {} : { related: [...resting, ...related] }),
    ...(await kinOf(record, link, desks, store, signal)),
  };
  return issue instanceof BridgeError
    ? { facts: { ...facts, isIssueGone: true }, gone: issue, unread, missed }
    : { facts: { ...facts, ...(issue === undefined ? {} : { issue }) }, unread, missed };
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

/**
 * Records by id, undefined for those that are not shown. Nothing where their system gives no more than one in a call, or where
 * one of them spoils it for the others.
 */
async function readTogether(refs: readonly Ref[], desk: Desk, signal: AbortSignal): Promise<Early> {
  if (refs.length < 2 || desk.readSeveral === undefined) {
    return new Map();
  }

  try {
    const read = await desk.readSeveral(refs, signal);
    return new Map(refs.map(({ id }, index) => [id, read[index]]));
  } catch (thrown) {
    signal.throwIfAborted();
    if (isOfRecord(toBridgeError(thrown))) {
      return new Map();
    }
    throw thrown;
  }
}

/** The system answers, and would answer alike tomorrow: others need not wait for that. */
function isOfRecord({ code, disposition }: BridgeError): boolean {
  return disposition === 'dead' || (disposition === 'again' && code !== 'RATE_LIMITED');
}

type Early = ReadonlyMap<string, Snapshot | undefined>;

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
 * Reads linked records in the order of the link, but those of the ticket's system that were read `early`. One that its
 * system does not show is gone; the ticket goes on without it. It also goes on without one that cannot be read, and while
 * the system of its own that keeps the record is down: then nothing is known of the record.
 */
export async function readRelated(
  refs: readonly RelatedRef[],
  ticketSystem: SystemName,
  desks: Desks,
  signal: AbortSignal,
  early: Early = new Map(),
): Promise<{ readonly related: readonly RelatedRecord[] } & Pick<Gathered, 'unread' | 'missed'>> {
  const related: RelatedRecord[] = [];
  const missed: BridgeError[] = [];
  const unread = new Map<SystemName, BridgeError>();
  for (const reference of refs) {
    const each = { ...reference, ...lackOf(desks[reference.ref.system] ?? {}) };
    try {
      const isRead = each.ref.system === ticketSystem && early.has(each.ref.id);
      const found = isRead ? early.get(each.ref.id) : await readUnlessGone(each.ref, desks, signal);
      const isShown = found !== undefined && !(found instanceof BridgeError);
      related.push(isShown ? { ...each, ref: found.ref, record: found } : { ...each, isGone: true });
    } catch (thrown) {
      signal.throwIfAborted();
      const error = toBridgeError(thrown);
      if (each.ref.system !== ticketSystem) {
        unread.set(each.ref.system, error);
      } else if (isOfRecord(error)) {
        missed.push(error);
      } else {
        throw thrown;
      }
      related.push(each);
    }
  }
  return { related, unread, missed };
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
