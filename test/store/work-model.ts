import { ARRIVAL_PATIENCE_MS } from '../../src/store/work.ts';

/** One ticket in the work table, as plain as it can be said. Moments are milliseconds. */
export interface ModelTicket {
  due: number | null;
  urgent: number | null;
  attempt: number;
  lease: number | null;
  fence: number;
  arrived: number;
  covered: number;
  /** When the oldest arrival came that no look has covered; null where all are. */
  waiting: number | null;
  /** Numbers, channels and last arrivals of the events, by their ids. */
  readonly events: Map<string, { readonly turn: number; readonly isSwept: boolean; readonly at: number }>;
}

export interface ModelClaim {
  readonly ticket: string;
  readonly fence: number;
  readonly covers: number;
  readonly attempt: number;
  readonly waiting: number | null;
}

export type ModelRelease =
  | { readonly outcome: 'settled'; readonly next: number | null }
  | { readonly outcome: 'buried' | 'later'; readonly next: number; readonly attempt: number };

/** The rules of the work table (`src/store/store.ts`), in memory. */
export function createWorkModel() {
  const tickets = new Map<string, ModelTicket>();
  let served = 0;

  const get = (id: string): ModelTicket => {
    const blank = { due: null, urgent: null, attempt: 0, lease: null, fence: 0, arrived: 0, covered: 0 };
    const ticket = tickets.get(id) ?? { ...blank, waiting: null, events: new Map() };
    tickets.set(id, ticket);
    return ticket;
  };
  const holds = ({ ticket, fence }: ModelClaim) => get(ticket).fence === fence && get(ticket).lease !== null;

  const take = (order: 'due' | 'urgent', limit: number, leaseMs: number, now: number): ModelClaim[] =>
    [...tickets]
      .filter(([, { lease, ...each }]) => (each[order] ?? Number.POSITIVE_INFINITY) <= now && (lease ?? now) <= now)
      .toSorted(([left, one], [right, other]) => (one[order] ?? 0) - (other[order] ?? 0) || (left < right ? -1 : 1))
      .slice(0, limit)
      .map(([ticket, each]) => {
        each.lease = now + leaseMs;
        each.fence += 1;
        return { ticket, fence: each.fence, covers: each.arrived, attempt: each.attempt, waiting: each.waiting };
      });

  return {
    tickets,
    holds,
    accept: (id: string, ticketId: string, isSwept: boolean, now: number): void => {
      const ticket = get(ticketId);
      if (isSwept && ticket.events.has(id)) {
        return;
      }

      const wanted = ticket.attempt > 0 ? now + ARRIVAL_PATIENCE_MS : now;
      ticket.arrived += 1;
      ticket.waiting ??= now;
      ticket.events.set(id, { turn: ticket.arrived, isSwept, at: now });
      ticket.due = Math.min(ticket.due ?? wanted, wanted);
      ticket.urgent = isSwept ? ticket.urgent : Math.min(ticket.urgent ?? wanted, wanted);
    },
    /** One claim in four goes by the time of being due, whoever waits for another. */
    claim: (limit: number, leaseMs: number, now: number): readonly ModelClaim[] => {
      const patient = Math.floor((served + limit) / 4) - Math.floor(served / 4);
      const urgent = take('urgent', limit - patient, leaseMs, now);
      const claims = [...urgent, ...take('due', limit - urgent.length, leaseMs, now)];
      served += claims.length;
      return claims;
    },
    extend: (claim: ModelClaim, leaseMs: number, now: number): boolean => {
      const isHeld = holds(claim);
      if (isHeld) {
        get(claim.ticket).lease = now + leaseMs;
      }
      return isHeld;
    },
    release: (claim: ModelClaim, end: ModelRelease, now: number): boolean => {
      const ticket = get(claim.ticket);
      if (!holds(claim)) {
        return false;
      }

      const isNews = ticket.arrived > claim.covers;
      const isUrgentNews = [...ticket.events.values()].some(({ turn, isSwept }) => turn > claim.covers && !isSwept);
      const afterNews = end.outcome === 'settled' ? now : Math.min(end.next, now + ARRIVAL_PATIENCE_MS);
      ticket.lease = null;
      ticket.due = isNews ? afterNews : end.next;
      ticket.attempt = end.outcome === 'settled' ? 0 : end.attempt;
      if (end.outcome !== 'later') {
        ticket.covered = claim.covers;
        const uncovered = [...ticket.events.values()].filter(({ turn }) => turn > claim.covers).map(({ at }) => at);
        ticket.waiting = isNews ? Math.min(...uncovered) : null;
        ticket.urgent = isUrgentNews ? afterNews : end.next;
      } else if (ticket.urgent !== null && ticket.due !== null) {
        ticket.urgent = Math.max(ticket.urgent, ticket.due);
      }
      return true;
    },
  };
}
