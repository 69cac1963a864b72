import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { BridgeError, toBridgeError } from '../../errors.ts';
import type { JobClaim, JobItem, JobItemState, JobOrder, JobOutcome, JobStep } from '../../store/letter-jobs.ts';
import type { DeadLetter, Store } from '../../store/store.ts';
import { platformTimers, type Timers } from '../timers.ts';
import { findLetter, type ReadMessage, replayLetter, usualReplay } from './office.ts';

export interface JobContext {
  readonly store: Store;
  readonly owner: string;
  readonly now: () => DateTime;
  readonly readMessage: ReadMessage;
  readonly log: Logger;
  /** Tickets became due. */
  readonly wake: () => void;
  readonly timers?: Timers;
}

export interface JobWorker {
  stop(): Promise<void>;
}

/** How often it is looked whether there is a job, or an outcome. */
const POLL_MS = 1_000;
/** Longer than a batch takes to be ordered. */
const LEASE_MS = 60_000;

/** The canary, then more and more at a time. */
const BATCHES = [1, 2, 5, 20, 50];

/** Letters that one batch passes over at most, beside those that it orders. */
const MOST_PASSED = 100;

/** Open letters of one ticket among which the one about an action is looked for. */
const MOST_OF_TICKET = 100;

/** Works jobs off, a batch at a time. Any instance does; a job whose instance died goes on after the lease. */
export function startJobWorker(context: JobContext): JobWorker {
  const { store, owner, now, log, timers = platformTimers } = context;
  let running: Promise<void> | undefined;
  let isFailing = false;

  const step = async () => {
    try {
      const claim = await store.claimJob(owner, LEASE_MS, now());
      if (claim !== undefined) {
        const done = await stepJob(claim, context);
        await store.finishStep(claim, done, now());
        tell(claim.job, done, log);
      }
      isFailing = false;
    } catch (thrown) {
      if (!isFailing) {
        log.warn({ error: toBridgeError(thrown).message }, 'a job on dead letters does not get on');
      }
      isFailing = true;
    }
  };

  const stop = timers.every(POLL_MS, () => {
    running ??= step().finally(() => {
      running = undefined;
    });
  });
  return {
    stop: async () => {
      stop();
      await running;
    },
  };
}

function tell({ id, act, state: before }: JobOrder, { state, note }: JobStep, log: Logger): void {
  if (state !== before) {
    log.info({ job: id, act, state, note }, 'job on dead letters ended');
  }
}

/**
 * One step: what is waiting is looked after first; a batch begins when the one before is over, and none does after one that
 * failed more than it mended.
 */
export async function stepJob(claim: JobClaim, context: JobContext): Promise<JobStep> {
  const { store, now } = context;
  const { job } = claim;
  const { id, batch, turn } = job;
  const waiting = await store.jobItems(id, 'waiting', BATCHES.at(-1) ?? 1);
  const items = await Promise.all(waiting.map(async (item) => ({ ...item, ...(await outcomeOf(item, job, context)) })));
  const soon = now().plus({ milliseconds: POLL_MS });
  if (job.state === 'stopped') {
    return { items: changed(items), batch, turn, nextAt: soon, state: 'stopped' };
  }
  const left = items.filter(({ state }) => state === 'waiting').length;
  if (left > 0) {
    const note = `waits for what came of ${left}`;
    return { items: changed(items), batch, turn, nextAt: soon, state: 'running', note };
  }

  const before = await store.batchProgress(id, turn);
  const failed = before.failed + count(items, 'failed');
  const mended = before.mended + count(items, 'mended');
  if (turn > 0 && failed > mended) {
    const note = `${failed} of ${failed + mended} failed again: nothing more is sent until somebody resumes it`;
    return { items, batch, turn, nextAt: soon, state: 'stopped', note };
  }

  // None has gone yet, or somebody resumed the job, or others dealt with all of them: that proves nothing, so no more go.
  const size = failed + mended === 0 ? batch : nextSize(batch);
  const begun = await beginBatch(job, size, context);
  if (begun.length === 0) {
    return { items, batch, turn, nextAt: soon, state: 'done' };
  }

  context.wake();
  const sent = begun.length - count(begun, 'passed');
  const pauseMs = Math.max(POLL_MS, (sent * 60_000) / job.perMinute);
  const nextAt = now().plus({ milliseconds: pauseMs });
  return { items: [...items, ...begun], batch: size, turn: turn + 1, nextAt, state: 'running' };
}

