import type { Disposition, ErrorCode } from '../../../src/errors.ts';

/** `<code> <disposition>`, with `told` where the answer brings its own time to wait. */
export type Settlement = 'good' | `${ErrorCode} ${Disposition}` | `${ErrorCode} ${Disposition} told`;

/** What a call comes to: a read, a write that may be made twice, and one that would take effect twice. */
export interface Settlements {
  readonly read: Settlement;
  readonly repeatable: Settlement;
  readonly once: Settlement;
}

/** What OTRS, or what stands in front of it, says; each transport has its own way to write the first three. */
export type Said =
  | { readonly data: object }
  | { readonly code: string; readonly message?: string }
  | { readonly fault: string }
  | { readonly text: string };

export interface AnsweredRow extends Settlements {
  readonly title: string;
  readonly status: number;
  readonly said: Said;
  readonly headers?: Readonly<Record<string, string>>;
}

const each = (settlement: Settlement): Settlements => ({ read: settlement, repeatable: settlement, once: settlement });
const unlessOnce = (settlement: Settlement, once: Settlement): Settlements => ({ ...each(settlement), once });

const refused = each('REFUSED dead');
const unreadable = unlessOnce('ANSWER_UNREADABLE again', 'ANSWER_UNREADABLE in-doubt');
const failing = unlessOnce('SYSTEM_FAILING outage', 'SYSTEM_FAILING in-doubt');
const notExecuted = each('SYSTEM_FAILING outage');
const hidden = each('RECORD_NOT_READABLE dead');
const notPermitted = each('NOT_PERMITTED dead');
const loginRefused = each('LOGIN_REFUSED outage');

const GOOD = { TicketID: '5', LinkAdded: 1 };
const PAGE: Said = { text: '<!DOCTYPE html><html><title>Единый вход</title></html>' };

/** Every code that the operations of OTRS and of the add-on package know: they come with HTTP 200. */
const codes: readonly (readonly [code: string, settlements: Settlements, message?: string])[] = [
  ['SessionCreate.AuthFail', loginRefused],
  ['SessionCreate.MissingParameter', refused],
  ['SessionGet.SessionInvalid', loginRefused],
  ['SessionGet.MissingParameter', refused],
  ['TicketCreate.AuthFail', loginRefused],
  ['TicketCreate.AccessDenied', notPermitted, 'TicketCreate: Can not create tickets in this queue, no permission!'],
  ['TicketCreate.MissingParameter', refused],
  ['TicketCreate.InvalidParameter', refused, 'TicketCreate: Ticket->CustomerUser parameter is invalid!'],
  ['TicketUpdate.AuthFail', loginRefused],
  ['TicketUpdate.AccessDenied', hidden, 'TicketUpdate: User does not have access to the ticket!'],
  ['TicketUpdate.AccessDenied', notPermitted, 'TicketUpdate: Does not have permissions to update owner!'],
  ['TicketUpdate.MissingParameter', refused, "Can't set a ticket on a pending state without pendig time!"],
  ['TicketUpdate.InvalidParameter', refused, 'TicketUpdate: DynamicField->Value parameter is invalid!'],
  ['TicketUpdate.EmptyRequest', refused],
  ['TicketGet.AuthFail', loginRefused],
  ['TicketGet.AccessDenied', hidden, 'TicketGet: User does not have access to the ticket!'],
  ['TicketGet.MissingParameter', refused],
  ['TicketGet.WrongStructure', refused],
  ['TicketGet.NotValidTicketID', hidden],
  ['TicketGet.NotTicketData', hidden],
  ['Ticket.AccessDenied', hidden],
  ['TicketSearch.AuthFail', loginRefused],
  ['TicketHistoryGet.AuthFail', loginRefused],
  ['TicketHistoryGet.AccessDenied', hidden, 'TicketHistoryGet: User does not have access to the ticket!'],
  ['TicketHistoryGet.MissingParameter', refused],
  ['TicketHistoryGet.WrongStructure', refused],
  ['TicketHistoryGet.NotTicketData', hidden],
  ['TimeAccountingGet.NoPermission', notPermitted],
  ['LinkAdd.AuthFail', loginRefused],
  ['LinkAdd.MissingParameter', refused],
  ['LinkAdd.InvalidParameter', refused],
  ['LinkAdd.AccessDenied', hidden, 'LinkAdd: User does not have access to the ticket in TargetTicketID!'],
  ['LinkAdd.LinkNotAdded', refused],
  ['Webservice.InvalidConfiguration', notExecuted],
  ['TicketUpdate.WhateverComesTomorrow', refused],
  ['NoPointAtAll', refused],
  ['', refused],
];

