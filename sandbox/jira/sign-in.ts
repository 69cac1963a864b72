import type { IncomingHttpHeaders } from 'node:http';
import { account, type User, users } from './catalogue.ts';

export interface Credentials {
  readonly token: string;
  readonly password: string;
}

/** Who sends the request: the account by token or password; undefined for everyone else. */
export function signIn(
  { authorization = '' }: IncomingHttpHeaders,
  { token, password }: Credentials,
): User | undefined {
  const basic = `Basic ${Buffer.from(`${account}:${password}`, 'utf8').toString('base64')}`;
  return authorization === `Bearer ${token}` || authorization === basic
    ? users.find(({ name }) => name === account)
    : undefined;
}
