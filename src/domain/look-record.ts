import type { DateTime } from 'luxon';
import type { KeptExchange } from './attempt.ts';
import type { Clock } from './clock/clock.ts';

/** The terms of a ticket as a look found them, in few words. */
export interface ClockSeen {
  readonly status: Clock['status'];
  readonly priority?: number;
  /** Epoch milliseconds by stage, of the stages that are not done. */
  readonly due: Readonly<Record<string, number>>;
  /** Stages whose deadline was missed. */
  readonly missed: readonly string[];
}

/** What a look came to, as it is kept. */
export interface LookRecord {
  /** Milliseconds. */
  readonly ms: number;
  /** `settled`, `buried` or `later`: how the ticket was given back. */
  readonly outcome: string;
  /** Version of the rules; empty for a look that did not come to them. */
  readonly rules: string;
  /** Keys of the actions that were done, adopted or refused, in order. */
  readonly actions: readonly string[];
  /** Codes of what failed for now, in alphabetical order. */
  readonly held: readonly string[];
  /** What the first of them says. */
  readonly message?: string;
  readonly clock?: ClockSeen;
  readonly nextLookAt?: DateTime;
  /** Reads that failed. */
  readonly exchanges: readonly KeptExchange[];
}

/** A look that did something, or a row of looks that came to the same. */
export interface StoredLook extends Omit<LookRecord, 'nextLookAt'> {
  readonly from: DateTime;
  readonly to: DateTime;
  readonly times: number;
  /** The newest arrival that it knew of; absent for a row of looks. */
  readonly covers?: number;
  readonly nextLookAt?: DateTime;
}

/** The clock of a decision in few words. */
export function clockSeen({ status, priority, stages, breaches }: Clock): ClockSeen {
  const open = stages.flatMap(({ stage, deadline, done }) =>
    deadline?.at === undefined || done !== undefined ? [] : [[stage, deadline.at] as const],
  );
  return {
    status,
    ...(priority === undefined ? {} : { priority }),
    due: Object.fromEntries(open),
    missed: [...new Set(breaches.map(({ deadline }) => deadline.name))],
  };
}
