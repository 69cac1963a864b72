import type { WireUser } from './wire.ts';

export type Actor = Pick<WireUser, 'name' | 'key' | 'accountId'>;

/** By the surest name that JIRA gives: on Data Center the key of one user may be the name of another. */
export function isOwn(actor: Actor | null | undefined, account: string): boolean {
  return actor !== undefined && actor !== null && surestName(actor) === account;
}

export function surestName({ accountId, name, key }: Actor): string | undefined {
  return accountId ?? name ?? key;
}
