import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { nameOf, type Ref } from '../domain/ticket.ts';
import { type BridgeError, toBridgeError } from '../errors.ts';
import type { Claim, Release, Store } from '../store/store.ts';
import { unwatched, type WatchCalls } from './attempt.ts';
import type { PartWith } from './gone-ticket.ts';
import { lookRecordOf } from './look-record.ts';
import { isFree, type Later, pauseAfter, settle, settleAll } from './settle.ts';
import type { Look } from './synchronise.ts';
import type { JustEnded, TellDelay } from './tell-delay.ts';
import { platformTimers, type Timers } from './timers.ts';

export interface WorkerOptions {
  /** Tickets in work at once, besides those whose files are on their way. */
  readonly concurrency: number;
  /** How long a claim lasts without renewal; must outlast the longest call. */
  readonly leaseMs: number;
  /** How long to sleep when nothing is due and nobody wakes the worker. */
  readonly pollMs: number;
  /** Failed looks in a row after which a dead letter makes the ticket visible. It is looked at again all the same. */
  readonly maxAttempts: number;
}

export interface WorkerContext {
  readonly store: Store;
  /** Names this process among others on the same store. */
  readonly owner: string;
  /** A look that will take long, and for files alone, says so: then it holds no other ticket up. */
  readonly look: (claim: Claim, signal: AbortSignal, stepAside: () => void) => Promise<Look>;
  readonly now: () => DateTime;
  readonly random: () => number;
  readonly log: Logger;
  readonly onLook: (ended: EndedLook) => void;
  /** Asked about a look that could not even read: a ticket that is gone has an end of its own. Absent: it rests. */
  readonly partWith?: PartWith;
  /** Absent: what was said in reads that failed is kept nowhere. */
  readonly watchCalls?: WatchCalls;
  /** Lets the ticket say how its carrying stands after a look. Absent: nothing is said. */
  readonly tellDelay?: TellDelay;
  /** Tickets that may be in work now, where so many are. Absent: always as many as `concurrency`. */
  readonly room?: (inWork: number) => number;
  /** Absent: those of the platform. */
  readonly timers?: Timers;
}

export interface EndedLook {
  readonly claim: Claim;
  readonly release: Release;
  readonly look?: Look;
  readonly error?: BridgeError;
  readonly ms: number;
}

export interface Worker {
  /** Something became due: do not wait for the next poll. */
  wake(): void;
  /** Stops claiming, lets the looks in hand end for up to `graceMs`, then gives their tickets back. */
  stop(graceMs: number): Promise<void>;
}

/** Looks that may step aside, as a multiple of those in work: each holds its ticket in memory. */
const MOST_ASIDE = 4;

/** Claims due tickets and looks at them, several at a time, one look per ticket at a time. */
export function startWorker(options: WorkerOptions, context: WorkerContext): Worker {
  const { store, now, log, timers = platformTimers } = context;
  const stopping = new AbortController();
  const cutting = new AbortController();
  const inHand = new Set<Promise<void>>();
  const aside = new Set<Claim>();
  const alarm = createAlarm(timers);

  const stepAside = (claim: Claim) => {
    if (!aside.has(claim) && aside.size < options.concurrency * MOST_ASIDE) {
      aside.add(claim);
      alarm.ring();
    }
  };

  const loop = async () => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const inWork = inHand.size - aside.size;
      const room = (context.room?.(inWork) ?? options.concurrency) - inWork;
      const claims = room <= 0 ? [] : await claim(room);
      failures = claims === undefined ? failures + 1 : 0;
      for (const each of claims ?? []) {
        const work = attend(each, options, context, cutting.signal, () => stepAside(each)).finally(() => {
          inHand.delete(work);
          aside.delete(each);
          alarm.ring();
        });
        inHand.add(work);
      }
      if (claims === undefined) {
        await alarm.sleep(pauseAfter(failures, context.random()));
      } else if (claims.length === 0) {
        await alarm.sleep(options.pollMs);
      }
    }
  };

  const claim = (room: number) =>
    store.claim(context.owner, room, options.leaseMs, now()).catch((thrown: unknown) => {
      log.error({ error: toBridgeError(thrown).message }, 'worker cannot claim');
      return undefined;
    });

  const looping = loop();
  return {
    wake: alarm.ring,
    stop: async (graceMs) => {
      stopping.abort();
      alarm.ring();
      await looping;
      const spare = timers.once(graceMs, () => cutting.abort(new Error('the bridge is stopping')));
      await Promise.all(inHand);
      spare();
    },
  };
}

