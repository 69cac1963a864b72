import type { DateTime } from 'luxon';
import { z } from 'zod';
import { BridgeError } from '../../../src/errors.ts';
import type { Gateway } from './gateway.ts';

/** How long a proof counts: a burst of looks at issues that are gone costs one call. */
const PROVEN_FOR = { seconds: 10 };

/** Reads a record; «not there» is believed only of an account that JIRA knows. */
export type BelieveAbsence = <Result>(read: () => Promise<Result>, signal: AbortSignal) => Promise<Result>;

/**
 * A dead token is told of every issue that it does not exist, so before that is believed JIRA has to say who asks. Throws
 * `LOGIN_REFUSED` for a dead login, and `RECORD_NOT_READABLE` for what is hidden as for what is gone.
 */
export function createLoginProof(gateway: Gateway, now: () => DateTime): BelieveAbsence {
  let provenAt: DateTime | undefined;

  const prove = async (signal: AbortSignal) => {
    if (provenAt !== undefined && now() < provenAt.plus(PROVEN_FOR)) {
      return;
    }

    await gateway.send({ method: 'GET', path: '/myself', effect: 'none', shape: z.looseObject({}), signal });
    provenAt = now();
  };

  return async (read, signal) => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof BridgeError) || !['RECORD_NOT_READABLE', 'NOT_PERMITTED'].includes(error.code)) {
        throw error;
      }

      await prove(signal);
      throw error.code === 'RECORD_NOT_READABLE'
        ? error
        : new BridgeError('RECORD_NOT_READABLE', error.message, { cause: error, details: error.details });
    }
  };
}
