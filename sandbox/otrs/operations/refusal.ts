/** An error as OTRS reports nearly all of them: in a body that comes with HTTP 200. */
export interface Refusal {
  readonly Error: { readonly ErrorCode: string; readonly ErrorMessage: string };
}

export function refusal(operation: string, reason: string, message: string): Refusal {
  return { Error: { ErrorCode: `${operation}.${reason}`, ErrorMessage: `${operation}: ${message}` } };
}

export function isRefusal(value: object): value is Refusal {
  return 'Error' in value;
}

/** An operation that gave up half-way; over REST a JSON fault with HTTP 500, over SOAP a fault in an envelope. */
export class OperationFault extends Error {}

/** Reason and message of the check that failed. */
export type Objection = readonly [reason: string, message: string];

/** The first of the checks that objects. */
export function firstObjection(...checks: readonly (() => Objection | false | undefined)[]): Objection | undefined {
  for (const check of checks) {
    const objection = check();
    if (objection !== undefined && objection !== false) {
      return objection;
    }
  }
  return undefined;
}
