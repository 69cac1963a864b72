import type { DateTime } from 'luxon';
import { z } from 'zod';
import type { Change, Page } from '../../src/connector.ts';
import { BridgeError } from '../../src/errors.ts';
import { clockBehind } from './clock.ts';
import { fromNaive, toNaive } from './naive-time.ts';
import { toRef } from './snapshot.ts';
import { fetchTickets, isWatched, searchWatched, type WatchParts } from './watched.ts';
import type { WireTicket } from './wire.ts';

export interface ListingLimits {
  /** Ids that one search may give. OTRS's own default of 500 would silently cut the tail. */
  readonly search: number;
  /** A second in which more tickets change is given up. */
  readonly crowd: number;
  readonly page: number;
  /** Tickets per call: each of them costs OTRS some milliseconds, and the call has to end within the time-out. */
  readonly batch: number;
}

const LIMITS: ListingLimits = { search: 5_000, crowd: 160_000, page: 500, batch: 50 };

interface ListingParts extends WatchParts {
  readonly limits?: ListingLimits;
}

/** Where a listing stands between two pages. Moments are times of OTRS as it writes them, which sort as text. */
const walk = z.object({
  /** What the tickets were searched by. */
  since: z.string(),
  limit: z.number(),
  /** Whether the search gave as many as it may, so that there can be more. */
  isFull: z.boolean(),
  /** Ids that are still to be read. */
  left: z.array(z.string()),
  /** The newest change read so far, of those that were there when the listing began. */
  newest: z.string(),
  /** Whether the tickets came oldest first so far. */
  isOrdered: z.boolean(),
  /** Whether the search was seen to find what it should. */
  isBelieved: z.boolean(),
  /** What the clock of OTRS said when the listing began, if a ticket told. */
  asOf: z.string().optional(),
});

type Walk = z.output<typeof walk>;

/**
 * Watched tickets changed since the moment, oldest first. OTRS searches by second, names ids only, and where it does not
 * understand a search it ignores that part or finds nothing. So every hit is read and looked at again, and a search is
 * believed only if it found a ticket that matches, or if the newest of the watched tickets is older than the moment. All
 * times are those of OTRS: its clock may differ from the bridge's, and in what it takes for the future it finds nothing.
 */
export async function listChanges(
  { limits = LIMITS, ...parts }: ListingParts,
  moment: DateTime,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Page> {
  const standing =
    cursor === undefined ? await begin(parts, moment, limits, signal) : await resume(parts, cursor, limits, signal);
  const read = await readPage(parts, standing.left.slice(0, limits.page), limits, signal);
  const matching = read.filter((ticket) => isWatched(parts, ticket) && ticket.Changed >= standing.since);
  const after = { ...pass(standing, matching), left: standing.left.slice(limits.page) };
  const isLast = after.left.length === 0 && !after.isFull;
  const zone = parts.options.time_zone;
  return {
    changes: matching.map((ticket) => toChange(ticket, parts.system, zone)),
    ...(isLast ? {} : { next: JSON.stringify(after) }),
    ...(after.asOf === undefined ? {} : { asOf: fromNaive(after.asOf, zone) }),
    ...proofOf(after, isLast, zone),
  };
}

/** What was changed in the second that a page ends in may come with the next one. */
function proofOf({ asOf, newest, isOrdered, isBelieved }: Walk, isLast: boolean, zone: string): Partial<Page> {
  const isProven = asOf !== undefined && isBelieved && (isLast || isOrdered);
  return isProven ? { completeBefore: fromNaive(isLast ? asOf : newest, zone) } : {};
}

function toChange(ticket: WireTicket, system: string, zone: string): Change {
  return { ref: toRef(ticket, system), changedAt: fromNaive(ticket.Changed, zone) };
}

/** The newest watched ticket shows the clock of OTRS, and whether the search that follows may find nothing. */
async function begin(
  parts: WatchParts,
  moment: DateTime,
  { search: most }: ListingLimits,
  signal: AbortSignal,
): Promise<Walk> {
  const zone = parts.options.time_zone;
  const since = toNaive(moment, zone);
  const last = await newestWatched(parts, signal);
  const search = await searchSince(parts, since, most, signal);
  return {
    ...search,
    newest: since,
    isOrdered: true,
    isBelieved: last !== undefined && last.Changed < since && !search.isFull,
    ...(last === undefined ? {} : { asOf: toNaive(clockBehind(last, zone), zone) }),
  };
}

/** Takes a page into account. A ticket that changed after the listing began belongs to the next one. */
function pass(standing: Walk, matching: readonly WireTicket[]): Walk {
  const { asOf } = standing;
  const isBelieved = standing.isBelieved || matching.length > 0;
  if (standing.isFull && !isBelieved) {
    throw new BridgeError(
      'ANSWER_UNREADABLE',
      `OTRS was asked for tickets changed since ${standing.since} and gave ${standing.limit} others: its search does not know TicketLastChangeTimeNewerDate`,
    );
  }

  let { newest, isOrdered } = standing;
  for (const { Changed } of matching.filter(({ Changed }) => asOf === undefined || Changed < asOf)) {
    if (Changed < newest) {
      isOrdered = false;
    } else {
      newest = Changed;
    }
  }
  return { ...standing, newest, isOrdered, isBelieved };
}

/** There may be more than one search tells: then the next one begins with the second in which the last one ended. */
async function resume(
  parts: WatchParts,
  cursor: string,
  { search, crowd }: ListingLimits,
  signal: AbortSignal,
): Promise<Walk> {
  const standing = walk.parse(JSON.parse(cursor));
  if (standing.left.length > 0) {
    return standing;
  }

  const { since, newest, isOrdered } = standing;
  if (!isOrdered) {
    throw new BridgeError('ANSWER_UNREADABLE', 'OTRS does not give changed tickets oldest first (SortBy Changed)');
  }

  const limit = newest === since ? standing.limit * 2 : search;
  if (limit > crowd) {
    throw new BridgeError('REFUSED', `More than ${standing.limit} tickets changed at ${since}: narrow \`watch\``);
  }

  return { ...standing, ...(await searchSince(parts, newest, limit, signal)) };
}

async function searchSince(parts: WatchParts, since: string, limit: number, signal: AbortSignal) {
  const terms = { TicketLastChangeTimeNewerDate: since, SortBy: 'Changed', OrderBy: 'Up', Limit: limit };
  const found = await searchWatched(parts, terms, `find tickets changed since ${since}`, signal);
  return { since, limit, isFull: found.length >= limit, left: [...found] };
}

async function readPage(
  parts: WatchParts,
  ids: readonly string[],
  { batch }: ListingLimits,
  signal: AbortSignal,
): Promise<WireTicket[]> {
  const read: WireTicket[] = [];
  for (let start = 0; start < ids.length; start += batch) {
    read.push(...(await fetchTickets(parts, ids.slice(start, start + batch), signal)));
  }
  return read;
}

async function newestWatched(parts: WatchParts, signal: AbortSignal): Promise<WireTicket | undefined> {
  const terms = { SortBy: 'Changed', OrderBy: 'Down', Limit: 1 };
  const [id] = await searchWatched(parts, terms, 'find the ticket that was changed last', signal);
  const [ticket] = id === undefined ? [] : await fetchTickets(parts, [id], signal);
  return ticket !== undefined && isWatched(parts, ticket) ? ticket : undefined;
}
