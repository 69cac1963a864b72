import type { Store } from '../../src/store/store.ts';

/** What the work table says of a ticket. Moments are milliseconds by the clock of the bridge. */
export interface WorkOf {
  readonly ticket: string;
  readonly due: number | undefined;
  readonly lease: number | undefined;
  readonly fence: number;
  readonly arrived: number;
  readonly covered: number;
}

/** A database that several processes use at once as they would a server's; one transaction after the other. */
export interface Database {
  /** What one process sees of it. */
  open(): Store;
  /** Forgets everything. */
  clear(): void;
  /** Takes a backup, in place of an earlier one. */
  keep(): void;
  /** Sets everything back to the backup. */
  restore(): void;

  /** What the checks read, past the store. */
  work(): readonly WorkOf[];
  /** Calls that may have taken effect: tickets and keys of the actions. */
  doubts(): readonly { readonly ticket: string; readonly key: string }[];
  /** Open letters; without a key for the ticket as a whole. */
  letters(): readonly { readonly ticket: string; readonly key: string | undefined }[];
  /** Tickets that have an issue, by its id. */
  owners(): ReadonlyMap<string, string>;
  /** The number that the event has within its ticket; undefined for one that the store does not know. */
  numberOf(event: string): number | undefined;
  /** Sets the end of a lease, as no process could: for promises that are broken on purpose. */
  setLease(ticket: string, until: number | undefined): void;
}
