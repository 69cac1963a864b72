import type { ClientRequest } from 'node:http';
import { BridgeError } from '../../src/errors.ts';
import { type Call, nameOfCall } from './call.ts';

/** Why there is no answer: the bridge gave the call up, its time ran out, or the connection failed. */
export interface Breakdown {
  readonly reason: 'given-up' | 'time-out' | 'broken';
  readonly error: { readonly code?: string | undefined; readonly message: string; readonly cause?: unknown };
  readonly request?: unknown;
}

/** Failures of name look-up, connecting and TLS: no byte of the call has left. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** A call without an answer, as an error that says whether it may have taken effect. */
export function toBreakdownError(breakdown: Breakdown, call: Call<unknown>): BridgeError {
  const { error } = breakdown;
  const options = {
    ...(error.cause instanceof Error ? { cause: error.cause } : {}),
    details: { request: nameOfCall(call), code: error.code ?? breakdown.reason },
  };
  if (call.effect === 'once' && !isUnsent(breakdown)) {
    return new BridgeError('OUTCOME_UNKNOWN', `${nameOfCall(call)}: ${sentenceOf(breakdown)}`, options);
  }

  return new BridgeError('SYSTEM_UNREACHABLE', `${nameOfCall(call)}: ${sentenceOf(breakdown)}`, options);
}

function isUnsent({ error, request }: Breakdown): boolean {
  if (error.code !== undefined && beforeSending.has(error.code)) {
    return true;
  }

  const socket = (request as ClientRequest | undefined)?.socket;
  return socket === undefined || socket === null || socket.connecting;
}

function sentenceOf({ reason, error }: Breakdown): string {
  switch (reason) {
    case 'given-up':
      return 'the bridge gave the call up, because it stops or has lost the ticket';
    case 'time-out':
      return 'JIRA did not answer in time';
    case 'broken':
      return `the connection failed (${error.code ?? error.message})`;
  }
}
