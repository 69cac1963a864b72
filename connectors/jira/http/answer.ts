import type { DateTime } from 'luxon';
import { BridgeError, type Disposition } from '../../../src/errors.ts';
import { wireRefusal } from '../wire.ts';
import { type Call, describeCall, nameOfCall } from './call.ts';
import { adviceOf, type Credentials, denialIn, pauseOf } from './denial.ts';
import { type Headers, retryAfterIn, waitToldBy } from './retry-after.ts';
import { sentValue } from './sent-value.ts';

/** What came back over HTTP, not yet believed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * The content of a good answer. Everything else is thrown as a `BridgeError` whose disposition says whether the call
 * may have taken effect.
 */
export function readAnswer<Result>(
  answer: Answer,
  call: Call<Result>,
  now: DateTime,
  credentials: Credentials = 'token',
): Result {
  refuseDenied(answer, call, credentials);
  if (isGood(answer)) {
    return readContent(answer, call);
  }

  throw toError(answer, call, now, credentials);
}

/** Throws `LOGIN_REFUSED` for an answer that was not given to the bridge's account, whatever its status. */
export function refuseDenied(answer: Answer, call: Call<unknown>, credentials: Credentials): void {
  const denial = denialIn(answer.headers, credentials);
  if (denial !== undefined) {
    throw new BridgeError('LOGIN_REFUSED', `JIRA refuses the login of the bridge: ${denial.reason}`, {
      // Where strangers may write, JIRA does what a dead login asks, in the name of nobody.
      ...inDoubtIf(call.effect === 'once' && isGood(answer)),
      retryAfterMs: denial.retryAfterMs,
      details: factsOf(answer, call),
    });
  }
}

function isGood({ status }: Answer): boolean {
  return status >= 200 && status < 300;
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

function toError(answer: Answer, call: Call<unknown>, now: DateTime, credentials: Credentials): BridgeError {
  const { status } = answer;
  if (status < 400) {
    return unreadable(answer, call, `JIRA redirects to ${target(answer)}; check base_url and what stands between`);
  }

  if (status === 429) {
    return new BridgeError('RATE_LIMITED', `JIRA asks to slow down (${describeCall(call)})`, {
      ...waitIf(waitToldBy(answer.headers, now)),
      details: factsOf(answer, call),
    });
  }

  if (status >= 500 || status === 408) {
    return failing(answer, call, now);
  }

  if (status === 407) {
    return unreadable(answer, call, 'the proxy wants a login; check jira.proxy');
  }

  return parseJson(answer.body) === undefined && (status === 403 || status === 404)
    ? unreadable(answer, call, `HTTP ${status} without JIRA’s own answer; check base_url and what stands between`)
    : refusal(answer, call, credentials);
}

/** A 500 with a body of JIRA's own speaks of this one call; without it the server as a whole is in trouble. */
function failing(answer: Answer, call: Call<unknown>, now: DateTime): BridgeError {
  const options = { ...waitIf(retryAfterIn(answer.headers, now)), details: factsOf(answer, call) };
  if (call.effect === 'once') {
    return new BridgeError('OUTCOME_UNKNOWN', `JIRA answered ${describeCall(call)} with ${answer.status}`, options);
  }

  const isAboutThisCall = answer.status === 500 && parseJson(answer.body) !== undefined;
  return new BridgeError('SYSTEM_FAILING', `JIRA answered ${describeCall(call)} with ${answer.status}`, {
    ...options,
    ...(isAboutThisCall ? { disposition: 'again' } : {}),
  });
}

/** Statuses that speak of this moment: a conflict, a lock, a call that came too early. */
const passing = [409, 423, 425];

function refusal(answer: Answer, call: Call<unknown>, credentials: Credentials): BridgeError {
  const facts = factsOf(answer, call);
  const said = sentenceOf(answer, call);
  const options = { details: facts };
  switch (answer.status) {
    case 401:
      return new BridgeError('LOGIN_REFUSED', `JIRA refuses the login of the bridge${said}; ${adviceOf(credentials)}`, {
        ...options,
        retryAfterMs: pauseOf(credentials),
      });
    case 403:
      return new BridgeError('NOT_PERMITTED', `the account may not ${describeCall(call)}${said}`, options);
    case 404:
      return new BridgeError(
        'RECORD_NOT_READABLE',
        `JIRA does not show ${call.path}${call.about === undefined ? '' : ` (${call.about})`} to the account${said}`,
        options,
      );
    default:
      return new BridgeError('REFUSED', `JIRA refused ${describeCall(call)}${said}`, {
        ...options,
        ...(passing.includes(answer.status) ? { disposition: 'again' } : {}),
      });
  }
}

/**
 * A page instead of an answer. Where a read gets one, the whole system stands behind it, so tickets wait. A write may get
 * one for its content, from a filter in front of JIRA: every look begins with reads, so it need not speak for the system.
 */
function unreadable(answer: Answer, call: Call<unknown>, reason: string): BridgeError {
  return new BridgeError('ANSWER_UNREADABLE', `${describeCall(call)}: ${reason}`, {
    disposition: dispositionOf(answer, call),
    details: { ...factsOf(answer, call), beginning: answer.body.slice(0, 200) },
  });
}

function dispositionOf(answer: Answer, { effect }: Call<unknown>): Disposition {
  // «See other» is what a server says that did what was asked.
  if (effect === 'once' && (isGood(answer) || answer.status === 303)) {
    return 'in-doubt';
  }

  return effect !== 'none' && answer.status === 403 ? 'again' : 'outage';
}

function waitIf(retryAfterMs: number | undefined): { retryAfterMs?: number } {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
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
