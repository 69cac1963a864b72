import type { DateTime } from 'luxon';

export interface Backlog {
  /** Tickets with events that no look has covered yet, and tickets that are due or in work. */
  readonly due: number;
  /** Milliseconds since the oldest uncovered event arrived; 0 when all are covered. */
  readonly oldestWaitMs: number;
  readonly deadLetters: number;
}

/** What operators watch besides the backlog. */
export interface Signals {
  /** Open dead letters by code. */
  readonly letters: Readonly<Record<string, number>>;
  /** Up to when the sweep of each system has provably seen everything, by the clock of that system. */
  readonly sweptUntil: Readonly<Record<string, DateTime>>;
  /** Tickets whose last look failed. */
  readonly retrying: number;
}
