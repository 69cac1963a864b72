import { BridgeError } from '../../../src/errors.ts';
import { type Call, describeCall, type Effect, nameOfCall } from './call.ts';

/** Why there is no answer: the bridge gave the call up, its time ran out, it is larger than is believed, or the connection failed. */
export interface Breakdown {
  readonly reason: 'given-up' | 'time-out' | 'too-large' | 'broken';
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
  if (breakdown.reason === 'too-large' && breakdown.effect !== 'once') {
    // The system is well: this one record is what no ticket should wait for.
    return new BridgeError('ANSWER_UNREADABLE', `${describeCall(call)}: ${sentenceOf(breakdown)}`, options);
  }

  const code = breakdown.effect === 'once' ? 'OUTCOME_UNKNOWN' : 'SYSTEM_UNREACHABLE';
  return new BridgeError(code, `${describeCall(call)}: ${sentenceOf(breakdown)}`, options);
}

function sentenceOf({ reason, error }: Breakdown): string {
  switch (reason) {
    case 'given-up':
      return 'the bridge gave the call up, because it stops or has lost the ticket';
    case 'time-out':
      return 'JIRA did not answer in time';
    case 'too-large':
      return 'the answer is larger than any that the bridge takes';
    case 'broken':
      return `the connection failed (${error.code === 'ERR_PROXY_TUNNEL' ? error.message : (error.code ?? error.message)})`;
  }
}
