import type { DateTime } from 'luxon';
import { type Action, systemOf } from '../domain/action.ts';
import type { Attempt, KeptExchange } from '../domain/attempt.ts';
import { BridgeError } from '../errors.ts';

/** Runs `work` and tells what calls it made: the writes, and the reads that failed. */
export type WatchCalls = <Result>(
  work: () => Promise<Result>,
) => Promise<{ readonly result: Result; readonly calls: readonly KeptExchange[] }>;

/** An answer or the error in its place, with what is to be kept of the try. */
export interface Tried<Answer> {
  readonly answer: Answer | BridgeError;
  /** Absent where nothing was sent: while a system is down, waiting is no try. */
  readonly attempt?: Attempt;
}

export interface TryContext {
  readonly now: () => DateTime;
  /** Absent: what was said is kept nowhere. */
  readonly watchCalls?: WatchCalls | undefined;
}

/** Makes one try of an action. `work` answers with its errors. */
export async function tryOnce<Answer>(
  action: Action,
  { now, watchCalls = unwatched }: TryContext,
  work: () => Promise<Answer | BridgeError>,
): Promise<Tried<Answer>> {
  const at = now();
  const { result: answer, calls } = await watchCalls(work);
  if (answer instanceof BridgeError && calls.length === 0 && isKeptAway(answer)) {
    return { answer };
  }

  const ms = now().diff(at).milliseconds;
  const tried = { key: action.key, system: systemOf(action), at, ms, exchanges: calls };
  return {
    answer,
    attempt:
      answer instanceof BridgeError
        ? { ...tried, outcome: answer.disposition, code: answer.code, message: answer.message }
        : { ...tried, outcome: 'done' },
  };
}

/** Where nobody listens to the connectors. */
export async function unwatched<Result>(work: () => Promise<Result>) {
  return { result: await work(), calls: [] };
}

/** The gate of a system that is down, a parked mapping or a limit of the desk's own turned it back. */
function isKeptAway({ code, disposition }: BridgeError): boolean {
  return disposition === 'outage' || disposition === 'parked' || code === 'RATE_LIMITED';
}
