import type { Carry } from '../gateway.ts';

/** Carries calls to JIRA Data Center as they are. */
export const carryPlainly: Carry = ({ method, path, query, body }, exchange) =>
  exchange({ method, url: path, query, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
