import type { IncomingHttpHeaders } from 'node:http';
import { account, findUser, type User } from './catalogue.ts';
import type { DialectName } from './dialect.ts';

export interface Credentials {
  readonly dialect: DialectName;
  readonly token: string;
  /** Absent where passwords are switched off, as they are from Data Center 11 on. */
  readonly password: string | undefined;
}

/**
 * Who sends the request: the account by token or password, on Cloud by its e-mail address and an API token; undefined for
 * everyone else.
 */
export function signIn({ authorization = '' }: IncomingHttpHeaders, credentials: Credentials): User | undefined {
  const user = findUser(account);
  return user !== undefined && loginsOf(user, credentials).includes(authorization) ? user : undefined;
}

function loginsOf({ name, emailAddress }: User, { dialect, token, password }: Credentials): readonly string[] {
  const basic = (login: string, secret: string) => `Basic ${Buffer.from(`${login}:${secret}`).toString('base64')}`;
  if (dialect === 'cloud') {
    return [basic(emailAddress, token)];
  }

  return [`Bearer ${token}`, ...(password === undefined ? [] : [basic(name, password)])];
}
