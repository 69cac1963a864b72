import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../../src/store/store.ts';
import { MINUTE, now, plus, type Subject } from './sample.ts';

/** Who polls, and from which moment. */
export function describeSweeps(open: () => Promise<Subject>): void {
  describe('sweeps', () => {
    let subject: Subject;
    let store: Store;

    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });

    afterEach(() => subject.close());

    test('a sweep begins once in its time, on one instance', async () => {
      const begun = await Promise.all(
        [store, subject.other, store, subject.other].map((from) => from.beginSweep('jira', MINUTE, now)),
      );
      expect(begun.filter((turn) => turn !== undefined)).toEqual([{ since: undefined }]);
      expect(await store.beginSweep('jira', MINUTE, plus(MINUTE - 1))).toBeUndefined();
      expect(await store.beginSweep('otrs', MINUTE, now)).toEqual({ since: undefined });
    });

    test('a turn that came to nothing is given back to whoever asks next, and no other turn', async () => {
      await store.moveSweepMark('jira', undefined, plus(-5));
      await store.beginSweep('jira', MINUTE, plus(MINUTE));
      await store.leaveSweep('jira', plus(MINUTE - 1));
      expect(await subject.other.beginSweep('jira', MINUTE, plus(MINUTE + 1))).toBeUndefined();
      await store.leaveSweep('jira', plus(MINUTE));
      expect(await subject.other.beginSweep('jira', MINUTE, plus(MINUTE + 1))).toEqual({ since: plus(-5) });
    });

    test('a sweep goes on from where the last good one has seen everything', async () => {
      await store.beginSweep('jira', MINUTE, now);
      await store.moveSweepMark('jira', undefined, plus(-5));
      expect(await store.beginSweep('jira', MINUTE, plus(MINUTE))).toEqual({ since: plus(-5) });
    });

    test('a sweep that did not end is repeated from the same moment', async () => {
      await store.moveSweepMark('jira', undefined, plus(-5));
      await store.beginSweep('jira', MINUTE, plus(MINUTE));
      expect(await store.beginSweep('jira', MINUTE, plus(2 * MINUTE))).toEqual({ since: plus(-5) });
    });

    test('a sweep that ends late does not undo what a newer one has seen', async () => {
      await store.beginSweep('jira', MINUTE, now);
      await store.moveSweepMark('jira', undefined, plus(10));
      await store.moveSweepMark('jira', undefined, plus(5));
      await store.moveSweepMark('jira', plus(7), plus(8));
      expect(await store.beginSweep('jira', MINUTE, plus(MINUTE))).toEqual({ since: plus(10) });
    });

    test('the mark goes back with the clock of the system, by whoever knows where it was', async () => {
      await store.moveSweepMark('jira', undefined, plus(60 * MINUTE));
      await store.moveSweepMark('jira', plus(60 * MINUTE), plus(10));
      expect(await store.beginSweep('jira', MINUTE, now)).toEqual({ since: plus(10) });
    });

    test('a clock that was set back does not stop the sweeps', async () => {
      await store.beginSweep('jira', MINUTE, plus(60 * MINUTE));
      expect(await store.beginSweep('jira', MINUTE, now)).toBeDefined();
    });
  });
}
