import type { TicketEvent } from '../domain/event.ts';
import { toBridgeError } from '../errors.ts';
import type { Sink } from './intake.ts';

/** Calls of the sink at once, so that one that hangs holds up a part of the arrivals only. */
const AT_ONCE = 4;
/** Arrivals in one call: those of a burst are told bit by bit that they are durable, and not all at its end. */
const MOST_TOGETHER = 50;

interface Arrival {
  readonly events: readonly TicketEvent[];
  readonly taken: PromiseWithResolvers<void>;
}

/**
 * What arrives while others are being taken in goes into the store with whatever else came meanwhile: one transaction and
 * one wait for the disk for all of them. Each hears of its own end only: where a batch was refused, its arrivals are taken
 * one by one, unless the store is away.
 */
export function takeTogether(sink: Sink, atOnce = AT_ONCE): Sink {
  const waiting: Arrival[] = [];
  let inHand = 0;

  const takeWaiting = async () => {
    inHand += 1;
    while (waiting.length > 0) {
      await takeBatch(waiting.splice(0, MOST_TOGETHER), sink);
    }
    inHand -= 1;
  };

  return (events) => {
    const taken = Promise.withResolvers<void>();
    waiting.push({ events, taken });
    if (inHand < atOnce) {
      void takeWaiting();
    }
    return taken.promise;
  };
}

async function takeBatch(batch: readonly Arrival[], sink: Sink): Promise<void> {
  try {
    await sink(batch.flatMap(({ events }) => events));
    for (const { taken } of batch) {
      taken.resolve();
    }
  } catch (thrown) {
    if (batch.length === 1 || toBridgeError(thrown).disposition === 'outage') {
      for (const { taken } of batch) {
        taken.reject(thrown);
      }
      return;
    }
    for (const arrival of batch) {
      await takeBatch([arrival], sink);
    }
  }
}
