import type { DateTime } from 'luxon';
import { toBridgeError } from '../errors.ts';
import type { Sink } from '../intake/intake.ts';

/** A failure counts this long: a bridge that nobody sends to any more because it is not ready must become ready again. */
const REMEMBERED = { seconds: 30 };

/** A sink that remembers its last failure, because a store can answer questions and still take nothing in (full disk). */
export function watchSink(sink: Sink, now: () => DateTime) {
  let failure: { readonly at: DateTime; readonly message: string } | undefined;

  return {
    sink: async (events: Parameters<Sink>[0]) => {
      try {
        await sink(events);
        failure = undefined;
      } catch (thrown) {
        failure = { at: now(), message: toBridgeError(thrown).message };
        throw thrown;
      }
    },
    /** Why the last events were not taken in, if that was a moment ago. */
    fault: (): string | undefined =>
      failure !== undefined && now() < failure.at.plus(REMEMBERED) ? failure.message : undefined,
  };
}
