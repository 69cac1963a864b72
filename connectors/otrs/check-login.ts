import { BridgeError, toBridgeError } from '../../src/errors.ts';
import type { CheckParts, Report } from './check.ts';
import { isLoginRefusal } from './failure.ts';
import type { OtrsOptions } from './options.ts';
import { searched, sessionData } from './wire.ts';

/** In a query the session lands in the access log, where it is as good as the password for as long as it lives. */
export function checkWayOfSession({ transport, session_in, operations }: OtrsOptions, report: Report): void {
  const open = Object.entries(operations).filter(
    ([name, calling]) => name !== 'session_create' && calling !== false && calling?.method === 'GET',
  );
  if (transport === 'rest' && session_in === 'data' && open.length > 0) {
    const names = open.map(([name]) => `operations.${name}`).join(', ');
    report(
      'warning',
      'session',
      `The session goes out in the query of every GET, and so into the access log: set method: POST in ${names}, as far as the web service allows it.`,
    );
  }
}

export async function checkLogin(parts: CheckParts, report: Report, signal: AbortSignal): Promise<true> {
  const { options } = parts;
  const own = await lookAtOwnSession(parts, signal);
  const userId = own?.SessionData.find(({ Key }) => Key === 'UserID')?.Value;
  if (userId === undefined) {
    report('warning', 'login', `Logged in as ${options.login}; its UserID is not told without Session::SessionGet.`);
  } else if (options.user_id === undefined) {
    report(
      'warning',
      'login',
      `Logged in as ${options.login}. Set user_id: ${userId} to drop the bridge’s own echoes.`,
    );
  } else if (options.user_id !== userId) {
    report('error', 'login', `${options.login} has UserID ${userId}, not ${options.user_id}: correct user_id.`);
  } else {
    report('ok', 'login', `Logged in as ${options.login}, UserID ${userId}.`);
  }
  return true;
}

/** Any call logs in first; this one also tells who the bridge is. Where OTRS does not offer it, a search proves the login. */
async function lookAtOwnSession({ options, session }: CheckParts, signal: AbortSignal) {
  const { session_get } = options.operations;
  try {
    const purpose = 'look at its own session';
    const request = { operation: 'session_get', effect: 'read', purpose } as const;
    if (session_get !== false) {
      return await session.call(request, sessionData, signal);
    }
  } catch (thrown) {
    const error = toBridgeError(thrown);
    if (error.code !== 'SYSTEM_FAILING') {
      throw isSessionUnread(error, options) ? withAdvice(error) : error;
    }
  }

  const purpose = 'search for any ticket';
  await session.call({ operation: 'ticket_search', effect: 'read', purpose, data: { Limit: 1 } }, searched, signal);
  return undefined;
}

/** Login and password were right, and still the next call was one of nobody. */
function isSessionUnread({ details }: BridgeError, { transport, session_in }: OtrsOptions): boolean {
  const code = String(details.error_code);
  return transport === 'rest' && session_in === 'header' && isLoginRefusal(code) && !code.startsWith('SessionCreate.');
}

function withAdvice({ code, message, details }: BridgeError): BridgeError {
  return new BridgeError(
    code,
    `${message}, though login and password are right. OTRS 6 and OTOBO read no session in a header: set session_in: data. Otherwise look at SessionCheckRemoteIP in OTRS`,
    { details },
  );
}
