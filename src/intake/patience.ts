import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type BridgeError, toBridgeError } from '../errors.ts';
import { pauseAfter } from './reconnect.ts';

/** Repeats what fails only for a time, and remembers why for as long as it does. */
export interface Patience {
  /**
   * Repeats the work while it fails in a way that time heals. True when it succeeded, false when the signal ended the
   * attempts; any other failure is thrown.
   */
  until(work: () => Promise<void>, heals: (error: BridgeError) => boolean, signal: AbortSignal): Promise<boolean>;
  /** Waits, longer with every failure. */
  pause(reason: string, failures: number, signal: AbortSignal): Promise<void>;
  /** Why the work fails at present; undefined while all is well. */
  fault(): string | undefined;
}

const maxPauseMs = 10_000;

export function createPatience(log: Logger): Patience {
  let fault: string | undefined;

  async function pause(reason: string, failures: number, signal: AbortSignal): Promise<void> {
    if (fault === undefined) {
      log.warn({ reason }, 'arriving events cannot be stored, they wait in the broker');
    }
    fault = reason;
    await sleep(pauseAfter(failures, maxPauseMs), undefined, { signal }).catch(() => undefined);
  }

  return {
    fault: () => fault,
    pause,

    async until(work, heals, signal) {
      for (let failures = 0; !signal.aborted; failures += 1) {
        try {
          await work();
          fault = undefined;
          return true;
        } catch (thrown) {
          const error = toBridgeError(thrown);
          if (!heals(error)) {
            throw error;
          }
          await pause(error.message, failures, signal);
        }
      }
      return false;
    },
  };
}
