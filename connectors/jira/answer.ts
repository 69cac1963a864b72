import { DateTime } from 'luxon';
import { BridgeError, type Disposition } from '../../src/errors.ts';
import { type Call, describeCall, nameOfCall } from './call.ts';
import { sentValue } from './sent-value.ts';
import { wireRefusal } from './wire.ts';

/** What came back over HTTP, not yet believed. */
export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Values of `X-Seraph-LoginReason` that mean: the call was not made as the bridge’s account. `OK` may stand beside. */
const failedLogins = ['AUTHENTICATED_FAILED', 'AUTHENTICATION_DENIED'];

/**
 * The content of a good answer. Everything else is thrown as a `BridgeError` whose disposition says whether the call
 * may have taken effect.
 */
export function readAnswer<Result>(answer: Answer, call: Call<Result>, now: DateTime): Result {
  const denial = denialOf(answer);
  if (denial !== undefined) {
    throw new BridgeError('LOGIN_REFUSED', `JIRA refuses the login of the bridge: ${denial}`, {
      details: factsOf(answer, call),
    });
  }

  if (answer.status >= 200 && answer.status < 300) {
    return readContent(answer, call);
  }

  throw toError(answer, call, now);
}

function readContent<Result>(answer: Answer, call: Call<Result>): Result {
  const json = parseJson(answer.body);
  if (json === undefined && answer.body.trim() !== '') {
    throw unreadable(answer, call, 'the answer is not JSON, often the login page of a proxy');
  }

  const result = call.shape.safeParse(json);
  if (!result.success) {
    const fault = result.error.issues[0];
    const place = fault === undefined || fault.path.length === 0 ? 'the answer' : fault.path.join('.');
    throw new BridgeError('ANSWER_UNREADABLE', `${describeCall(call)}: ${place}: ${fault?.message ?? 'wrong shape'}`, {
      ...inDoubtIf(call.effect === 'once'),
      details: factsOf(answer, call),
    });
  }

  return result.data;
}

function toError(answer: Answer, call: Call<unknown>, now: DateTime): BridgeError {
  const { status } = answer;
  if (status < 400) {
    return unreadable(answer, call, `JIRA redirects to ${target(answer)}; check base_url and what stands between`);
  }

  if (status === 429) {
    return new BridgeError('RATE_LIMITED', `JIRA asks to slow down (${describeCall(call)})`, {
      ...waitOf(answer, now),
      details: factsOf(answer, call),
    });
  }

  if (status >= 500 || status === 408) {
    return failing(answer, call, now);
  }

  return parseJson(answer.body) === undefined && (status === 403 || status === 404)
    ? unreadable(answer, call, `HTTP ${status} without JIRA’s own answer; check base_url and what stands between`)
    : refusal(answer, call);
}

/** A 500 with a body of JIRA's own speaks of this one call; without it the server as a whole is in trouble. */
function failing(answer: Answer, call: Call<unknown>, now: DateTime): BridgeError {
  const options = { ...(answer.status === 503 ? waitOf(answer, now) : {}), details: factsOf(answer, call) };
  if (call.effect === 'once') {
    return new BridgeError('OUTCOME_UNKNOWN', `JIRA answered ${describeCall(call)} with ${answer.status}`, options);
  }

  const isAboutThisCall = answer.status === 500 && parseJson(answer.body) !== undefined;
  return new BridgeError('SYSTEM_FAILING', `JIRA answered ${describeCall(call)} with ${answer.status}`, {
    ...options,
    ...(isAboutThisCall ? { disposition: 'again' } : {}),
  });
}

