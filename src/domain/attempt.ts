import type { DateTime } from 'luxon';
import type { ActionKey } from './action.ts';
import type { SystemName } from './ticket.ts';

/** A call to a connected system as it is kept: secrets and personal data are redacted, texts are told by their length. */
export interface KeptExchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Milliseconds from the first byte sent to the end of the answer. */
  readonly ms: number;
  /** Absent where no answer came. */
  readonly status?: number;
  readonly request?: unknown;
  /** Of a call that failed: what is known of the answer. */
  readonly answer?: unknown;
  /** Code of the error that the call was taken for; absent for one that went well. */
  readonly fault?: string;
}

/** `done`, or what the error that it ended with called for. */
export type AttemptOutcome = 'done' | 'again' | 'outage' | 'in-doubt' | 'dead' | 'parked';

/** One try of an action. */
export interface Attempt {
  readonly key: ActionKey;
  /** Where the action was to take effect. */
  readonly system: SystemName;
  readonly at: DateTime;
  readonly ms: number;
  readonly outcome: AttemptOutcome;
  /** Code and message of the error; absent where it was done. */
  readonly code?: string;
  readonly message?: string;
  /** In order: the writes, and the reads that failed. */
  readonly exchanges: readonly KeptExchange[];
}
