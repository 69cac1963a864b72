import { platformTimers, type Timers } from './timers.ts';

/** How many tickets may be in work now. */
export interface Room {
  /** Told how many are in work, at most as many as the configuration allows. */
  most(inWork: number): number;
  /** Somebody stands at the door. */
  visited(): void;
  stop(): void;
}

export interface RoomContext {
  /** The share of the time since the last question in which the event loop had something to do, 0 to 1. */
  readonly busy: () => number;
  /** More may be in work than a moment ago. */
  readonly onMore: () => void;
  readonly timers?: Timers;
}

/** So few always go on, however busy the process is. */
const LEAST = 2;
const ADJUST_EACH_MS = 100;
/** After so many of these in which no look ended one more ticket goes on: looks that only wait keep no processor busy. */
const STUCK_AFTER = 10;
/** The door counts as quiet after so many of these without a visit. */
const QUIET_AFTER = 10;
const FULL = 0.95;
const ROOMY = 0.85;

/**
 * Tickets in work share the event loop with the door, and a webhook waits until it has come round some three times. Many
 * tickets at once make good use of the store, so nothing holds them back while nobody comes. While webhooks do come, they
 * begin with few, get more while the loop has time to spare, and fewer when it has none; looks that hang take no place of
 * others.
 */
export function createRoom(concurrency: number, { busy, onMore, timers = platformTimers }: RoomContext): Room {
  let least = Math.min(LEAST, concurrency);
  let room = concurrency;
  let inWork = 0;
  let stuckFor = 0;
  let visitors = 0;
  let quietFor = QUIET_AFTER;

  const next = (): number => {
    const share = busy();
    if (quietFor >= QUIET_AFTER) {
      least = Math.min(LEAST, concurrency);
      return concurrency;
    }
    if (stuckFor >= STUCK_AFTER) {
      stuckFor = 0;
      least = Math.min(concurrency, inWork + 1);
    }
    if (share > FULL) {
      return Math.max(least, room * 0.75);
    }
    const wanted = share < ROOMY && inWork >= Math.floor(room) ? room * 1.25 + 1 : room;
    return Math.min(concurrency, Math.max(least, wanted));
  };

  const adjust = () => {
    quietFor = visitors === 0 ? quietFor + 1 : 0;
    stuckFor = inWork >= Math.floor(room) ? stuckFor + 1 : 0;
    visitors = 0;
    const before = room;
    room = next();
    if (room > before) {
      onMore();
    }
  };

  return {
    most: (now) => {
      stuckFor = now < inWork ? 0 : stuckFor;
      inWork = now;
      return Math.floor(room);
    },
    visited: () => {
      visitors += 1;
      if (quietFor >= QUIET_AFTER) {
        quietFor = 0;
        room = Math.max(least, inWork);
      }
    },
    stop: timers.every(ADJUST_EACH_MS, adjust),
  };
}
