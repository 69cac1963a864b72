import { isAxiosError } from 'axios';
import { BridgeError, type BridgeErrorOptions, type ErrorCode } from '../../src/errors.ts';

/** `write` may have taken effect even though no answer came. */
export type Effect = 'read' | 'write';

/** A call in the words of a person, e.g. `read ticket 42`, and what it does to OTRS. */
export interface Call {
  readonly purpose: string;
  readonly effect: Effect;
  /** Other calls go on without its operation: that OTRS lacks it is no outage. */
  readonly isDispensable?: true;
}

/** OTRS takes a session for dead, or login and password for wrong. The session decides which of the two it is. */
export function isLoginRefusal(errorCode: string): boolean {
  return errorCode.endsWith('.AuthFail') || errorCode === 'SessionGet.SessionInvalid';
}

/** Business errors come with HTTP 200 and a code `<Operation>.<Reason>`; all but a dead session are final. */
export function ofErrorCode(call: Call, errorCode: string, errorMessage: string): BridgeError {
  const [, reason = errorCode] = errorCode.split('.', 2);
  return new BridgeError(
    meaningOf(errorCode, reason, errorMessage),
    `OTRS refused to ${call.purpose}: ${errorMessage || 'no reason given'} (${errorCode})`,
    { details: { error_code: errorCode, error_message: errorMessage } },
  );
}

function meaningOf(errorCode: string, reason: string, errorMessage: string): ErrorCode {
  if (errorCode === 'Webservice.InvalidConfiguration') {
    return 'SYSTEM_FAILING';
  }

  if (isLoginRefusal(errorCode)) {
    return 'LOGIN_REFUSED';
  }

  if (reason === 'NoPermission') {
    return 'NOT_PERMITTED';
  }

  if (reason === 'AccessDenied') {
    // A ticket that is hidden, or missing, is «no access to the ticket»; a missing right is named.
    return /permission/i.test(errorMessage) ? 'NOT_PERMITTED' : 'RECORD_NOT_READABLE';
  }

  // The second comes when a ticket is deleted while it is read.
  return reason === 'NotValidTicketID' || reason === 'NotTicketData' ? 'RECORD_NOT_READABLE' : 'REFUSED';
}

/** An answer whose status is not 2xx. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Its beginning. */
  readonly body: string;
  /** What the operation says that gave up. */
  readonly fault: string | undefined;
}

/** An HTTP status other than 2xx: from the operation, the interface, Apache, or what stands in front of them. */
export function ofStatus(call: Call, { status, body, headers, fault }: Answered): BridgeError {
  const failed = `OTRS could not ${call.purpose}: HTTP ${status}`;
  const details = { status, answer: body.slice(0, 500) };
  if (status === 429) {
    return new BridgeError('RATE_LIMITED', failed, { details, ...retryAfter(headers['retry-after']) });
  }

  if (status === 401 || status === 403 || status === 407) {
    // A filter that takes offence at what is written says nothing about other calls; reads tell when it is the login.
    const isOfContent = status === 403 && call.effect === 'write';
    return new BridgeError('LOGIN_REFUSED', `${failed} from the web server in front of the interface`, {
      details,
      ...(isOfContent ? { disposition: 'again' } : {}),
    });
  }

  if (status >= 500 && isUnknownOperation(body, fault)) {
    return new BridgeError(
      call.isDispensable === true ? 'REFUSED' : 'SYSTEM_FAILING',
      `${failed}: the web service has no such route or operation; compare \`transport\` and \`operations\` with the web service in OTRS`,
      { details },
    );
  }

  if (isUnreadRequest(status, body)) {
    // Who has logged in over this transport has the right one, so it is what the write consists of.
    return new BridgeError(
      call.effect === 'write' ? 'REFUSED' : 'SYSTEM_FAILING',
      `${failed}: OTRS cannot read the request; compare \`transport\` with the web service in OTRS (${firstLine(body)})`,
      { details },
    );
  }

  if (fault !== undefined && /Can't load operation backend module/.test(fault)) {
    // The web service names an operation of a package that is not installed, or no longer.
    return new BridgeError('REFUSED', `OTRS cannot ${call.purpose}: ${fault}`, { details });
  }

  if (fault !== undefined) {
    // OTRS runs and failed at this call, perhaps half-way: no outage that others should wait for.
    return new BridgeError('SYSTEM_FAILING', `OTRS failed to ${call.purpose}: ${fault}`, {
      details,
      disposition: call.effect === 'write' ? 'in-doubt' : 'again',
    });
  }

  if (status >= 500) {
    const said = `${failed} ${firstLine(body)}`.trim();
    return new BridgeError('SYSTEM_FAILING', said, { details, ...doubt(call), ...retryAfter(headers['retry-after']) });
  }

  if (status === 404 || status < 400) {
    const to = typeof headers.location === 'string' ? `, sent on to ${originOf(headers.location)}` : '';
    return new BridgeError('ANSWER_UNREADABLE', `${failed}${to}; check \`base_url\``, { details, ...doubt(call) });
  }

  return new BridgeError('REFUSED', `${failed} ${firstLine(body)}`.trim(), {
    details,
    ...(PASSING.has(status) ? { disposition: 'again' } : {}),
  });
}

