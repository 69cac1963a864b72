import { BridgeError } from '../../../src/errors.ts';
import { openLanes } from '../../turns.ts';
import { toBreakdownError } from './breakdown.ts';
import type { Call } from './call.ts';
import type { Limiter } from './limiter.ts';

/** Admits calls, as many at a time as are permitted and at the pace that JIRA allows. */
export function createLanes(concurrency: number, limiter: Pick<Limiter, 'admit'>) {
  const { inTurn, inTurnOfFiles } = openLanes(concurrency);

  const admit =
    (lane: typeof inTurn) =>
    <Result>(call: Call<unknown>, task: () => Promise<Result>): Promise<Result> =>
      lane(async () => {
        await limiter.admit(call.signal);
        return task();
      }, call.signal).catch((thrown: unknown) => {
        throw thrown instanceof BridgeError ? thrown : givenUp(call);
      });

  return { admitted: admit(inTurn), admittedFile: admit(inTurnOfFiles) };
}

/** The caller's signal came before the call's turn did, so nothing was sent. */
function givenUp(call: Call<unknown>): BridgeError {
  return toBreakdownError({ reason: 'given-up', error: { message: 'not sent' }, effect: 'none' }, call);
}
