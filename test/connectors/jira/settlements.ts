import type { ErrorCode } from '../../../src/errors.ts';

/** `<code> <disposition>`, with `told` where the answer brings its own time to wait. */
export type Settlement =
  | 'good'
  | `${ErrorCode} ${'again' | 'outage' | 'in-doubt' | 'dead'}`
  | `${ErrorCode} ${'again' | 'outage' | 'in-doubt' | 'dead'} told`;

/** What a call comes to: a read, a write that describes a state, and one that would take effect twice if sent twice. */
export interface Settlements {
  readonly none: Settlement;
  readonly repeatable: Settlement;
  readonly once: Settlement;
}

export interface AnsweredRow extends Settlements {
  readonly title: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export const GOOD = '{"id":"10001","key":"OSSTTMB2B-1"}';
const HTML = '<!DOCTYPE html><html><title>Единый вход</title></html>';
const SAID = '{"errorMessages":["Так нельзя."],"errors":{}}';
const FIELDS = '{"errorMessages":[],"errors":{"summary":"Укажите тему."}}';
const html = { 'content-type': 'text/html;charset=UTF-8' };
const inAnHour = 'Fri, 01 Jan 2100 00:00:00 GMT';

const each = (settlement: Settlement): Settlements => ({
  none: settlement,
  repeatable: settlement,
  once: settlement,
});

/** A server in trouble: a read waits for it, a create may have happened all the same. */
const failing = (told: '' | ' told' = ''): Settlements => ({
  none: `SYSTEM_FAILING outage${told}`,
  repeatable: `SYSTEM_FAILING outage${told}`,
  once: `OUTCOME_UNKNOWN in-doubt${told}`,
});

const unreadable = (
  none: 'again' | 'outage',
  once: 'again' | 'outage' | 'in-doubt',
  repeatable = none,
): Settlements => ({
  none: `ANSWER_UNREADABLE ${none}`,
  repeatable: `ANSWER_UNREADABLE ${repeatable}`,
  once: `ANSWER_UNREADABLE ${once}`,
});

const refusedLogin = each('LOGIN_REFUSED outage told');
const refused = each('REFUSED dead');
const passing = each('REFUSED again');
const limited = each('RATE_LIMITED again told');

const captcha = {
  ...html,
  'x-seraph-loginreason': 'AUTHENTICATION_DENIED',
  'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://jira.test/login.jsp',
};

const row = (
  title: string,
  status: number,
  settlements: Settlements,
  rest: Partial<AnsweredRow> = {},
): AnsweredRow => ({
  title,
  status,
  ...settlements,
  ...rest,
});
const page = { headers: html, body: HTML };

/** Every status that JIRA or what stands before it can answer with. */
export const answered: readonly AnsweredRow[] = [
  row('a good answer', 200, each('good'), { body: GOOD }),
  row('a good answer to a create', 201, each('good'), { body: GOOD }),
  row('a page with success', 200, unreadable('outage', 'in-doubt'), page),
  row('JSON of another shape', 200, unreadable('again', 'in-doubt'), { body: '{"key":5}' }),
  row('a list instead of a record', 200, unreadable('again', 'in-doubt'), { body: '[]' }),
  row(
    'a good answer to nobody',
    200,
    { none: 'LOGIN_REFUSED outage told', repeatable: 'LOGIN_REFUSED outage told', once: 'LOGIN_REFUSED in-doubt told' },
    { body: GOOD, headers: { 'x-ausername': 'anonymous' } },
  ),
  row(
    'a good answer to a dead token',
    200,
    { none: 'LOGIN_REFUSED outage told', repeatable: 'LOGIN_REFUSED outage told', once: 'LOGIN_REFUSED in-doubt told' },
    { body: GOOD, headers: { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' } },
  ),
  row('success without a word', 201, unreadable('again', 'in-doubt')),
  row('success without content', 204, unreadable('again', 'in-doubt')),
  ...[300, 301, 302, 304, 307, 308].map((status) =>
    row('a redirect', status, unreadable('outage', 'outage'), { headers: { location: '/login.jsp?x=1' } }),
  ),
  row('see other', 303, unreadable('outage', 'in-doubt'), { headers: { location: '/login.jsp' } }),
  row('refused fields', 400, refused, { body: FIELDS }),
  row('a refusal', 400, refused, { body: SAID }),
  row('a refusal of the server below JIRA', 400, refused, page),
  row('a refused login', 401, refusedLogin, page),
  row('a CAPTCHA', 401, refusedLogin, { headers: captcha, body: HTML }),
  row('payment wanted', 402, refused, { body: SAID }),
  row('a CAPTCHA', 403, refusedLogin, { headers: captcha, body: HTML }),
  row('a missing permission', 403, each('NOT_PERMITTED dead'), { body: SAID }),
  row('a page of a filter', 403, unreadable('outage', 'again', 'again'), page),
  row('a failed XSRF check', 403, unreadable('outage', 'again', 'again'), { body: 'XSRF check failed' }),
  row('no such record', 404, each('RECORD_NOT_READABLE dead'), { body: SAID }),
  row('no such address', 404, unreadable('outage', 'outage'), page),
  row('no such record for a dead token', 404, refusedLogin, {
    body: SAID,
    headers: { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
  }),
  ...[405, 406, 410, 411, 412, 413, 414, 415, 417, 421, 422, 431, 451].map((status) =>
    row('a refusal', status, refused, page),
  ),
  row('a proxy that wants a login', 407, unreadable('outage', 'outage'), page),
  row('a request that came too slowly', 408, failing(), page),
  ...[409, 423, 425].map((status) => row('not now', status, passing, { body: SAID })),
  row('too many calls, seconds told', 429, limited, { headers: { 'retry-after': '7' } }),
  row('too many calls, a date told', 429, limited, { headers: { 'retry-after': inAnHour } }),
  row('too many calls, an interval told', 429, limited, {
    headers: { 'retry-after': '0', 'x-ratelimit-reset': '2100-01-01T00:00:00Z', 'x-ratelimit-interval-seconds': '60' },
    ...each('RATE_LIMITED again'),
  }),
  row('too many calls, the end of the window told', 429, limited, {
    headers: { 'x-ratelimit-reset': '2100-01-01T00:00:00Z' },
  }),
  row('too many calls', 429, each('RATE_LIMITED again'), page),
  row(
    'a failure of this one call',
    500,
    { none: 'SYSTEM_FAILING again', repeatable: 'SYSTEM_FAILING again', once: 'OUTCOME_UNKNOWN in-doubt' },
    { body: SAID },
  ),
  ...[500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 521, 522, 523, 524, 525, 526, 527, 530, 599, 999].map(
    (status) => row('a failing server', status, failing(), page),
  ),
  row('maintenance, seconds told', 503, failing(' told'), { ...page, headers: { ...html, 'retry-after': '120' } }),
  row('maintenance, a date told', 503, failing(' told'), { ...page, headers: { ...html, 'retry-after': inAnHour } }),
  row('a gateway that tells when', 502, failing(' told'), { ...page, headers: { ...html, 'retry-after': '30' } }),
];

/** The call never reached JIRA: nothing can have happened. */
export const notSent: Settlements = each('SYSTEM_UNREACHABLE outage');

/** The call may have reached JIRA, and no answer came back. */
export const lost: Settlements = {
  none: 'SYSTEM_UNREACHABLE outage',
  repeatable: 'SYSTEM_UNREACHABLE outage',
  once: 'OUTCOME_UNKNOWN in-doubt',
};

/** JIRA is well, but its answer to this one call is more than is taken. */
export const tooLarge: Settlements = {
  none: 'ANSWER_UNREADABLE again',
  repeatable: 'ANSWER_UNREADABLE again',
  once: 'OUTCOME_UNKNOWN in-doubt',
};
