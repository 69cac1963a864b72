import type { Headers } from './retry-after.ts';

/** What the bridge logs in with. Failed passwords end in a CAPTCHA lock, failed tokens do not. */
export type Credentials = 'token' | 'password';

/** Why a call was not made as the bridge’s account, and how long to leave the login alone. */
export interface Denial {
  readonly reason: string;
  readonly retryAfterMs: number;
}

const MINUTE_MS = 60_000;

/** Trying on keeps the lock alive; a person has to lift it first. */
const LOCKED_MS = 15 * MINUTE_MS;

/** Every try with a wrong password brings the lock nearer. */
const PASSWORD_MS = 5 * MINUTE_MS;

/** Values of `X-Seraph-LoginReason` that mean: the call was not made as the bridge’s account. `OK` may stand beside. */
const failedLogins = ['AUTHENTICATED_FAILED', 'AUTHENTICATION_DENIED'];

/** Whatever the status says: JIRA answers what is open to everybody to a dead login, too, with HTTP 200. */
export function denialIn(headers: Headers, credentials: Credentials): Denial | undefined {
  const denied = headers['x-authentication-denied-reason'];
  if (typeof denied === 'string' && denied !== '') {
    return denied.includes('CAPTCHA')
      ? {
          reason:
            'a CAPTCHA has to be solved after too many failed logins. Correct the password, then log in once in a browser or let JIRA’s administrator reset the failed login count; the bridge tries again every 15 minutes, or when it is restarted',
          retryAfterMs: LOCKED_MS,
        }
      : { reason: denied, retryAfterMs: LOCKED_MS };
  }

  const reasons = String(headers['x-seraph-loginreason'] ?? '').split(/[\s,]+/u);
  const failure = reasons.find((reason) => failedLogins.includes(reason));
  // Denied, not failed: the account is locked or may not log in.
  const retryAfterMs = failure === 'AUTHENTICATION_DENIED' ? LOCKED_MS : pauseOf(credentials);
  if (failure !== undefined && !reasons.includes('OK')) {
    return { reason: `${failure}; ${adviceOf(credentials)}`, retryAfterMs };
  }

  // An expired token reads what anonymous visitors may read, with HTTP 200, and is told that all else does not exist.
  return headers['x-ausername'] === 'anonymous'
    ? { reason: `the call was taken as anonymous; ${adviceOf(credentials)}`, retryAfterMs }
    : undefined;
}

/** How long to wait after a plain 401. */
export function pauseOf(credentials: Credentials): number {
  return credentials === 'password' ? PASSWORD_MS : MINUTE_MS;
}

export function adviceOf(credentials: Credentials): string {
  return credentials === 'password'
    ? 'correct jira.login and jira.password before JIRA locks the account with a CAPTCHA; the bridge tries again every 5 minutes, or when it is restarted'
    : 'the token is wrong, expired or revoked; create a new one and put it into the configuration';
}
