import { isAxiosError } from 'axios';
import { BridgeError, toBridgeError } from '../../../src/errors.ts';
import type { JiraOptions } from '../options.ts';
import { type Breakdown, toBreakdownError } from './breakdown.ts';
import type { Call } from './call.ts';
import type { Pool } from './pool.ts';

/**
 * Ends a call with its time, which grows with the bytes of a file, and says what became of one without an answer. The
 * time begins when the call is sent: queues and pauses of the bridge's own are no slowness of JIRA.
 */
export function createBounds(
  { timeout_seconds, file_kilobytes_per_second }: Pick<JiraOptions, 'timeout_seconds' | 'file_kilobytes_per_second'>,
  pool: Pick<Pool, 'hadConnection'>,
) {
  return async <Result>(
    call: Call<unknown>,
    bytes: number,
    task: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> => {
    const seconds = timeout_seconds + bytes / (file_kilobytes_per_second * 1024);
    const deadline = AbortSignal.timeout(Math.ceil(seconds * 1_000));
    try {
      return await task(AbortSignal.any([call.signal, deadline]));
    } catch (error) {
      if (error instanceof BridgeError || !isBreakdown(error)) {
        throw toBridgeError(error);
      }

      const reason = reasonOf(error, call.signal, deadline);
      const effect = pool.hadConnection(isAxiosError(error) ? error.request : undefined) ? call.effect : 'none';
      throw toBreakdownError({ reason, error, effect }, call);
    }
  };
}

function reasonOf({ message }: Error, signal: AbortSignal, deadline: AbortSignal): Breakdown['reason'] {
  if (signal.aborted) {
    return 'given-up';
  }

  // axios has no code of its own for an answer that is too large.
  return deadline.aborted ? 'time-out' : message.startsWith('maxContentLength') ? 'too-large' : 'broken';
}

/** What axios tells, or the connection itself once the answer has begun. */
function isBreakdown(error: unknown): error is Error & { readonly code?: string } {
  return isAxiosError(error) || (typeof error === 'object' && error !== null && 'code' in error && 'message' in error);
}
