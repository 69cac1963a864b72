import type { DateTime } from 'luxon';
import type { Backlog } from '../../../src/store/backlog.ts';
import { LATER_MS, SOON_MS } from '../../../src/store/rouse.ts';
import { momentOf, refOf } from '../../../src/store/rows.ts';
import type { Claim, Release } from '../../../src/store/store.ts';
import { ARRIVAL_PATIENCE_MS } from '../../../src/store/work.ts';
import { eventsOf } from './arrivals.ts';
import { lineUp, nextInLine } from './line.ts';
import { millisOf, type Tables, type Work } from './tables.ts';

/** One claim in so many goes to the ticket that has been due longest. */
const PATIENT_SHARE = 4;

/** See the contract. `served` counts the claims that the caller was given so far. */
export function claim(tables: Tables, home: string, limit: number, leaseMs: number, now: DateTime, served: number) {
  const most = Math.floor(limit);
  const patient = Math.floor((served + most) / PATIENT_SHARE) - Math.floor(served / PATIENT_SHARE);
  const urgent = take(tables, 'urgent', most - patient, leaseMs, now);
  const longest = take(tables, 'due', most - urgent.length, leaseMs, now);
  return [...urgent, ...longest].map(
    ({ ticket, key, fence, attempt, arrived, waitingSince }): Claim => ({
      ticket: refOf(home, ticket, key ?? null),
      fence,
      attempt,
      covers: arrived,
      ...(waitingSince === undefined ? {} : { waitingSince: momentOf(waitingSince) }),
    }),
  );
}

function take(tables: Tables, order: 'urgent' | 'due', limit: number, leaseMs: number, now: DateTime) {
  const moment = millisOf(now);
  return nextInLine(tables, order, limit, moment).map((each) => {
    each.lease = moment + leaseMs;
    each.fence += 1;
    return { ...each };
  });
}

function inOrder({ ticket: one }: Work, { ticket: other }: Work): number {
  return one < other ? -1 : 1;
}

function heldBy({ work }: Tables, { ticket, fence }: Claim): Work | undefined {
  const row = work.get(ticket.id);
  return row?.fence === fence && row.lease !== undefined ? row : undefined;
}

export function extend(tables: Tables, held: Claim, leaseMs: number, now: DateTime): boolean {
  const row = heldBy(tables, held);
  if (row !== undefined) {
    row.lease = now.toMillis() + leaseMs;
  }
  return row !== undefined;
}

/** See the contract. */
export function release(tables: Tables, held: Claim, end: Release, now: DateTime): boolean {
  const row = heldBy(tables, held);
  if (row === undefined) {
    return false;
  }

  const moment = now.toMillis();
  const next = end.nextLookAt?.toMillis();
  const later = eventsOf(tables, row.ticket).filter(({ turn }) => turn > held.covers);
  const hasArrivals = row.arrived > held.covers;
  const soon = end.outcome === 'settled' ? moment : Math.min(next ?? moment, moment + ARRIVAL_PATIENCE_MS);
  row.lease = undefined;
  row.waitsFor = undefined;
  row.due = hasArrivals ? soon : next;
  if (end.outcome === 'later') {
    // What nobody waited for is tried again in the background.
    row.urgent = row.urgent !== undefined && row.urgent < (row.due ?? 0) ? row.due : row.urgent;
    row.attempt = end.attempt;
    row.waitsFor = end.waitsFor;
    row.urgency = end.urgency ?? row.urgency;
    lineUp(tables, row);
    return true;
  }

  row.urgent = hasArrivals && later.some(({ channel }) => channel !== 'sweep') ? soon : next;
  row.attempt = end.outcome === 'buried' ? end.attempt : 0;
  row.covered = held.covers;
  row.waitingSince = hasArrivals ? Math.min(...later.map(({ lastAt }) => lastAt), moment) : undefined;
  lineUp(tables, row);
  return true;
}

/** See the contract. */
export function rouse(tables: Tables, system: string, most: number, now: DateTime): number {
  const moment = now.toMillis();
  const waiting = [...tables.work.values()].filter(({ waitsFor, lease }) => waitsFor === system && lease === undefined);
  const asleep = waiting.filter(({ due }) => due !== undefined && due > moment);
  const inTurn = asleep.toSorted((one, other) => one.urgency - other.urgency || inOrder(one, other));
  const room = Math.min(asleep.length, most - (waiting.length - asleep.length));
  for (const [place, row] of inTurn.slice(0, Math.max(0, room)).entries()) {
    const turn = moment - room + place + 1;
    row.urgent = row.urgent === undefined ? undefined : turn;
    row.due = turn;
    lineUp(tables, row);
  }
  const soon = moment + SOON_MS;
  for (const row of inTurn.slice(Math.max(0, room))) {
    if (row.due !== undefined && row.due <= soon) {
      row.urgent = row.urgent !== undefined && row.urgent <= row.due ? moment + LATER_MS : row.urgent;
      row.due = moment + LATER_MS;
      lineUp(tables, row);
    }
  }
  return waiting.length;
}

export function nextDue({ work }: Tables): DateTime | undefined {
  const moments = [...work.values()].flatMap(({ due, lease }) => lease ?? due ?? []);
  return moments.length === 0 ? undefined : momentOf(Math.min(...moments));
}

export function backlog({ work, letters }: Tables, now: DateTime): Backlog {
  const moment = now.toMillis();
  const waiting = [...work.values()].flatMap(({ waitingSince }) => waitingSince ?? []);
  return {
    due: [...work.values()].filter(
      ({ due, waitingSince }) => (due !== undefined && due <= moment) || waitingSince !== undefined,
    ).length,
    oldestWaitMs: waiting.length === 0 ? 0 : Math.max(0, moment - Math.min(...waiting)),
    deadLetters: letters.filter(({ state }) => state === 'open').length,
  };
}

/** Over how long the looks are spread, and how long each of very many has at least. */
const SPREAD_MS = 600_000;
const EACH_MS = 100;

/** See the contract. */
export function wakeStale(tables: Tables, rules: string, now: DateTime): number {
  const { work, snapshots } = tables;
  const stale = [...work.values()].toSorted(inOrder).filter(({ ticket, attempt }) => {
    const seen = snapshots.get(ticket);
    return seen !== undefined && !seen.isDone && seen.rules !== rules && attempt === 0;
  });
  for (const [place, row] of stale.entries()) {
    const turn = now.toMillis() + Math.floor((place * Math.max(SPREAD_MS, stale.length * EACH_MS)) / stale.length);
    if (row.lease !== undefined) {
      row.arrived += 1;
    } else if (row.due === undefined || row.due > turn) {
      row.due = turn;
      lineUp(tables, row);
    }
  }
  return stale.length;
}
