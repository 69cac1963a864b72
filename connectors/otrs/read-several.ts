import type { Ref, Snapshot } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';

interface Reading {
  readonly read: (ref: Ref, signal: AbortSignal) => Promise<Snapshot>;
  readonly readTogether: (refs: readonly Ref[], signal: AbortSignal) => Promise<readonly Snapshot[]>;
}

/**
 * Several tickets for the calls of one. A ticket that is missing or hidden makes OTRS refuse the whole call, and large ones
 * can be too much for one answer: then each is read alone.
 */
export async function readSeveral(
  { read, readTogether }: Reading,
  refs: readonly Ref[],
  signal: AbortSignal,
): Promise<readonly (Snapshot | undefined)[]> {
  if (refs.length > 1) {
    try {
      return await readTogether(refs, signal);
    } catch (thrown) {
      if (!(thrown instanceof BridgeError) || !['RECORD_NOT_READABLE', 'ANSWER_UNREADABLE'].includes(thrown.code)) {
        throw thrown;
      }
    }
  }

  const found: (Snapshot | undefined)[] = [];
  for (const ref of refs) {
    found.push(await read(ref, signal).catch(unlessUnreadable));
  }
  return found;
}

function unlessUnreadable(thrown: unknown): undefined {
  if (!(thrown instanceof BridgeError) || thrown.code !== 'RECORD_NOT_READABLE') {
    throw thrown;
  }
}