const row = (
  title: string,
  status: number,
  said: Said,
  settlements: Settlements,
  headers: Readonly<Record<string, string>> = {},
): AnsweredRow => ({ title, status, said, headers, ...settlements });

export const answered: readonly AnsweredRow[] = [
  row('a good answer', 200, { data: GOOD }, each('good')),
  row('a good answer', 201, { data: GOOD }, each('good')),
  ...codes.map(([code, settlements, message = '']) =>
    row(`the code «${code}» ${message}`.trim(), 200, { code, message }, settlements),
  ),
  row('a page', 200, PAGE, unreadable),
  row('nothing', 200, { text: '' }, unreadable),
  row('nothing', 204, { text: '' }, unreadable),
  row('data of another shape', 200, { data: { Ticket: 1 } }, unreadable),
  row('a fault with success', 200, { fault: 'Unknown' }, unreadable),
  ...[301, 302, 303, 307, 308].map((status) =>
    row('a way to a login page', status, PAGE, unreadable, { Location: 'https://login.example.test/?secret=1' }),
  ),
  row('a bad request to a proxy', 400, PAGE, refused),
  row('a proxy that wants a login', 401, PAGE, loginRefused),
  row('a filter', 403, PAGE, unlessOnce('LOGIN_REFUSED outage', 'LOGIN_REFUSED again')),
  row('a wrong base URL', 404, PAGE, unreadable),
  row('a method that is not allowed', 405, PAGE, refused),
  row('a proxy that wants a login', 407, PAGE, loginRefused),
  ...[408, 409, 423, 425].map((status) => row('not now', status, PAGE, each('REFUSED again'))),
  row(
    'a request without length',
    411,
    { text: 'Length Required' },
    unlessOnce('SYSTEM_FAILING outage', 'REFUSED dead'),
  ),
  row('too large a request', 413, { text: 'Request Entity Too Large' }, refused),
  row('too long a route', 414, PAGE, refused),
  row('too large headers', 431, PAGE, refused),
  row('too many calls, seconds told', 429, PAGE, each('RATE_LIMITED again told'), { 'Retry-After': '7' }),
  row('too many calls', 429, PAGE, each('RATE_LIMITED again')),
  row(
    'a route that the web service lacks',
    500,
    { text: "HTTP::REST Error while determine Operation for request URI '/Ticket/5'." },
    notExecuted,
  ),
  row('an operation that the web service lacks', 500, { fault: 'Got no OperationType!' }, notExecuted),
  row(
    'an action that is not of the web service',
    500,
    { fault: "SOAPAction 'x' does not match expected result 'http://www.otrs.org/TicketConnector/#TicketGet'" },
    notExecuted,
  ),
  ...[
    'Error while decoding request content.',
    'Unsupported request content structure.',
    'Could not read input data',
    'Error deserializing message:\nnot well-formed (invalid token) at line 1, column 0, byte 0',
    'Got no result body from deserialized content',
  ].map((text) =>
    row('a request that cannot be read', 500, { text }, unlessOnce('SYSTEM_FAILING outage', 'REFUSED dead')),
  ),
  row(
    'an operation whose package is not installed',
    500,
    { fault: "Can't load operation backend module OtrsJiraBridge::LinkAdd!" },
    refused,
  ),
  row(
    'an operation that gave up half-way',
    500,
    { fault: 'Dynamic Field Solution could not be set, please contact the system administrator' },
    unlessOnce('SYSTEM_FAILING again', 'SYSTEM_FAILING in-doubt'),
  ),
  row('an answer that OTRS could not write', 500, { text: 'Error serializing message:x' }, failing),
  ...[500, 501, 502, 503, 504, 520, 599].map((status) => row('a failing server', status, PAGE, failing)),
  row(
    'maintenance, seconds told',
    503,
    PAGE,
    unlessOnce('SYSTEM_FAILING outage told', 'SYSTEM_FAILING in-doubt told'),
    { 'Retry-After': '120' },
  ),
];

/** The call never reached OTRS: nothing can have happened. */
export const notSent = each('SYSTEM_UNREACHABLE outage');

/** The call may have reached OTRS, and no answer came back. */
export const lost = unlessOnce('SYSTEM_UNREACHABLE outage', 'OUTCOME_UNKNOWN in-doubt');

/** OTRS is well, but its answer to this one call is more than is taken. */
export const tooLarge = unreadable;
