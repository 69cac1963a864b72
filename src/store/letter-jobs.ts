import type { DateTime } from 'luxon';
import type { LetterFilter } from './store.ts';

/** What a job does with each of its letters. */
export type JobAct = 'replay' | 'discard';

/** `stopped` waits for a person: by order, or because a batch failed more than it mended. */
export type JobState = 'running' | 'stopped' | 'done';

/**
 * A letter within a job. `waiting`: ordered, and no look has ended yet. `passed`: somebody else dealt with it, or it cannot
 * be done in bulk.
 */
export type JobItemState = 'todo' | 'waiting' | 'mended' | 'failed' | 'passed';

export interface JobOrder {
  readonly id: string;
  readonly act: JobAct;
  readonly filter: LetterFilter;
  readonly by: string;
  readonly at: DateTime;
  /** Why, where it was asked for. */
  readonly reason?: string;
  readonly state: JobState;
  /** Why it stopped, and who stopped it. */
  readonly note?: string;
  /** Letters that it may order within a minute. */
  readonly perMinute: number;
  /** Letters of the batch in hand, and its number from 1 on; 0 before the first. The first is one alone: the canary. */
  readonly batch: number;
  readonly turn: number;
  /** The next batch does not begin before. */
  readonly nextAt: DateTime;
}

/** A job with what became of its letters so far. */
export interface LetterJob extends JobOrder {
  readonly progress: Readonly<Record<JobItemState, number>>;
  /** Open letters of the filter that are not part of the job: they came after it began. */
  readonly newOnes: number;
}

/** A letter of a job; `turn` is the number of the batch that it went with, 0 before. */
export interface JobItem {
  readonly letter: string;
  readonly state: JobItemState;
  readonly turn: number;
  /** The job has acted on the letter since it was begun or resumed, be it that nobody could write that down. */
  readonly isActedOn?: boolean;
}

export interface JobOutcome extends JobItem {
  /** The letter that took its place: its action was refused again with another content. The job has that one from then on. */
  readonly became?: string;
}

export interface NewJob {
  readonly act: JobAct;
  readonly filter: LetterFilter;
  readonly by: string;
  readonly now: DateTime;
  readonly reason?: string;
  readonly perMinute: number;
}

/** What one step of a job came to. */
export interface JobStep {
  readonly items: readonly JobOutcome[];
  readonly batch: number;
  readonly turn: number;
  readonly nextAt: DateTime;
  readonly state: JobState;
  readonly note?: string;
}

/** A right to work at a job for a time. */
export interface JobClaim {
  readonly job: JobOrder;
  readonly fence: number;
}

/** Bulk acts as tracked jobs, worked off by the running bridge, any instance of it, one at a time. */
export interface JobBook {
  /**
   * Begins a job over the open letters of the filter as they are now. `LETTER_TAKEN`, with the other job, if a running one
   * still has any of them in hand.
   */
  beginJob(job: NewJob): Promise<LetterJob>;
  /** Newest first. */
  jobs(limit: number): Promise<readonly LetterJob[]>;
  /** Those whose ids begin so. */
  jobsLike(beginning: string, limit: number): Promise<readonly LetterJob[]>;
  /** Stops it after what is in hand. `LETTER_TAKEN` if it is not running, `LETTER_UNKNOWN` for an id that nobody has. */
  stopJob(id: string, who: string, now: DateTime): Promise<LetterJob>;
  /**
   * Goes on with a stopped one, with a single letter first; `withNew` takes in letters that came since, also when it is done.
   * `LETTER_TAKEN` as when one begins.
   */
  resumeJob(id: string, withNew: boolean, who: string, now: DateTime): Promise<LetterJob>;

  /** A job that nobody works at and that is due: a running one, or a stopped one that has letters in hand. */
  claimJob(owner: string, leaseMs: number, now: DateTime): Promise<JobClaim | undefined>;
  /** Items of the state, in the order of the letters' first failures. */
  jobItems(id: string, state: JobItemState, limit: number): Promise<readonly JobItem[]>;
  /** What became of the letters of one batch. */
  batchProgress(id: string, turn: number): Promise<Readonly<Record<JobItemState, number>>>;
  /** Writes down what came of a step and gives the job back. False if the claim was lost or the job does not run. */
  finishStep(claim: JobClaim, step: JobStep, now: DateTime): Promise<boolean>;
}
