/** Messages that are written but not confirmed yet. */
export interface InFlight {
  isFull(): boolean;
  /**
   * Adds a message. `landed` resolves with the problem, or with undefined once the broker has taken it; after the
   * deadline it resolves with `late`, and `onLate` is called.
   */
  takeOff(): { readonly id: string; readonly landed: Promise<string | undefined> };
  /** A message landed: confirmed if there is no problem. Unknown ids, which landed before, are ignored. */
  land(id: string, problem: string | undefined): void;
  landAll(problem: string): void;
  /** Resolves at the next landing, if the window is full: ask again then. */
  room(): Promise<void>;
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>;
}

export interface InFlightSettings {
  readonly limit: number;
  readonly deadlineMs: number;
  readonly late: string;
  readonly onLate: () => void;
}

/** A bounded window of messages, each with a deadline: memory stays bounded and no publisher waits for ever. */
export function createInFlight({ limit, deadlineMs, late, onLate }: InFlightSettings): InFlight {
  const flights = new Map<string, (problem: string | undefined) => void>();
  let sequence = 0;
  let landing = Promise.withResolvers<void>();

  function land(id: string, problem: string | undefined): void {
    flights.get(id)?.(problem);
    landing.resolve();
    landing = Promise.withResolvers<void>();
  }

  return {
    isFull: () => flights.size >= limit,

    takeOff() {
      sequence += 1;
      const id = String(sequence);
      const landed = new Promise<string | undefined>((resolve) => {
        const deadline = setTimeout(() => {
          land(id, late);
          onLate();
        }, deadlineMs);
        flights.set(id, (problem) => {
          clearTimeout(deadline);
          flights.delete(id);
          resolve(problem);
        });
      });
      return { id, landed };
    },

    land,

    landAll(problem) {
      for (const id of [...flights.keys()]) {
        land(id, problem);
      }
    },

    async room() {
      if (flights.size >= limit) {
        await landing.promise;
      }
    },

    async idle() {
      while (flights.size > 0) {
        await landing.promise;
      }
    },
  };
}
