/** Shorter times than this say nothing about growth. */
const MEASURABLE_MS = 8;

/**
 * How many times longer the work takes on an input eight times as large: 8 where time is linear, 64 where it is quadratic,
 * 1 where it is too quick to tell. Times are ratios of one run, in processor time of this process, the quickest of several:
 * what the machine does besides must not count.
 */
export function growth(work: (size: number) => unknown, size: number): number {
  const long = quickest(() => work(size));
  return long < MEASURABLE_MS ? 1 : long / quickest(() => work(size / 8));
}

/** Between linear and quadratic, with room for caches and garbage. */
export const NEARLY_LINEAR = 24;

function quickest(work: () => unknown): number {
  const times = Array.from({ length: 3 }, () => {
    const started = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}
