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
