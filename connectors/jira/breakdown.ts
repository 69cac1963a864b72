import { BridgeError } from '../../src/errors.ts';
import { type Call, describeCall, type Effect, nameOfCall } from './call.ts';

/** Why there is no answer: the bridge gave the call up, its time ran out, or the connection failed. */
export interface Breakdown {
  readonly reason: 'given-up' | 'time-out' | 'broken';
  readonly error: { readonly code?: string | undefined; readonly message: string; readonly cause?: unknown };
  /** What the call may have done: `none` if no byte of it has left. */
  readonly effect: Effect;
}

/** A call without an answer, as an error that says whether it may have taken effect. */
export function toBreakdownError(breakdown: Breakdown, call: Call<unknown>): BridgeError {
  const { error } = breakdown;
  const options = {
    ...(error.cause instanceof Error ? { cause: error.cause } : {}),
    details: { request: nameOfCall(call), code: error.code ?? breakdown.reason },
  };
  const code = breakdown.effect === 'once' ? 'OUTCOME_UNKNOWN' : 'SYSTEM_UNREACHABLE';
  return new BridgeError(code, `${describeCall(call)}: ${sentenceOf(breakdown)}`, options);
}

function sentenceOf({ reason, error }: Breakdown): string {
  switch (reason) {
    case 'given-up':
      return 'the bridge gave the call up, because it stops or has lost the ticket';
    case 'time-out':
      return 'JIRA did not answer in time';
    case 'broken':
      return `the connection failed (${error.code ?? error.message})`;
  }
}
