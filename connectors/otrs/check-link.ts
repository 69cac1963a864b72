import { BridgeError } from '../../src/errors.ts';
import type { CheckParts, Report } from './check.ts';
import { linked } from './wire.ts';

/** The operation of the add-on package, if it is configured: asked for no ticket at all, it says what it misses. */
export async function checkLinkAdd(
  { options, session }: CheckParts,
  report: Report,
  signal: AbortSignal,
): Promise<true> {
  if (options.operations.link_add === undefined) {
    return true;
  }

  try {
    await session.call(
      {
        operation: 'link_add',
        effect: 'read',
        purpose: 'ask for the link of no tickets',
        data: { SourceTicketID: '' },
      },
      linked,
      signal,
    );
  } catch (thrown) {
    if (!(thrown instanceof BridgeError) || thrown.details.error_code !== 'LinkAdd.MissingParameter') {
      throw thrown;
    }
  }
  report('ok', 'link_add', 'The operation of the add-on package is there.');
  return true;
}
