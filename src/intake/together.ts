import type { TicketEvent } from '../domain/event.ts';
import type { Sink } from './intake.ts';

/** Rings once after so many milliseconds, unless what it returns is called before. */
type Once = (ms: number, ring: () => void) => () => void;

/** Calls of the sink at once, besides those that take long. */
const AT_ONCE = 4;
/** A call that takes longer holds nobody up any more: another one may begin beside it. */
const LONG_MS = 250;
/** Arrivals in one call: those of a burst are told bit by bit that they are durable, and not all at its end. */
const MOST_TOGETHER = 50;

interface Arrival {
  readonly events: readonly TicketEvent[];
  readonly taken: PromiseWithResolvers<void>;
}

/**
 * What arrives while others are being taken in goes into the store with whatever else came meanwhile: one transaction and
 * one wait for the disk for all of them. Each hears of its own end only: where a batch fails, each of its arrivals is taken
 * by itself, as if it had come alone.
 */
export function takeTogether(sink: Sink, once: Once, atOnce = AT_ONCE): Sink {
  const waiting: Arrival[] = [];
  let inHand = 0;

  const takeNext = async () => {
    if (waiting.length === 0 || inHand >= atOnce) {
      return;
    }

    const batch = waiting.splice(0, MOST_TOGETHER);
    inHand += 1;
    let isCounted = true;
    const makeRoom = () => {
      inHand -= isCounted ? 1 : 0;
      isCounted = false;
      void takeNext();
    };
    const stop = once(LONG_MS, makeRoom);
    await takeBatch(batch, sink);
    stop();
    makeRoom();
  };

  return (events) => {
    const taken = Promise.withResolvers<void>();
    waiting.push({ events, taken });
    void takeNext();
    return taken.promise;
  };
}

async function takeBatch(batch: readonly Arrival[], sink: Sink): Promise<void> {
  const [first] = batch;
  if (first !== undefined && batch.length === 1) {
    await sink(first.events).then(first.taken.resolve, first.taken.reject);
    return;
  }

  try {
    await sink(batch.flatMap(({ events }) => events));
    for (const { taken } of batch) {
      taken.resolve();
    }
  } catch {
    await Promise.all(batch.map((arrival) => takeBatch([arrival], sink)));
  }
}
