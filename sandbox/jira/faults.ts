/** Troubles that a real JIRA makes, each for one request or for as many as are asked for. */
export type Fault =
  /** The proxy gives up although JIRA did what was asked. */
  | { readonly kind: 'bad-gateway-after-effect' }
  /** The connection breaks although JIRA did what was asked. */
  | { readonly kind: 'reset-after-effect' }
  | { readonly kind: 'reset-before-effect' }
  | { readonly kind: 'rate-limited'; readonly retryAfter?: string }
  /** A single sign-on page with HTTP 200. */
  | { readonly kind: 'login-page' }
  | { readonly kind: 'captcha' }
  /** Maintenance or a reindex. */
  | { readonly kind: 'unavailable'; readonly retryAfter?: string }
  | { readonly kind: 'slow'; readonly milliseconds: number };

/** Which requests a fault strikes; all of them if nothing is said. */
export interface Where {
  readonly method?: string;
  /** Tested against the path below `/rest/api/2`. */
  readonly path?: RegExp;
  /** How many requests; 1 if nothing is said. */
  readonly times?: number;
}

export interface Faults {
  failNext(fault: Fault, where?: Where): void;
  /** The fault that strikes this request, which uses it up. */
  take(method: string, path: string): Fault | undefined;
}

export function createFaults(): Faults {
  const armed: { readonly fault: Fault; readonly where: Where; left: number }[] = [];
  return {
    failNext: (fault, where = {}) => {
      armed.push({ fault, where, left: where.times ?? 1 });
    },
    take: (method, path) => {
      const struck = armed.find(
        ({ where, left }) =>
          left > 0 && (where.method ?? method) === method && (where.path === undefined || where.path.test(path)),
      );
      if (struck !== undefined) {
        struck.left -= 1;
      }
      return struck?.fault;
    },
  };
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, a stream as it comes, everything else as JSON. */
  readonly body: unknown;
}

const html = { 'content-type': 'text/html;charset=UTF-8' };

/** What is answered instead of JIRA's own answer; undefined where the connection breaks or JIRA is only slow. */
export function replyOf(fault: Fault): Reply | undefined {
  switch (fault.kind) {
    case 'bad-gateway-after-effect':
      return { status: 502, headers: html, body: '<html><h1>502 Bad Gateway</h1></html>' };
    case 'rate-limited':
      return {
        status: 429,
        headers: { 'retry-after': fault.retryAfter ?? '1', 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': '0' },
        body: { message: 'Rate limit exceeded.' },
      };
    case 'login-page':
      return { status: 200, headers: html, body: '<!DOCTYPE html><html><title>Единый вход</title></html>' };
    case 'captcha':
      return {
        status: 401,
        headers: {
          ...html,
          'x-seraph-loginreason': 'AUTHENTICATION_DENIED',
          'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=http://127.0.0.1/login.jsp',
        },
        body: '<html><h1>Unauthorized (401)</h1></html>',
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

/** Whether JIRA does what was asked before the trouble begins. */
export function isAfterEffect(fault: Fault): boolean {
  return fault.kind.endsWith('-after-effect') || fault.kind === 'slow';
}
