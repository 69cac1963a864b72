/** What rings after a time. Each answers with what stops it. */
export interface Timers {
  once(ms: number, ring: () => void): () => void;
  every(ms: number, ring: () => void): () => void;
}

/** The timers of the platform: they go by a clock that nobody can set. */
export const platformTimers: Timers = {
  once: (ms, ring) => {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, ring) => {
    const timer = setInterval(ring, ms);
    return () => clearInterval(timer);
  },
};