/** One ticket from claim to release, with its lease kept alive. */
async function attend(
  claim: Claim,
  options: WorkerOptions,
  context: WorkerContext,
  cut: AbortSignal,
  stepAside: () => void,
): Promise<void> {
  const started = context.now();
  const lease = keepLease(claim, options.leaseMs, context);
  const signal = AbortSignal.any([cut, lease.lost]);
  const { watchCalls = unwatched } = context;
  const { result, calls } = await watchCalls(async () =>
    thenTell(claim, await lookOnce(claim, options, context, signal, stepAside), context, signal),
  );
  lease.stop();
  const ended = { ...result, ms: context.now().diff(started).milliseconds };
  try {
    await context.store.release(claim, ended.release, context.now(), lookRecordOf(ended, calls));
  } catch (thrown) {
    context.log.warn(
      { ticket: nameOf(claim.ticket), error: toBridgeError(thrown).message },
      'release failed; the lease will run out',
    );
  }
  context.onLook({ claim, ...ended });
}

/** Where the ticket could not say how its carrying stands, or it was too early for that, another look tries again. */
async function thenTell<Ended extends JustEnded>(
  claim: Claim,
  ended: Ended,
  { tellDelay, now, random }: WorkerContext,
  signal: AbortSignal,
): Promise<Ended> {
  const { error, lookAgainAt } = (await tellDelay?.(claim, ended, signal)) ?? {};
  if (error !== undefined) {
    return { ...ended, release: settle(error, claim.attempt, now(), random()) };
  }

  const { nextLookAt } = ended.release;
  const isInTime = lookAgainAt === undefined || (nextLookAt !== undefined && nextLookAt <= lookAgainAt);
  return isInTime ? ended : { ...ended, release: { ...ended.release, nextLookAt: lookAgainAt } };
}

async function lookOnce(
  claim: Claim,
  options: WorkerOptions,
  context: WorkerContext,
  signal: AbortSignal,
  stepAside: () => void,
) {
  const { look, now } = context;
  try {
    const result = await look(claim, signal, stepAside);
    const isCut = signal.aborted && result.held.length > 0;
    return { look: result, release: isCut ? giveBack(claim, now()) : await releaseOf(result, claim, options, context) };
  } catch (thrown) {
    const error = toBridgeError(thrown);
    if (signal.aborted) {
      return { error, release: giveBack(claim, now()) };
    }

    return { error, release: await partOrFail(error, claim, options, context, signal) };
  }
}

/** What failed for now is tried again; what fails for too long, or can never succeed, becomes visible. */
async function releaseOf(look: Look, claim: Claim, options: WorkerOptions, context: WorkerContext): Promise<Release> {
  const { held, decision, facts, gone } = look;
  const { store, now, random } = context;
  const isBuried = gone !== undefined && (await buryTicket(facts.ticket.ref, gone, context));
  if (held.length === 0 && gone !== undefined) {
    return isBuried
      ? soonerOf(giveRest(claim, now()), decision.lookAgainAt)
      : settle(gone, claim.attempt, now(), random());
  }

  if (held.length === 0) {
    await store.unbury(claim.ticket, now());
    return { outcome: 'settled', ...(decision.lookAgainAt === undefined ? {} : { nextLookAt: decision.lookAgainAt }) };
  }

  const release = waitInTime(settleAll(held, claim.attempt, now(), random()), look, now());
  const isTooLong = release.attempt >= options.maxAttempts;
  const worst =
    held.find(({ disposition }) => disposition === 'dead') ??
    (isTooLong ? held.find((each) => !isFree(each)) : undefined);
  const isWorstBuried = worst !== undefined && (await buryTicket(facts.ticket.ref, worst, context));
  const isHopeless = held.every(({ disposition }) => disposition === 'dead');
  return isHopeless && isWorstBuried ? soonerOf(giveRest(claim, now()), decision.lookAgainAt) : release;
}