/** Too slow, in conflict, locked, too early: what stands in front of OTRS says so, and nothing was executed. */
const PASSING = new Set([408, 409, 423, 425]);

/** REST says it in a sentence, SOAP in a fault. Nothing was executed. */
function isUnknownOperation(body: string, fault: string | undefined): boolean {
  return /Error while determine Operation/.test(body) || /^Got no OperationType|SOAPAction/.test(fault ?? '');
}

const UNREAD =
  /^(?:Error while decoding request content|Unsupported request content structure|Could not read input data|Error deserializing message|Got no result body from deserialized content)/;

/** The interface gave up before it knew the operation. */
function isUnreadRequest(status: number, body: string): boolean {
  return status === 411 || (status >= 500 && UNREAD.test(body));
}

/** Not what the operation promises, though the status says success. */
export function ofUnreadable(call: Call, body: string, reason: string): BridgeError {
  return new BridgeError('ANSWER_UNREADABLE', `OTRS was asked to ${call.purpose} and answered ${reason}`, {
    details: { answer: body.slice(0, 500) },
    ...doubt(call),
  });
}

/** No answer at all. `web service` names the likeliest cause of a connection that is closed without a word. */
export function ofLostAnswer(call: Call, thrown: unknown, webService: string): BridgeError {
  const code = networkCodeOf(thrown);
  // axios has no code of its own for an answer that is too large. OTRS is well: no outage that others should wait for.
  if (thrown instanceof Error && thrown.message.startsWith('maxContentLength')) {
    return ofUnreadable(call, '', 'with more than any answer has that the bridge takes');
  }

  if (wasNeverSent(thrown, code)) {
    return new BridgeError('SYSTEM_UNREACHABLE', `OTRS could not be reached to ${call.purpose}: ${code}`, {
      cause: thrown,
    });
  }

  const hint =
    code === 'ECONNRESET'
      ? ` (OTRS closes the connection like this when it has no valid web service named ${webService})`
      : '';
  return new BridgeError(
    call.effect === 'write' ? 'OUTCOME_UNKNOWN' : 'SYSTEM_UNREACHABLE',
    `OTRS was asked to ${call.purpose} and no answer came: ${code}${hint}`,
    { cause: thrown },
  );
}

/** The caller gave the call up before it was sent. */
export function ofGivenUp(call: Call): BridgeError {
  return new BridgeError('SYSTEM_UNREACHABLE', `The call to ${call.purpose} was given up before it was sent`);
}

function doubt(call: Call): BridgeErrorOptions {
  return call.effect === 'write' ? { disposition: 'in-doubt' } : {};
}

export function networkCodeOf(thrown: unknown): string {
  if (isAxiosError(thrown)) {
    return thrown.code ?? thrown.message;
  }

  return thrown instanceof Error ? thrown.message : String(thrown);
}

const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EPROTO',
]);

function wasNeverSent(thrown: unknown, code: string): boolean {
  const cause = isAxiosError(thrown) ? thrown.cause : thrown;
  const isConnecting = cause instanceof Error && 'syscall' in cause && cause.syscall === 'connect';
  return isConnecting || UNSENT.has(code) || /CERT|TLS|SSL/.test(code);
}

function retryAfter(header: unknown): BridgeErrorOptions {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds >= 0 && header !== '' && header !== undefined
    ? { retryAfterMs: seconds * 1_000 }
    : {};
}

function firstLine(body: string): string {
  const text = body.replace(/<[^>]*>/g, ' ').trim();
  return text.split('\n', 1)[0]?.slice(0, 200) ?? '';
}

function originOf(location: string): string {
  return URL.canParse(location) ? new URL(location).origin : 'another page';
}