/** Orders as many as the batch has room for; what is passed over takes none of it. */
async function beginBatch(job: JobOrder, size: number, context: JobContext): Promise<readonly JobOutcome[]> {
  const begun: JobOutcome[] = [];
  let sent = 0;
  for (const item of await context.store.jobItems(job.id, 'todo', size + MOST_PASSED)) {
    if (sent === size) {
      break;
    }
    const came = await begin(item, job, context);
    begun.push({ letter: item.letter, turn: job.turn + 1, ...came });
    sent += came.state === 'passed' ? 0 : 1;
  }
  return begun;
}

function nextSize(batch: number): number {
  return BATCHES.find((size) => size > batch) ?? batch;
}

function changed(items: readonly JobOutcome[]): readonly JobOutcome[] {
  return items.filter(({ state }) => state !== 'waiting');
}

function count(items: readonly JobItem[], state: JobItemState): number {
  return items.filter((each) => each.state === state).length;
}

type Outcome = Pick<JobOutcome, 'state' | 'became'>;

/** Orders what is to be done. A letter that somebody else has dealt with, or that cannot be replayed, is passed over. */
async function begin(item: JobItem, job: JobOrder, context: JobContext): Promise<Outcome> {
  if (item.isActedOn === true) {
    // This instance, or another one, was killed between the act and the end of the step.
    return outcomeOf(item, job, context);
  }

  const { store, readMessage, now } = context;
  const by = { who: job.by, now: now(), job: job.id, ...(job.reason === undefined ? {} : { reason: job.reason }) };
  try {
    const letter = await findLetter({ store }, item.letter);
    if (job.act === 'discard') {
      await store.discardLetter(letter, by);
      return { state: 'mended' };
    }
    const replayed = await replayLetter({ store, readMessage }, letter, usualReplay(letter), by);
    return { state: replayed.outcome === 'ordered' ? 'waiting' : 'mended' };
  } catch (thrown) {
    const { code } = toBridgeError(thrown);
    if (code === 'LETTER_TAKEN' || code === 'LETTER_UNKNOWN' || code === 'LETTER_UNUSABLE') {
      return { state: 'passed' };
    }
    throw thrown;
  }
}

async function outcomeOf({ letter: id }: JobItem, { act }: JobOrder, { store }: JobContext): Promise<Outcome> {
  const letter = await findLetter({ store }, id).catch((thrown: unknown) => {
    if (thrown instanceof BridgeError && thrown.code === 'LETTER_UNKNOWN') {
      return undefined;
    }
    throw thrown;
  });
  switch (letter?.state) {
    case 'open':
      return { state: letter.order === undefined ? 'failed' : 'waiting' };
    case 'resolved':
      return letter.resolution?.how === 'revised' ? { state: 'passed' } : replacedBy(letter, store);
    case 'discarded':
      return { state: act === 'discard' ? 'mended' : 'passed' };
    default:
      return { state: 'passed' };
  }
}

/** By other rules the action has another content: what became of that is what counts. */
async function replacedBy({ ticket, action, resolution }: DeadLetter, store: Store): Promise<Outcome> {
  if (resolution?.how !== 'replaced' || ticket === undefined || action === undefined) {
    return { state: 'mended' };
  }

  const intent = await store.intent(ticket, action.key);
  switch (intent?.state) {
    case 'refused': {
      const open = await store.deadLetters({ ticket, state: 'open', limit: MOST_OF_TICKET });
      const became = open.find((each) => each.action?.key === action.key)?.id;
      return { state: 'failed', ...(became === undefined ? {} : { became }) };
    }
    case 'sending':
    case 'unsent':
      return { state: 'waiting' };
    default:
      return { state: 'mended' };
  }
}
