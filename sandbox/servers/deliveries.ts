import { setTimeout as sleep } from 'node:timers/promises';

/** Messages that are sent until they are taken, several at once. */
export interface Deliveries {
  /** Tries at once, and again after `retryMs`. `isTaken` must not throw; the signal ends it. */
  send(isTaken: (stopped: AbortSignal) => Promise<boolean>, retryMs: number): void;
  /** Resolves when every message so far was taken. */
  settled(): Promise<void>;
  /** Gives up what is not taken yet. */
  stop(): Promise<void>;
}

export function keepDelivering(): Deliveries {
  const stopped = new AbortController();
  const { signal } = stopped;
  const underWay = new Set<Promise<void>>();
  const deliver = async (isTaken: (signal: AbortSignal) => Promise<boolean>, retryMs: number) => {
    while (!signal.aborted && !(await isTaken(signal))) {
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    }
  };

  return {
    send: (isTaken, retryMs) => {
      const delivery = deliver(isTaken, retryMs).finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    },
    settled: async () => {
      while (underWay.size > 0) {
        await Promise.all(underWay);
      }
    },
    stop: async () => {
      stopped.abort();
      await Promise.all(underWay);
    },
  };
}