async function partOrFail(
  error: BridgeError,
  claim: Claim,
  options: WorkerOptions,
  context: WorkerContext,
  signal: AbortSignal,
): Promise<Release> {
  try {
    return (await context.partWith?.(claim, error, signal)) ?? (await failed(error, claim, options, context));
  } catch (thrown) {
    return failed(toBridgeError(thrown), claim, options, context);
  }
}

/** A look that could not even read: buried at once if it is hopeless, after too many tries otherwise. */
async function failed(
  error: BridgeError,
  claim: Claim,
  options: WorkerOptions,
  context: WorkerContext,
): Promise<Release> {
  const { now, random } = context;
  const later = settle(error, claim.attempt, now(), random());
  const isHopeless = error.disposition === 'dead';
  const isTooLong = later.attempt >= options.maxAttempts;
  if ((!isHopeless && !isTooLong) || !(await buryTicket(claim.ticket, error, context))) {
    return later;
  }

  return isHopeless ? giveRest(claim, now()) : later;
}

/** False if the letter could not be written: then the ticket must not count as buried. */
async function buryTicket(ticket: Ref, error: BridgeError, { store, now, log }: WorkerContext): Promise<boolean> {
  try {
    await store.bury(letterOf(ticket, error, now()));
    return true;
  } catch (thrown) {
    log.error({ ticket: nameOf(ticket), error: toBridgeError(thrown).message }, 'dead letter could not be written');
    return false;
  }
}

/** A ticket that waits for a system knows its place among the others, and deadlines do not wait with it. */
function waitInTime(release: Later, { decision: { lookAgainAt }, urgency }: Look, now: DateTime): Later {
  if (release.waitsFor === undefined) {
    return release;
  }

  const isSooner = lookAgainAt !== undefined && lookAgainAt > now && lookAgainAt < release.nextLookAt;
  return { ...release, urgency, ...(isSooner ? { nextLookAt: lookAgainAt } : {}) };
}

type Buried = Extract<Release, { outcome: 'buried' }>;

/** Permissions come back and records do too: a look after an hour, then less and less often, at last once a day. */
function giveRest(claim: Claim, now: DateTime): Buried {
  const hours = Math.min(2 ** Math.min(claim.attempt, 10), 24);
  return { outcome: 'buried', nextLookAt: now.plus({ hours }), attempt: claim.attempt + 1 };
}

/** Deadlines do not wait for an issue that is gone. */
function soonerOf(release: Buried, lookAgainAt: DateTime | undefined): Release {
  return lookAgainAt !== undefined && lookAgainAt < release.nextLookAt
    ? { ...release, nextLookAt: lookAgainAt }
    : release;
}

function letterOf(ticket: Ref, error: BridgeError, at: DateTime) {
  return { ticket, code: error.code, message: error.message, details: error.details, at };
}

/** Shutdown is not failure: the attempt is given back and the ticket is due at once. */
function giveBack(claim: Claim, now: DateTime): Release {
  return { outcome: 'later', nextLookAt: now, attempt: claim.attempt, reason: 'the bridge was stopped' };
}

function keepLease(claim: Claim, leaseMs: number, { store, now, log, timers = platformTimers }: WorkerContext) {
  const lost = new AbortController();
  const stop = timers.every(leaseMs / 3, async () => {
    try {
      if (!(await store.extend(claim, leaseMs, now()))) {
        lost.abort(new Error('the lease was lost'));
      }
    } catch (thrown) {
      log.warn({ ticket: nameOf(claim.ticket), error: toBridgeError(thrown).message }, 'lease not extended');
    }
  });
  return { lost: lost.signal, stop };
}

/** A sleep that can be ended early; a ring while nobody sleeps ends the next sleep at once. */
function createAlarm(timers: Timers) {
  let wakeUp: (() => void) | undefined;
  let rung = false;
  return {
    ring: () => {
      rung = true;
      wakeUp?.();
    },
    sleep: (ms: number) =>
      new Promise<void>((resolve) => {
        const end = () => {
          stop();
          wakeUp = undefined;
          rung = false;
          resolve();
        };
        const stop = timers.once(ms, end);
        wakeUp = end;
        if (rung) {
          end();
        }
      }),
  };
}
