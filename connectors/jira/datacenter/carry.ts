import type { Carry } from '../http/gateway.ts';

/** Carries calls to JIRA Data Center as they are. */
export const carryPlainly: Carry = ({ method, root, path, query, body }, exchange) =>
  exchange({ method, root, url: path, query, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
