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
        isDispensable: true,
        purpose: 'try the operation that links tickets',
        data: { SourceTicketID: '' },
      },
      linked,
      signal,
    );
  } catch (thrown) {
    if (isMissing(thrown)) {
      const advice =
        'install the add-on package (connectors/otrs/addon), write the web service anew by `bridge otrs setup-guide --web-service` and import it, or take operations.link_add out';
      report('error', 'link_add', `The web service has no operation that links tickets: ${advice}.`);
      return true;
    }

    if (!(thrown instanceof BridgeError) || thrown.details.error_code !== 'LinkAdd.MissingParameter') {
      throw thrown;
    }
  }
  report('ok', 'link_add', 'The operation of the add-on package is there.');
  return true;
}

/** A call without which the bridge can do is refused where the web service has no operation for it. */
function isMissing(thrown: unknown): boolean {
  return thrown instanceof BridgeError && thrown.code === 'REFUSED' && thrown.details.error_code === undefined;
}
