import type { ZodType } from 'zod';

/**
 * What a call does in JIRA. `none` reads; `repeatable` describes a state to reach, so that a second call changes
 * nothing more; `once` would take effect twice if it were sent twice.
 */
export type Effect = 'none' | 'repeatable' | 'once';

/** One call of JIRA's REST interface. */
export interface Call<Result> {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the REST interface of the dialect, e.g. `/issue/10001`; ids in it are encoded. */
  readonly path: string;
  /** Where the call is below another one, e.g. `/rest/webhooks/1.0`. */
  readonly root?: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  /** The language of the names in the answer, e.g. `ru-RU`, instead of the account's own. */
  readonly language?: string;
  /** The record that the call is made for, as people call it; the path holds an id at most. */
  readonly about?: string;
  readonly effect: Effect;
  /** What a good answer looks like. */
  readonly shape: ZodType<Result>;
  readonly signal: AbortSignal;
}

/** Names a call with its record, e.g. `PUT /issue/10001 (OSSTTMB2B-7)`. */
export function describeCall(call: Pick<Call<unknown>, 'method' | 'path' | 'about'>): string {
  return call.about === undefined ? nameOfCall(call) : `${nameOfCall(call)} (${call.about})`;
}

/** Names a call in facts and in the log, e.g. `POST /issue`. */
export function nameOfCall(call: Pick<Call<unknown>, 'method' | 'path'>): string {
  return `${call.method} ${call.path}`;
}
