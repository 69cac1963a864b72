import type { ExpectedNames } from '../../src/connector.ts';
import { BridgeError } from '../../src/errors.ts';
import type { CheckParts, Report } from './check.ts';
import { linked } from './wire.ts';

/** The operation of the add-on package, if it is configured: asked for no ticket at all, it says what it misses. */
export async function checkLinkAdd(
  { options, session }: CheckParts,
  { ticketLinks }: Pick<ExpectedNames, 'ticketLinks'>,
  report: Report,
  signal: AbortSignal,
): Promise<true> {
  if (options.operations.link_add === undefined) {
    const [wanted] = ticketLinks;
    if (wanted !== undefined) {
      const advice =
        'install the add-on package (connectors/otrs/addon) and set operations.link_add, or take `link` away';
      report('error', 'link_add', `${wanted.at} wants tickets linked, and no operation does that: ${advice}.`);
    }
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
