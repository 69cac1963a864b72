import { setImmediate as immediately } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { openLanes } from '../../connectors/turns.ts';

const { signal } = new AbortController();

describe('turns of files and of everything else', () => {
  test.each([
    [1, 1, 1],
    [2, 1, 1],
    [4, 2, 2],
    [5, 2, 3],
  ])('of %i turns files have at most %i, and %i stay for everything else', async (limit, files, others) => {
    const { inTurn, inTurnOfFiles } = openLanes(limit);
    const running = { file: 0, other: 0 };
    const end = Promise.withResolvers<void>();
    const task = (kind: keyof typeof running) => async () => {
      running[kind] += 1;
      await end.promise;
    };

    const ofFiles = Array.from({ length: 9 }, () => inTurnOfFiles(task('file'), signal));
    await immediately();
    const ofOthers = Array.from({ length: 9 }, () => inTurn(task('other'), signal));
    await immediately();

    expect(running).toEqual({ file: files, other: others });
    end.resolve();
    await Promise.all([...ofFiles, ...ofOthers]);
    expect(running).toEqual({ file: 9, other: 9 });
  });

  test('what is given up while it waits does not run', async () => {
    const { inTurnOfFiles } = openLanes(1);
    const end = Promise.withResolvers<void>();
    const first = inTurnOfFiles(() => end.promise, signal);
    const giveUp = new AbortController();
    const waiting = inTurnOfFiles(() => Promise.reject(new Error('ran')), giveUp.signal);
    giveUp.abort(new Error('given up'));

    await expect(waiting).rejects.toThrow('given up');
    end.resolve();
    await first;
  });
});
