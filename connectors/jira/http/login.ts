import { BridgeError } from '../../../src/errors.ts';
import type { Dialect } from '../dialect.ts';
import type { JiraOptions } from '../options.ts';
import type { Answer } from './answer.ts';

/** The header that signs a request: e-mail address and API token in Cloud, token or user name and password elsewhere. */
export function authorization({ email, token, login, password }: JiraOptions): string {
  if (email !== undefined) {
    return basic(email, token);
  }
  return token === undefined ? basic(login, password) : `Bearer ${token}`;
}

function basic(name = '', secret = ''): string {
  return `Basic ${Buffer.from(`${name}:${secret}`, 'utf8').toString('base64')}`;
}

/** What is wrong with the configured login for this JIRA. */
export function loginFault({ name, title }: Dialect, { email }: JiraOptions): string | undefined {
  if (name === 'cloud' && email === undefined) {
    return `jira.base_url leads to ${title}: give jira.email and, as jira.token, an API token of that account`;
  }

  return name === 'datacenter' && email !== undefined
    ? `jira.base_url leads to ${title}: take jira.email out and give a personal access token as jira.token, or jira.login and jira.password`
    : undefined;
}

/** JIRA says nothing of why: from version 11 on it takes no passwords, and a login of the other dialect is a wrong one. */
export function withLoginHint(thrown: unknown, { status, headers }: Answer, options: JiraOptions): unknown {
  const isPassword = options.password !== undefined && headers['x-authentication-denied-reason'] === undefined;
  const hint = isPassword
    ? 'JIRA 11 takes no passwords unless its administrator allows them: use jira.token'
    : tokenHint(options);
  if (!(thrown instanceof BridgeError) || thrown.code !== 'LOGIN_REFUSED' || status !== 401 || hint === undefined) {
    return thrown;
  }

  return new BridgeError('LOGIN_REFUSED', `${thrown.message}; ${hint}`, {
    disposition: thrown.disposition,
    details: thrown.details,
    ...(thrown.retryAfterMs === undefined ? {} : { retryAfterMs: thrown.retryAfterMs }),
  });
}

function tokenHint({ token, email }: JiraOptions): string | undefined {
  if (token === undefined) {
    return undefined;
  }
  return email === undefined
    ? 'JIRA Cloud wants jira.email beside its API token'
    : 'JIRA Data Center wants its personal access token without jira.email';
}
