import type { TicketEvent } from '../../src/domain/event.ts';
import type { Ref } from '../../src/domain/ticket.ts';
import type { Claim, Release } from '../../src/store/store.ts';

/** A call that a system has carried out, as the system itself knows it. */
export interface Effect {
  readonly system: string;
  readonly call: 'open' | 'comment';
  /** The record that was written into; of a call that opens one, the ticket that it is opened for. */
  readonly at: string;
  readonly key: string;
  /** Milliseconds since the start. */
  readonly ms: number;
}

/** What really happened, written down where it happened: in the connected systems and in the database. */
export interface Ledger {
  /** Calls that reached a system or would have, had it been there. */
  readonly asked: Record<'otrs' | 'jira', number>;
  readonly effects: Effect[];
  /** Ids of events whose sender was told that they are taken in. */
  readonly answered: Set<string>;
  /** Turn in which the store took the event in for the last time, its record, and the number that it has in the store. */
  readonly stored: Map<string, { readonly turn: number; readonly ref: Ref; readonly number: unknown }>;
  /** Turn of the latest claim of the ticket whose look ended well, or with a letter. */
  readonly covered: Map<string, number>;
  /** Tickets and keys of actions that were refused at some time. */
  readonly refused: Set<string>;
  /** What was seen to be wrong on the way. */
  readonly complaints: string[];
  /** `numberOf` tells nothing of an event that leads to no ticket. */
  accepted(events: readonly TicketEvent[], turn: number, numberOf: (id: string) => unknown): void;
  claimed(claims: readonly Claim[], turn: number): void;
  released(claim: Claim, release: Release): void;
  /** The store was set back, and knows no more of what it took in than it is said to know. */
  forget(isKnown: (id: string) => boolean): void;
}

export function createLedger(): Ledger {
  const claims = new Map<string, number>();
  const nameOf = ({ ticket, fence }: Claim) => `${ticket.id}/${fence}`;
  const ledger: Ledger = {
    asked: { otrs: 0, jira: 0 },
    effects: [],
    answered: new Set(),
    stored: new Map(),
    covered: new Map(),
    refused: new Set(),
    complaints: [],
    accepted: (events, turn, numberOf) => {
      for (const { id, ref } of events) {
        const number = numberOf(id);
        // What a sweep sees again is no news.
        if (!ledger.stored.has(id) || ledger.stored.get(id)?.number !== number) {
          ledger.stored.set(id, { turn, ref, number });
        }
      }
    },
    claimed: (claimed, turn) => {
      for (const claim of claimed) {
        claims.set(nameOf(claim), turn);
      }
    },
    released: (claim, { outcome }) => {
      const turn = claims.get(nameOf(claim));
      if (outcome !== 'later' && turn !== undefined) {
        ledger.covered.set(claim.ticket.id, turn);
      }
    },
    forget: (isKnown) => {
      for (const id of [...ledger.answered, ...ledger.stored.keys()].filter((each) => !isKnown(each))) {
        ledger.answered.delete(id);
        ledger.stored.delete(id);
      }
    },
  };
  return ledger;
}
