import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { toBridgeError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Gate } from './gate.ts';
import { platformTimers, type Timers } from './timers.ts';

export interface RousingContext {
  readonly gates: readonly Pick<Gate, 'system' | 'state' | 'onOpened'>[];
  readonly store: Pick<Store, 'rouse'>;
  readonly now: () => DateTime;
  readonly log: Logger;
  /** Some tickets are due now. */
  readonly onRoused: () => void;
  /** Absent: those of the platform. */
  readonly timers?: Timers;
}

export interface Rousing {
  stop(): void;
}

/** Tickets of the first round; each further one may have twice as many, up to so many that new arrivals soon have their turn. */
const FIRST_ROUND = 5;
const LARGEST_ROUND = 200;
const ROUND_MS = 1_000;
/** How often it is seen after in quiet times: another process may have put tickets off, or this one has just been started. */
const QUIET_MS = 10_000;

/**
 * Makes the tickets that wait for a system due once its gate is open: the most urgent first, a few at the beginning and more
 * from round to round, for a system that has just come back is easily overrun. While the gate is closed nobody is roused but
 * one ticket where its pause is over and no other has tried.
 */
export function startRousing(context: RousingContext): Rousing {
  const courses = context.gates.map((gate) => startCourse(gate, context));
  return {
    stop: () => {
      for (const { stop } of courses) {
        stop();
      }
    },
  };
}

function startCourse(
  gate: RousingContext['gates'][number],
  { store, now, log, onRoused, timers = platformTimers }: RousingContext,
) {
  let isStopped = false;
  let isAtIt = false;
  let round = FIRST_ROUND;
  let cancel = () => {};

  const wake = async (most: number): Promise<number> => {
    const waiting = await store.rouse(gate.system, most, now());
    if (waiting > 0) {
      onRoused();
    }
    return waiting;
  };
  const rouse = async (): Promise<number> => {
    const state = gate.state();
    if (state.state === 'closed') {
      round = FIRST_ROUND;
      if (state.until <= now()) {
        // Another process may have taken the one that was to try again, and its own gate turned it back.
        await wake(1);
      }
      return 0;
    }

    const waiting = await wake(round);
    round = waiting > 0 ? Math.min(round * 2, LARGEST_ROUND) : FIRST_ROUND;
    return waiting;
  };
  const goOn = async () => {
    if (isStopped || isAtIt) {
      return;
    }

    isAtIt = true;
    cancel();
    const waiting = await rouse().catch((thrown: unknown) => {
      log.warn(
        { system: gate.system, error: toBridgeError(thrown).message },
        'waiting tickets not roused; tried again',
      );
      return 1;
    });
    isAtIt = false;
    if (!isStopped) {
      cancel = timers.once(waiting > 0 ? ROUND_MS : QUIET_MS, () => void goOn());
    }
  };

  gate.onOpened(() => void goOn());
  void goOn();
  return {
    stop: () => {
      isStopped = true;
      cancel();
    },
  };
}
