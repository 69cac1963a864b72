import { BridgeError } from '../../../src/errors.ts';
import { takeTurns } from '../../turns.ts';
import { toBreakdownError } from './breakdown.ts';
import type { Call } from './call.ts';
import type { Limiter } from './limiter.ts';

/**
 * Admits calls, as many at a time as are permitted and at the pace that JIRA allows. Files take long, so some turns stay
 * for everything else.
 */
export function createLanes(concurrency: number, limiter: Pick<Limiter, 'admit'>) {
  const inTurn = takeTurns(concurrency);
  const inTurnOfFiles = takeTurns(Math.max(1, Math.floor(concurrency / 2)));

  const admitted = <Result>(call: Call<unknown>, task: () => Promise<Result>): Promise<Result> =>
    inTurn(async () => {
      await limiter.admit(call.signal);
      return task();
    }, call.signal).catch((thrown: unknown) => {
      throw thrown instanceof BridgeError ? thrown : givenUp(call);
    });

  return {
    admitted,
    admittedFile: <Result>(call: Call<unknown>, task: () => Promise<Result>): Promise<Result> =>
      inTurnOfFiles(() => admitted(call, task), call.signal).catch((thrown: unknown) => {
        throw thrown instanceof BridgeError ? thrown : givenUp(call);
      }),
  };
}

/** The caller's signal came before the call's turn did, so nothing was sent. */
function givenUp(call: Call<unknown>): BridgeError {
  return toBreakdownError({ reason: 'given-up', error: { message: 'not sent' }, effect: 'none' }, call);
}
