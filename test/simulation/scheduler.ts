import { setImmediate as immediately } from 'node:timers/promises';
import { DateTime } from 'luxon';
import type { Timers } from '../../src/flow/timers.ts';
import { NOW } from '../support/records.ts';
import type { Random } from './random.ts';
import { createQueue, type Timed } from './turn-queue.ts';

/** One life of the bridge. Whatever it waits for when it dies never comes. */
export interface Process {
  readonly name: string;
  isDead: boolean;
  /** It stands still until then, by the time that nobody can set. */
  standsUntil: number;
}

interface Turn extends Timed {
  readonly label: string;
  readonly act: () => void;
  readonly process: Process | undefined;
}

/** What becomes of a process as it comes to its turn. */
export type Fate = { readonly kind: 'go' | 'dies' } | { readonly kind: 'stands'; readonly ms: number };

export interface Scheduler {
  /** Milliseconds since the start, by a clock that nobody can set. */
  at(): number;
  /** Turns that were taken so far. */
  turns(): number;
  /** The clock on the wall, which can be set. */
  now(): DateTime;
  /** The clock on the wall of the connected systems: nobody sets it. */
  trueTime(): DateTime;
  setClock(byMs: number): void;
  /** Takes a turn after that time; of a process only if that is still alive. Answers with what takes it back. */
  after(ms: number, label: string, act: () => void, process?: Process): () => void;
  timersOf(process: Process): Timers;
  /** Takes the next turn and lets all that follows from it happen. False if there is none. */
  next(): Promise<boolean>;
  tell(line: string): void;
}

/** Decides in which order things happen: one turn at a time, by the time at which they are due and by chance. */
export function createScheduler(
  random: Random,
  fateOf: (process: Process, label: string) => Fate,
  onDeath: (process: Process) => void,
  write: ((line: string) => void) | undefined,
): Scheduler {
  const queue = createQueue<Turn>();
  let at = 0;
  let turns = 0;
  let stepped = 0;
  const tell = (line: string) => write?.(`${(at / 1000).toFixed(3).padStart(10)}  ${line}`);

  const after = (ms: number, label: string, act: () => void, process?: Process) => {
    let isWanted = true;
    queue.add({ at: at + ms, order: random.next(), label, process, act: () => isWanted && act() });
    return () => {
      isWanted = false;
    };
  };

  const take = ({ label, act, process, ...turn }: Turn): void => {
    if (process?.isDead === true) {
      return;
    }
    if (process !== undefined && process.standsUntil > at) {
      queue.add({ ...turn, at: process.standsUntil, label, act, process });
      return;
    }

    const fate = process === undefined ? ({ kind: 'go' } as const) : fateOf(process, label);
    if (process !== undefined && fate.kind === 'dies') {
      tell(`${process.name} dies before: ${label}`);
      process.isDead = true;
      onDeath(process);
    } else if (process !== undefined && fate.kind === 'stands') {
      tell(`${process.name} stands still for ${fate.ms / 1000} s before: ${label}`);
      process.standsUntil = at + fate.ms;
      queue.add({ ...turn, at: process.standsUntil, label, act, process });
    } else {
      act();
    }
  };

  return {
    at: () => at,
    turns: () => turns,
    now: () => DateTime.fromMillis(NOW.toMillis() + at + stepped, { zone: 'utc' }),
    trueTime: () => DateTime.fromMillis(NOW.toMillis() + at, { zone: 'utc' }),
    setClock: (byMs) => {
      stepped += byMs;
    },
    after,
    timersOf: (process) => timersOf(process, after),
    tell,
    next: async () => {
      const turn = queue.take();
      if (turn === undefined) {
        return false;
      }

      at = Math.max(at, turn.at);
      turns += 1;
      take(turn);
      await immediately();
      return true;
    },
  };
}

function timersOf(process: Process, after: Scheduler['after']): Timers {
  return {
    once: (ms, ring) => after(ms, 'timer', ring, process),
    every: (ms, ring) => {
      let stop = () => {};
      const again = () => {
        stop = after(
          ms,
          'timer',
          () => {
            again();
            ring();
          },
          process,
        );
      };
      again();
      return () => stop();
    },
  };
}
