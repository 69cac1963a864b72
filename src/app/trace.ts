import { AsyncLocalStorage } from 'node:async_hooks';
import type { Claim } from '../store/store.ts';

/** Follows a look through everything that it calls. */
export interface LookTrace {
  /** Runs the look; calls that are counted meanwhile, at any depth, are its own. */
  run<Result>(claim: Claim, look: () => Promise<Result>): Promise<Result>;
  /** A call begins. */
  count(): void;
  /** Calls of the look under the claim; asked for once, when the look has ended. */
  callsOf(claim: Claim): number;
}

export function createLookTrace(): LookTrace {
  const current = new AsyncLocalStorage<{ calls: number }>();
  const ended = new WeakMap<Claim, { calls: number }>();

  return {
    run: (claim, look) => {
      const trace = { calls: 0 };
      ended.set(claim, trace);
      return current.run(trace, look);
    },
    count: () => {
      const trace = current.getStore();
      if (trace !== undefined) {
        trace.calls += 1;
      }
    },
    callsOf: (claim) => ended.get(claim)?.calls ?? 0,
  };
}
