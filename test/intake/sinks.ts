import { setTimeout as sleep } from 'node:timers/promises';
import type { TicketEvent } from '../../src/domain/event.ts';

export interface CollectingSink {
  readonly take: (events: readonly TicketEvent[]) => Promise<void>;
  readonly events: TicketEvent[];
  /** Batch sizes in the order of taking. */
  readonly batches: number[];
  /** Calls that failed. */
  readonly refusals: number;
  /** Calls that `hold` keeps waiting. */
  readonly waiting: number;
  /** The next call fails; calls after it succeed. */
  failNext(error: Error): void;
  /** Every call fails for as long as the answer is an error. */
  failWhile(fault: (events: readonly TicketEvent[]) => Error | undefined): void;
  /** Calls wait until the function that it returns is called. */
  hold(): () => void;
  /** Empties the memory and lifts every failure. */
  forget(): void;
}

/** A store that remembers what it took, and fails on demand. */
export function collectingSink(): CollectingSink {
  const events: TicketEvent[] = [];
  const batches: number[] = [];
  const none = () => undefined;
  const state: {
    refusals: number;
    waiting: number;
    fault: (events: readonly TicketEvent[]) => Error | undefined;
    gate: Promise<void> | undefined;
  } = { refusals: 0, waiting: 0, fault: none, gate: undefined };

  return {
    events,
    batches,
    get refusals() {
      return state.refusals;
    },
    get waiting() {
      return state.waiting;
    },
    async take(batch) {
      if (state.gate !== undefined) {
        state.waiting += 1;
        await state.gate;
        state.waiting -= 1;
      }
      const fault = state.fault(batch);
      if (fault !== undefined) {
        state.refusals += 1;
        throw fault;
      }
      batches.push(batch.length);
      events.push(...batch);
    },
    failNext(error) {
      state.fault = () => {
        state.fault = none;
        return error;
      };
    },
    failWhile(fault) {
      state.fault = fault;
    },
    hold() {
      const gate = Promise.withResolvers<void>();
      state.gate = gate.promise;
      return () => {
        state.gate = undefined;
        gate.resolve();
      };
    },
    forget() {
      events.length = 0;
      batches.length = 0;
      state.refusals = 0;
      state.fault = none;
    },
  };
}

/** Waits for a condition. Gives up after half a minute, so that a test that failed does not go on for ever. */
export async function untilTrue(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await condition())) {
    if (performance.now() > deadline) {
      throw new Error(`This did not come true within 30 s: ${condition}`);
    }
    await sleep(5);
  }
}
