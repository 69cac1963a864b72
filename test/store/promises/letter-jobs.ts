import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { JobStep, NewJob } from '../../../src/store/letter-jobs.ts';
import type { Store } from '../../../src/store/store.ts';
import { letter, MINUTE, now, plus, type Subject, ticket } from './sample.ts';

/** Bulk acts, as they are kept. */
export function describeLetterJobs(open: () => Promise<Subject>): void {
  describe('jobs over letters', () => {
    let store: Store;
    let other: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, other, close } = await open());
      for (const id of ['1', '2', '3']) {
        await store.bury(letter({ ticket: ticket(id), code: 'INTERNAL', at: plus(Number(id)) }));
      }
      await store.bury(letter({ ticket: ticket('4'), code: 'REFUSED' }));
    });

    afterEach(() => close());

    const begin = (changes: Partial<NewJob> = {}) =>
      store.beginJob({
        act: 'replay',
        filter: { code: 'INTERNAL', since: now },
        by: 'petrova.2l',
        now,
        perMinute: 60,
        ...changes,
      });
    const step = (changes: Partial<JobStep> = {}): JobStep => ({
      items: [],
      batch: 1,
      turn: 1,
      nextAt: plus(MINUTE),
      state: 'running',
      ...changes,
    });

    test('a job has the open letters of its filter as they were when it began, the oldest first', async () => {
      const job = await begin();
      expect(job).toMatchObject({
        filter: { code: 'INTERNAL', since: now },
        state: 'running',
        by: 'petrova.2l',
        progress: { todo: 3, waiting: 0, mended: 0, failed: 0, passed: 0 },
        newOnes: 0,
      });
      const items = await store.jobItems(job.id, 'todo', 2);
      const letters = await store.deadLetters({ code: 'INTERNAL', limit: 3 });
      expect(items.map(({ letter: id }) => id)).toEqual(
        letters
          .toReversed()
          .slice(0, 2)
          .map(({ id }) => id),
      );

      await store.bury(letter({ ticket: ticket('9'), code: 'INTERNAL', at: plus(9) }));
      expect(await store.jobs(5)).toMatchObject([{ id: job.id, newOnes: 1, progress: { todo: 3 } }]);
    });

    test('one instance works at it at a time, and another one after its lease', async () => {
      await begin();
      const claim = await store.claimJob('one', MINUTE, now);
      expect(claim?.job.by).toBe('petrova.2l');
      expect(await other.claimJob('two', MINUTE, plus(MINUTE - 1))).toBeUndefined();
      const late = await other.claimJob('two', MINUTE, plus(MINUTE));
      expect(late).toBeDefined();

      expect(claim && (await store.finishStep(claim, step({ state: 'done' }), plus(MINUTE)))).toBe(false);
      expect(late && (await other.finishStep(late, step(), plus(MINUTE)))).toBe(true);
      expect(await store.jobs(1)).toMatchObject([{ state: 'running', turn: 1 }]);
    });

    test('what became of a batch is counted, and the next one begins in its time', async () => {
      const job = await begin();
      const claim = await store.claimJob('one', MINUTE, now);
      const [first] = await store.jobItems(job.id, 'todo', 1);
      if (claim === undefined || first === undefined) {
        throw new Error('there is nothing to do');
      }
      const items = [{ ...first, state: 'failed', turn: 1 } as const];
      await store.finishStep(claim, step({ items, note: '1 of 1 failed again' }), now);

      expect(await store.batchProgress(job.id, 1)).toMatchObject({ failed: 1, mended: 0, todo: 0 });
      expect(await store.jobs(1)).toMatchObject([{ note: '1 of 1 failed again', progress: { failed: 1, todo: 2 } }]);
      expect(await store.claimJob('one', MINUTE, plus(MINUTE - 1))).toBeUndefined();
      expect(await store.claimJob('one', MINUTE, plus(MINUTE))).toBeDefined();
    });

    test('a stop is kept although a step is under way, and what that did is written down', async () => {
      const job = await begin();
      const claim = await store.claimJob('one', MINUTE, now);
      const [first] = await store.jobItems(job.id, 'todo', 1);
      if (claim === undefined || first === undefined) {
        throw new Error('there is nothing to do');
      }
      await store.stopJob(job.id, 'smirnov.2l', now);
      const items = [{ ...first, state: 'waiting', turn: 1 } as const];
      expect(await store.finishStep(claim, step({ items }), now)).toBe(false);
      expect(await store.jobs(1)).toMatchObject([
        { state: 'stopped', note: 'stopped by smirnov.2l', progress: { waiting: 1, todo: 2 } },
      ]);
      await expect(store.stopJob(job.id, 'petrova.2l', now)).rejects.toMatchObject({ code: 'LETTER_TAKEN' });

      const again = await store.claimJob('one', MINUTE, plus(MINUTE));
      expect(again).toMatchObject({ job: { id: job.id, state: 'stopped' } });
      const mended = [{ ...first, state: 'mended', turn: 1 } as const];
      expect(again && (await store.finishStep(again, step({ items: mended }), plus(MINUTE)))).toBe(false);
      expect(await store.jobs(1)).toMatchObject([
        { state: 'stopped', note: 'stopped by smirnov.2l', progress: { mended: 1, waiting: 0, todo: 2 } },
      ]);
      expect(await store.claimJob('one', MINUTE, plus(2 * MINUTE))).toBeUndefined();
    });

    test('a step for a job that was stopped does not stop it again when it was resumed meanwhile', async () => {
      const job = await begin();
      const claim = await store.claimJob('one', MINUTE, now);
      const items = (await store.jobItems(job.id, 'todo', 1)).map((item) => ({ ...item, turn: 1 }));
      const waiting = items.map((item) => ({ ...item, state: 'waiting' as const }));
      await (claim && store.finishStep(claim, step({ items: waiting }), now));
      await store.stopJob(job.id, 'smirnov.2l', now);
      const late = await store.claimJob('one', MINUTE, plus(MINUTE));
      await store.resumeJob(job.id, false, 'smirnov.2l', plus(MINUTE));

      const mended = items.map((item) => ({ ...item, state: 'mended' as const }));
      await (late && store.finishStep(late, step({ items: mended, state: 'stopped' }), plus(MINUTE)));
      expect(await store.jobs(1)).toMatchObject([{ state: 'running', progress: { mended: 1, todo: 2 } }]);
    });

    test('a letter that took the place of another one does so in the job too', async () => {
      const job = await begin();
      const claim = await store.claimJob('one', MINUTE, now);
      const [first] = await store.jobItems(job.id, 'todo', 1);
      await store.bury(letter({ ticket: ticket('9'), code: 'INTERNAL', at: plus(9) }));
      const [newest] = await store.deadLetters({ code: 'INTERNAL', limit: 1 });
      if (claim === undefined || first === undefined || newest === undefined) {
        throw new Error('there is nothing to do');
      }
      const items = [{ ...first, state: 'failed', turn: 1, became: newest.id } as const];
      await store.finishStep(claim, step({ items }), now);

      expect(await store.jobs(1)).toMatchObject([{ progress: { failed: 1, todo: 2 } }]);
      expect(await store.jobItems(job.id, 'failed', 5)).toMatchObject([{ letter: newest.id }]);
    });

    test('goes on where it was, with new letters if that is wanted, and tries again what failed', async () => {
      const job = await begin();
      const claim = await store.claimJob('one', MINUTE, now);
      const items = (await store.jobItems(job.id, 'todo', 3)).map((each) => ({
        ...each,
        state: 'failed' as const,
        turn: 1,
      }));
      if (claim !== undefined) {
        await store.finishStep(claim, step({ items, state: 'stopped', batch: 20 }), now);
      }
      await store.bury(letter({ ticket: ticket('9'), code: 'INTERNAL', at: plus(9) }));

      await expect(store.resumeJob('nobody', true, 'petrova.2l', now)).rejects.toMatchObject({
        code: 'LETTER_UNKNOWN',
      });
      expect(await store.resumeJob(job.id, true, 'petrova.2l', now)).toMatchObject({
        state: 'running',
        batch: 1,
        newOnes: 0,
        progress: { todo: 4, failed: 0 },
      });
      await expect(store.resumeJob(job.id, true, 'petrova.2l', now)).rejects.toMatchObject({ code: 'LETTER_TAKEN' });
    });

    test('over letters that a running job still has in hand no second one begins, and is told of the first', async () => {
      const job = await begin();
      const second = begin({ act: 'discard', filter: { ticket: ticket('3') }, by: 'smirnov.2l', reason: 'test' });
      await expect(second).rejects.toMatchObject({
        code: 'LETTER_TAKEN',
        message: expect.stringMatching(
          `^job ${job.id} \\(replay, begun by petrova\\.2l at 2026-03-02T09:00.*\\) has 1 of these letters in hand`,
        ),
        details: { job: job.id },
      });
      expect(await store.jobs(5)).toMatchObject([{ id: job.id, state: 'running', progress: { todo: 3 } }]);

      expect(await begin({ filter: { code: 'REFUSED' } })).toMatchObject({ state: 'running', progress: { todo: 1 } });
    });

    test('letters with which a running job is done, and those of a stopped one, are free for another', async () => {
      const job = await begin();
      const claim = await store.claimJob('one', MINUTE, now);
      const items = (await store.jobItems(job.id, 'todo', 3)).map((item) => ({ ...item, turn: 1 }));
      const failed = items.map((item) => ({ ...item, state: 'failed' as const }));
      await (claim && store.finishStep(claim, step({ items: failed }), now));
      const second = await begin({ by: 'smirnov.2l' });
      expect(second.progress.todo).toBe(3);

      await store.stopJob(job.id, 'petrova.2l', now);
      await expect(store.resumeJob(job.id, false, 'petrova.2l', now)).rejects.toMatchObject({
        code: 'LETTER_TAKEN',
        message: expect.stringContaining(`job ${second.id} (replay, begun by smirnov.2l`),
      });
      expect(await store.jobsLike(job.id, 1)).toMatchObject([{ state: 'stopped', progress: { failed: 3 } }]);

      await store.stopJob(second.id, 'petrova.2l', now);
      expect(await store.resumeJob(job.id, false, 'petrova.2l', now)).toMatchObject({ state: 'running' });
    });

    test('of two that begin at the same moment over the same letters one does', async () => {
      // Nobody is held up by a connection that has yet to be opened.
      await Promise.all([store.jobs(1), other.jobs(1)]);
      const both = await Promise.allSettled(
        [store, other].map((each) =>
          each.beginJob({ act: 'replay', filter: { code: 'INTERNAL' }, by: 'petrova.2l', now, perMinute: 60 }),
        ),
      );
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(await store.jobs(5)).toHaveLength(1);
    });

    test('over nothing it does not begin', async () => {
      await expect(begin({ filter: { code: 'NOTHING' } })).rejects.toMatchObject({ code: 'LETTER_UNKNOWN' });
      expect(await store.jobs(1)).toEqual([]);
    });
  });
}
