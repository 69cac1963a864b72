import type { Fault } from './database.ts';

/** SQLSTATE or its class -> what it means to the bridge. Source: PostgreSQL manual, appendix A. */
const faults: readonly (readonly [RegExp, Fault])[] = [
  [/^23505$/, 'duplicate'],
  [/^(42P01|42703|3F000)$/, 'schema'],
  // Serialisation failure, deadlock, lock not available.
  [/^(40001|40P01|55P03)$/, 'conflict'],
  // Connection, login, no such database, read-only server, missing permission, idle in transaction for too long.
  [/^(08...|28...|3D000|25006|42501|25P03)$/, 'unavailable'],
  // Out of resources, stopped by an operator or a time limit, failing disk, internal fault.
  [/^(53|57|58|XX).../, 'unavailable'],
];

/** What the driver says when a connection cannot be made, breaks or falls silent; these errors carry no code. */
const LOST = /connection|connect|timeout|not queryable|pool after calling end|driver has already been destroyed/i;

export function postgresFaultOf(thrown: unknown): Fault {
  if (!Error.isError(thrown)) {
    return 'other';
  }

  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  if (code === undefined) {
    return thrown.name === 'Error' && LOST.test(thrown.message) ? 'unavailable' : 'other';
  }
  if (/^[0-9A-Z]{5}$/.test(code) && 'severity' in thrown) {
    return faults.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';
  }

  return /^(E[A-Z]{3,}|ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code) ? 'unavailable' : 'other';
}

/** The reason in words; an attempt at several addresses fails with a list of errors and no message of its own. */
export function reasonOf(thrown: unknown): string {
  if (Error.isError(thrown) && 'errors' in thrown && Array.isArray(thrown.errors)) {
    return thrown.errors.map(reasonOf).join('; ');
  }

  return Error.isError(thrown) ? thrown.message : String(thrown);
}
