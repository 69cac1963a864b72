import { AsyncLocalStorage } from 'node:async_hooks';
import type { ConnectorContext } from '../connector.ts';
import type { Claim } from '../store/store.ts';

/** Follows a look through everything that it calls. */
export interface LookTrace {
  /** Runs the look; calls that are counted meanwhile, at any depth, are its own. */
  run<Result>(claim: Claim, look: () => Promise<Result>): Promise<Result>;
  /** For the connectors: calls are counted, and carry the name of the arrival that the look answers to, or else of the look itself. */
  readonly hooks: Required<Pick<ConnectorContext, 'onCall' | 'callHeaders'>>;
  /** Calls of the look under the claim; asked for once, when the look has ended. */
  callsOf(claim: Claim): number;
}

export function createLookTrace(): LookTrace {
  const current = new AsyncLocalStorage<{ calls: number; readonly correlation: string }>();
  const ended = new WeakMap<Claim, { calls: number }>();

  return {
    run: (claim, look) => {
      const trace = { calls: 0, correlation: correlationOf(claim) };
      ended.set(claim, trace);
      return current.run(trace, look);
    },
    hooks: {
      callHeaders: () => {
        const trace = current.getStore();
        return trace === undefined ? {} : { 'X-Correlation-Id': trace.correlation };
      },
      onCall: () => {
        const trace = current.getStore();
        if (trace !== undefined) {
          trace.calls += 1;
        }
      },
    },
    callsOf: (claim) => ended.get(claim)?.calls ?? 0,
  };
}

/** Under which the look, its calls and its effects are known. */
export function correlationOf({ ticket, fence, correlation }: Claim): string {
  return correlation ?? `look-${ticket.id.replaceAll(/[^\w.-]/g, '_').slice(0, 40)}-${fence}`;
}
