import { BridgeError } from '../errors.ts';
import type { Intake, Sink } from './intake.ts';

/** The way in without a broker: what is published is in the store when the call returns. */
export function createDirectIntake(sink: Sink): Intake {
  const inHand = new Set<Promise<void>>();
  let isClosed = false;

  return {
    async publish(events) {
      if (isClosed) {
        throw new BridgeError('BROKER_UNAVAILABLE', 'The intake is closed: the bridge is shutting down.');
      }

      const taking = sink(events);
      inHand.add(taking);
      try {
        await taking;
      } finally {
        inHand.delete(taking);
      }
    },

    async start() {},

    health() {
      return isClosed ? { ok: false, detail: 'closed' } : { ok: true, detail: 'events go straight into the store' };
    },

    async close() {
      isClosed = true;
      await Promise.allSettled(inHand);
    },
  };
}
