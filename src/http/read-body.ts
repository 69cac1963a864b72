import type { Readable } from 'node:stream';
import { errorCodes } from 'fastify';

/** Bytes that have to arrive before the rest of a body gets room: to say that one is long costs nothing. */
const EARNEST_BYTES = 1024 * 1024;

type Done = (error: Error | null, body?: Buffer) => void;

/**
 * Reads a body into one piece of memory, in place as it comes: a webhook with a large file in it must not be held twice, as
 * it would be in pieces that are put together at the end. `length` is what the request says, undefined if it says nothing.
 * Fails with the errors of fastify for a body that is larger than `limit` or not as long as it says; what comes after that
 * is left unread, so that the answer still gets out.
 */
export function readBody(payload: Readable, length: number | undefined, limit: number, done: Done): void {
  if (length !== undefined && length > limit) {
    done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    return;
  }

  let body = Buffer.allocUnsafeSlow(Math.min(length ?? limit, EARNEST_BYTES));
  let size = 0;

  const finish: Done = (error, whole) => {
    payload.off('data', take).off('end', end).off('error', finish);
    done(error, whole);
  };
  const take = (chunk: Buffer) => {
    const needed = size + chunk.length;
    if (needed > (length ?? limit)) {
      finish(
        length === undefined
          ? new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE()
          : new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH(),
      );
      return;
    }

    if (needed > body.length) {
      const larger = Buffer.allocUnsafeSlow(length ?? Math.min(limit, needed * 2));
      body.copy(larger, 0, 0, size);
      body = larger;
    }
    chunk.copy(body, size);
    size = needed;
  };
  const end = () => {
    const isShort = length !== undefined && size < length;
    finish(isShort ? new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH() : null, body.subarray(0, size));
  };
  payload.on('data', take).on('end', end).on('error', finish);
}