function refusal(answer: Answer, call: Call<unknown>): BridgeError {
  const facts = factsOf(answer, call);
  const said = sentenceOf(answer, call);
  const options = { details: facts };
  switch (answer.status) {
    case 401:
      return new BridgeError('LOGIN_REFUSED', `JIRA refuses the login of the bridge${said}`, options);
    case 403:
      return new BridgeError('NOT_PERMITTED', `the account may not ${describeCall(call)}${said}`, options);
    case 404:
      return new BridgeError(
        'RECORD_NOT_READABLE',
        `JIRA does not show ${call.path}${call.about === undefined ? '' : ` (${call.about})`} to the account${said}`,
        options,
      );
    case 409:
      return new BridgeError('REFUSED', `JIRA reports a conflict at ${describeCall(call)}${said}`, {
        ...options,
        disposition: 'again',
      });
    default:
      return new BridgeError('REFUSED', `JIRA refused ${describeCall(call)}${said}`, options);
  }
}

/**
 * A page instead of an answer. The whole system stands behind it, so tickets wait; a write that should not happen twice
 * may have gone through.
 */
function unreadable(answer: Answer, call: Call<unknown>, reason: string): BridgeError {
  const isSuccess = answer.status >= 200 && answer.status < 300;
  const disposition: Disposition = isSuccess && call.effect === 'once' ? 'in-doubt' : 'outage';
  return new BridgeError('ANSWER_UNREADABLE', `${describeCall(call)}: ${reason}`, {
    disposition,
    details: { ...factsOf(answer, call), beginning: answer.body.slice(0, 200) },
  });
}

function denialOf({ headers }: Answer): string | undefined {
  const denied = headers['x-authentication-denied-reason'];
  if (typeof denied === 'string' && denied !== '') {
    return denied.includes('CAPTCHA')
      ? 'a CAPTCHA has to be solved after too many failed logins; log in once in a browser or let the administrator reset it'
      : denied;
  }

  const reasons = String(headers['x-seraph-loginreason'] ?? '').split(/[\s,]+/u);
  const failure = reasons.find((reason) => failedLogins.includes(reason));
  if (failure !== undefined && !reasons.includes('OK')) {
    return failure;
  }

  // An expired token reads what anonymous visitors may read, with HTTP 200, and is told that all else does not exist.
  return headers['x-ausername'] === 'anonymous' ? 'the call was taken as anonymous' : undefined;
}

/**
 * `Retry-After` in seconds or as a date, else the interval in which Data Center refills the bucket. With rate limiting on,
 * every answer carries both headers, 0 meaning that there is no need to wait: they count for 429 and 503 only.
 */
function waitOf({ headers }: Answer, now: DateTime): { retryAfterMs?: number } {
  const text = headers['retry-after'] ?? headers['x-ratelimit-interval-seconds'];
  if (typeof text !== 'string' || text.trim() === '') {
    return {};
  }

  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : DateTime.fromHTTP(text).diff(now).milliseconds;
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: ms } : {};
}

/** JIRA says which field it refuses, but not the value that it was sent. */
function sentenceOf({ body, status }: Answer, call: Call<unknown>): string {
  const { messages, fields } = saidIn(body);
  const refused = Object.entries(fields).map(([field, text]) => {
    const value = sentValue(call.body, field);
    return `${field}${value === '' ? '' : ` ${value}`}: ${text}`;
  });
  const parts = [...messages, ...refused];
  return ` (${status})${parts.length === 0 ? '' : `: ${parts.join('; ')}`}`;
}

function factsOf({ status, body }: Answer, call: Call<unknown>): Record<string, unknown> {
  return { request: nameOfCall(call), status, ...saidIn(body) };
}

function saidIn(body: string): { messages: readonly string[]; fields: Readonly<Record<string, string>> } {
  const said = wireRefusal.safeParse(parseJson(body));
  return { messages: said.data?.errorMessages ?? [], fields: said.data?.errors ?? {} };
}

function target({ headers }: Answer): string {
  const location = headers.location;
  return typeof location === 'string' ? (location.split('?')[0] ?? location) : 'nowhere';
}

function inDoubtIf(isInDoubt: boolean): { disposition?: Disposition } {
  return isInDoubt ? { disposition: 'in-doubt' } : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
