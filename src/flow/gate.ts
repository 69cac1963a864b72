import type { DateTime } from 'luxon';
import type { Desk } from '../connector.ts';
import { BridgeError, type ErrorCode, toBridgeError } from '../errors.ts';

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** What is known about a connected system's health. */
export type GateState =
  | { readonly state: 'open' }
  | {
      readonly state: 'closed';
      readonly until: DateTime;
      readonly since: DateTime;
      readonly code: ErrorCode;
      readonly reason: string;
    };

/**
 * Keeps calls away from a system that is down. The first outage closes it; when the pause is over one call at a time
 * goes through as a probe, and a good answer opens it again. Calls that are kept away fail with the outage itself, so
 * their tickets wait and spend no attempt. One of them is sent to try again in time; the others are told to wait for the
 * opening (`waitsFor`), so that thousands of them do not keep the other system busy all the while.
 */
export interface Gate {
  readonly system: string;
  /** Calls the listener whenever it opens after it was closed. */
  onOpened(listener: () => void): void;
  /** A call that the bridge itself gave up says nothing about the system. A sweep comes again at its own time, and is no scout. */
  through<T>(call: () => Promise<T>, signal: AbortSignal, caller?: 'ticket' | 'sweep'): Promise<T>;
  state(): GateState;
}

interface Closed {
  readonly since: DateTime;
  readonly until: DateTime;
  /** From the moment it closed to `until`. */
  readonly waitMs: number;
  readonly pauseMs: number;
  readonly code: ErrorCode;
  readonly reason: string;
}

export function createGate(system: string, now: () => DateTime, onChange: (state: GateState) => void = () => {}): Gate {
  let closed: Closed | undefined;
  let probing = false;
  /** The pause for which a scout was sent: one ticket tries again when it is over, all others wait until the gate is open. */
  let scouted: Closed | undefined;
  const listeners: (() => void)[] = [];

  const close = (error: BridgeError, isProbe: boolean) => {
    const moment = now();
    // Calls that were under way when the outage began tell nothing new.
    const longer = isProbe && closed !== undefined ? Math.min(closed.pauseMs * 2, LONGEST_PAUSE_MS) : undefined;
    const pauseMs = longer ?? closed?.pauseMs ?? FIRST_PAUSE_MS;
    const wait = Math.max(pauseMs, error.retryAfterMs ?? 0);
    const isNews = closed === undefined;
    closed = {
      since: closed?.since ?? moment,
      until: moment.plus({ milliseconds: wait }),
      waitMs: wait,
      pauseMs,
      code: error.code,
      reason: error.message,
    };
    if (isNews) {
      onChange(stateOf(closed));
    }
  };

  const open = () => {
    if (closed !== undefined) {
      closed = undefined;
      onChange({ state: 'open' });
      for (const listener of listeners) {
        listener();
      }
    }
  };

  const enter = (caller: 'ticket' | 'sweep'): boolean => {
    if (closed === undefined) {
      return false;
    }

    // Further ahead than it can be, the moment was set by a clock that has been put back since.
    const leftMs = closed.until.diff(now()).milliseconds;
    if (probing || (leftMs > 0 && leftMs <= closed.waitMs)) {
      const retryAfterMs = Math.max(leftMs, FIRST_PAUSE_MS);
      const isScout = caller === 'ticket' && scouted !== closed;
      scouted = isScout ? closed : scouted;
      throw new BridgeError(closed.code, `waiting for ${system}: ${closed.reason}`, {
        disposition: 'outage',
        retryAfterMs,
        ...(isScout ? {} : { waitsFor: system }),
      });
    }

    return true;
  };

  return {
    system,
    state: () => stateOf(closed),
    onOpened: (listener) => listeners.push(listener),
    through: async (call, signal, caller = 'ticket') => {
      const isProbe = enter(caller);
      probing ||= isProbe;
      try {
        const answer = await call();
        open();
        return answer;
      } catch (thrown) {
        const error = toBridgeError(thrown);
        if (signal.aborted) {
          throw error;
        }

        if (error.disposition === 'outage') {
          close(error, isProbe);
        } else if (provesLife(error)) {
          open();
        }
        throw error;
      } finally {
        if (isProbe) {
          probing = false;
        }
      }
    },
  };
}

/**
 * A refusal comes from a system that works. A call in doubt does not, a rate limit may be the desk's own pause, and a
 * parked mapping is told without a call: the gate stays as it is, and where it is closed the next call is the next probe.
 */
function provesLife({ code, disposition }: BridgeError): boolean {
  return code !== 'INTERNAL' && code !== 'RATE_LIMITED' && disposition !== 'in-doubt' && disposition !== 'parked';
}

function stateOf(closed: Closed | undefined): GateState {
  return closed === undefined
    ? { state: 'open' }
    : { state: 'closed', until: closed.until, since: closed.since, code: closed.code, reason: closed.reason };
}

/** The desk with every call to its system going through the gate. */
export function guard(desk: Desk, gate: Gate): Desk {
  /** The signal is the last argument of every method but one. */
  const through = <T>(call: readonly [...unknown[], AbortSignal], work: () => Promise<T>) =>
    gate.through(work, call[call.length - 1] as AbortSignal);

  const { readSeveral } = desk;
  return {
    ...(desk.lacks === undefined ? {} : { lacks: desk.lacks }),
    read: (...call) => through(call, () => desk.read(...call)),
    ...(readSeveral === undefined
      ? {}
      : { readSeveral: (refs, signal) => gate.through(() => readSeveral(refs, signal), signal) }),
    locate: (...call) => through(call, () => desk.locate(...call)),
    changedSince: (moment, cursor, signal) =>
      gate.through(() => desk.changedSince(moment, cursor, signal), signal, 'sweep'),
    find: (...call) => through(call, () => desk.find(...call)),
    open: (...call) => through(call, () => desk.open(...call)),
    update: (...call) => through(call, () => desk.update(...call)),
    comment: (...call) => through(call, () => desk.comment(...call)),
    edit: (...call) => through(call, () => desk.edit(...call)),
    assign: (...call) => through(call, () => desk.assign(...call)),
    fetch: (ref, attachment, into, signal, nearby) =>
      gate.through(() => desk.fetch(ref, attachment, into, signal, nearby), signal),
    attach: (...call) => through(call, () => desk.attach(...call)),
    move: (...call) => through(call, () => desk.move(...call)),
    relate: (...call) => through(call, () => desk.relate(...call)),
    check: (...call) => desk.check(...call),
    close: () => desk.close(),
  };
}
