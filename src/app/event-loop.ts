import { performance } from 'node:perf_hooks';

/** The share of the time since the last question in which the event loop of this thread was not idle, 0 to 1. */
export function watchEventLoop(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}
