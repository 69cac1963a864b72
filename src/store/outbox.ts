import type { DateTime } from 'luxon';
import type { News } from '../domain/news.ts';
import type { Claim } from './store.ts';

/** News as they are sent. `position` rises from one to the next of a ticket. */
export interface WaitingNews extends News {
  readonly position: number;
}

/** News that wait for the broker, and the memory of what was told. */
export interface Outbox {
  /**
   * Since when news are wanted: the first call writes its own moment down. Nothing older is told, and dead letters of
   * before count as told.
   */
  since(now: DateTime): Promise<DateTime>;
  /** Writes what was never written before; the others are passed over. Fenced like `remember`. */
  tell(claim: Claim, news: readonly News[]): Promise<void>;
  /**
   * Takes or keeps the turn to relay for `leaseMs`; false while another owner has it. A lease that ends later than it can
   * (the clock was set back) is void.
   */
  takeTurn(owner: string, leaseMs: number, now: DateTime): Promise<boolean>;
  /** Whether anything is to be told. Looks only: it writes nothing and locks nothing. */
  isAnything(): Promise<boolean>;
  /** What is to be told next, in order within each ticket; what became of dead letters meanwhile is among it. */
  waiting(limit: number): Promise<readonly WaitingNews[]>;
  /** The broker has them. */
  sent(ids: readonly string[], now: DateTime): Promise<void>;
  /**
   * Gives up what waits since before `patience`, and the oldest of what is more than `limit`; forgets what ended before
   * `memory`. Answers how many were given up.
   */
  prune(bounds: OutboxBounds, now: DateTime): Promise<number>;
  /** How many wait. */
  size(): Promise<number>;
}

export interface OutboxBounds {
  readonly patience: DateTime;
  readonly memory: DateTime;
  readonly limit: number;
}
