import type { Deadline, Table4Result } from './table-4.ts';
import { advance, pausedBetween } from './term.ts';

/** When a stage has used up a share of its time (R28). */
export interface Warning {
  readonly deadline: Deadline;
  /** Percent. */
  readonly share: number;
  readonly at: number;
}

/**
 * Warnings of every deadline that is known, in order of time. Shares are of open and unpaused time, so a working
 * calendar warns inside its window only.
 */
export function warningsOf(
  { deadlines }: Pick<Table4Result, 'deadlines'>,
  shares: readonly number[],
): readonly Warning[] {
  return deadlines
    .flatMap((deadline) => shares.map((share) => ({ deadline, share, at: momentOf(deadline, share) })))
    .flatMap((warning) => (warning.at === undefined ? [] : [{ ...warning, at: warning.at }]))
    .sort((left, right) => left.at - right.at);

  function momentOf({ start, at, calendar, pauses }: Deadline, share: number): number | undefined {
    if (at === undefined || share === 100) {
      return at;
    }

    const opensAt = calendar.openBefore(start);
    const closesAt = calendar.openBefore(at);
    const ms = ((closesAt - opensAt - pausedBetween(opensAt, closesAt, pauses)) * share) / 100;
    return advance(start, { kind: 'open', ms: Math.ceil(ms) }, calendar, pauses);
  }
}
