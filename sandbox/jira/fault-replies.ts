import type { Fault, Reply } from './faults.ts';

const html = { 'content-type': 'text/html;charset=UTF-8' };

const page = (status: number, title: string): Reply => ({
  status,
  headers: html,
  body: `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
});

const internalError: Reply = { status: 500, body: { errorMessages: ['Internal server error'], errors: {} } };

const loginPage: Reply = {
  status: 200,
  headers: html,
  body: '<!DOCTYPE html><html><title>Единый вход</title></html>',
};

/** What is answered instead of JIRA's own answer; undefined where the connection breaks or JIRA is only slow. */
export function replyOf(fault: Fault, method: string, path: string): Reply | undefined {
  switch (fault.kind) {
    case 'bad-gateway-after-effect':
      return page(502, '502 Bad Gateway');
    case 'gateway-timeout-after-effect':
      return page(504, '504 Gateway Time-out');
    case 'server-error':
    case 'server-error-after-effect':
      return internalError;
    case 'server-error-html':
      return page(500, 'Oops, you have found a dead link.');
    case 'request-timeout':
      return page(408, '408 Request Time-out');
    case 'too-large':
      return page(413, '413 Request Entity Too Large');
    case 'rate-limited':
      return rateLimited(fault.retryAfter ?? '1', fault.reason);
    case 'login-page':
    case 'login-page-after-effect':
      return loginPage;
    case 'redirect-to-login':
      return { status: 302, headers: { ...html, location: '/login.jsp?os_destination=%2F' }, body: '' };
    case 'anonymous':
      return anonymous(method, path);
    case 'captcha':
      return captcha;
    case 'message-too-long':
      return {
        status: 400,
        body: {
          errorMessages: [],
          errors: { [fault.field ?? 'comment']: 'The entered text is too long. It exceeds the allowed limit.' },
        },
      };
    case 'unavailable':
      return {
        status: 503,
        headers: { ...html, ...(fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }) },
        body: '<html><h1>JIRA is starting up</h1></html>',
      };
    default:
      return undefined;
  }
}

function rateLimited(retryAfter: string, reason: string | undefined): Reply {
  return {
    status: 429,
    headers: {
      'retry-after': retryAfter,
      'x-ratelimit-limit': '50',
      'x-ratelimit-remaining': '0',
      ...(reason === undefined ? {} : { 'ratelimit-reason': reason }),
    },
    body: { message: 'Rate limit exceeded.' },
  };
}

const captcha: Reply = {
  status: 401,
  headers: {
    ...html,
    'x-seraph-loginreason': 'AUTHENTICATION_DENIED',
    'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=http://127.0.0.1/login.jsp',
  },
  body: '<html><h1>Unauthorized (401)</h1></html>',
};

/** A search finds nothing, an issue does not exist, and lists are empty: as for a visitor without a login. */
function anonymous(method: string, path: string): Reply {
  const headers = { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED', 'x-ausername': 'anonymous' };
  if (path.startsWith('/search')) {
    return { status: 200, headers, body: { startAt: 0, maxResults: 50, total: 0, issues: [], isLast: true } };
  }

  if (/^\/issue\/[^/]+/.test(path) || method !== 'GET') {
    return { status: 404, headers, body: { errorMessages: ['Issue Does Not Exist'], errors: {} } };
  }

  return { status: 200, headers, body: [] };
}
