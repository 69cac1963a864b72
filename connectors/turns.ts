/** Lets at most `limit` tasks run at once; the others wait in the order of arrival and give up with their signal. */
export function takeTurns(limit: number) {
  let running = 0;
  const waiting: (() => void)[] = [];

  const enter = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(signal.reason);
      };
      const start = () => {
        signal.removeEventListener('abort', giveUp);
        running += 1;
        resolve();
      };
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }

      if (running < limit) {
        start();
        return;
      }

      waiting.push(start);
      signal.addEventListener('abort', giveUp, { once: true });
    });

  return async <Result>(task: () => Promise<Result>, signal: AbortSignal): Promise<Result> => {
    await enter(signal);
    try {
      return await task();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

/** Calls that can be under way at once where `limit` turns are given out. */
export function mostAtOnce(limit: number): number {
  return Math.max(limit, 2);
}

/**
 * Turns of files and of everything else. Files take long, so at most half of the turns are theirs and at least one stays
 * for everything else: where there is only one turn, a file goes beside it.
 */
export function openLanes(limit: number) {
  const inTurn = takeTurns(limit);
  const ofFiles = takeTurns(Math.max(1, Math.floor(limit / 2)));
  const inTurnOfFiles: typeof inTurn = (task, signal) =>
    limit === 1 ? ofFiles(task, signal) : ofFiles(() => inTurn(task, signal), signal);
  return { inTurn, inTurnOfFiles };
}
