import { toBridgeError } from '../errors.ts';

/** An answer that refuses a request: fixed words only, for some senders act on what an answer says. */
export interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly help: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Seconds after which a sender may try again. */
const RETRY_AFTER = { 'retry-after': '10' };

/** What the sender still sends would have to be read and thrown away. */
const CLOSE = { connection: 'close' };

export const refusals = {
  notGenuine: {
    status: 401,
    error: 'The request does not prove who sent it.',
    help: 'Send the shared secret, the login or the signature that http.webhooks in the configuration of the bridge asks for.',
    headers: CLOSE,
  },
  unreadable: {
    status: 400,
    error: 'The body is not what this address expects.',
    help: 'Send the JSON that the documentation of the connector describes. The log of the bridge names the reason.',
  },
  malformed: {
    status: 400,
    error: 'The request is not valid HTTP.',
    help: 'Check what stands between the sender and the bridge.',
  },
  unknownPath: {
    status: 404,
    error: 'There is nothing at this address.',
    help: 'Webhooks go to /webhooks/otrs and /webhooks/jira.',
  },
  wrongMethod: {
    status: 405,
    error: 'This address does not take this method.',
    help: 'The header Allow names the methods that it takes. Webhooks use POST.',
  },
  tooSlow: {
    status: 408,
    error: 'The request took too long to arrive.',
    help: 'Check the network between the sender and the bridge, or raise http.request_seconds.',
  },
  tooLarge: {
    status: 413,
    error: 'The body is larger than the bridge takes.',
    help: 'Leave attachments out of the webhook, or raise http.body_limit_mb.',
    headers: CLOSE,
  },
  notJson: {
    status: 415,
    error: 'The bridge reads JSON only.',
    help: 'Send the body with content type application/json. In OTRS that is the transport HTTP::REST with the content type JSON.',
  },
  headersTooLarge: {
    status: 431,
    error: 'The headers are larger than the bridge takes.',
    help: 'Check the address and the headers that the sender adds.',
  },
  fault: {
    status: 500,
    error: 'The bridge has a fault.',
    help: 'The log of the bridge has the details.',
  },
  unavailable: {
    status: 503,
    error: 'The bridge cannot keep the event now.',
    help: 'Send it again later; /readyz tells what is missing.',
    headers: RETRY_AFTER,
  },
  stopping: {
    status: 503,
    error: 'The bridge is stopping.',
    help: 'Send it again later.',
    headers: RETRY_AFTER,
  },
} as const satisfies Readonly<Record<string, Refusal>>;

/** What to answer after an error: 400 for the sender's faults, 503 where a repeat can succeed, 500 for our own. */
export function refusalOf(thrown: unknown): Refusal {
  const known: Readonly<Record<string, Refusal>> = {
    FST_ERR_CTP_BODY_TOO_LARGE: refusals.tooLarge,
    FST_ERR_CTP_INVALID_MEDIA_TYPE: refusals.notJson,
    FST_ERR_CTP_INVALID_CONTENT_LENGTH: refusals.malformed,
    FST_ERR_HANDLER_TIMEOUT: refusals.unavailable,
    FST_ERR_BAD_URL: refusals.unknownPath,
    ECONNRESET: refusals.malformed,
    WEBHOOK_UNREADABLE: refusals.unreadable,
  };
  const direct = known[codeOf(thrown)];

  if (direct !== undefined) {
    return direct;
  }

  return toBridgeError(thrown).code === 'INTERNAL' ? refusals.fault : refusals.unavailable;
}

/** What to answer where bytes came in that never became a request. */
export function refusalOfConnection(thrown: unknown): Refusal {
  const known: Readonly<Record<string, Refusal>> = {
    ERR_HTTP_REQUEST_TIMEOUT: refusals.tooSlow,
    HPE_HEADER_OVERFLOW: refusals.headersTooLarge,
  };

  return known[codeOf(thrown)] ?? refusals.malformed;
}

function codeOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
}
