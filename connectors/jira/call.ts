import type { ZodType } from 'zod';

/**
 * What a call does in JIRA. `none` reads; `repeatable` describes a state to reach, so that a second call changes
 * nothing more; `once` would take effect twice if it were sent twice.
 */
export type Effect = 'none' | 'repeatable' | 'once';

/** One call of JIRA's REST interface. */
export interface Call<Result> {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below `/rest/api/2`, e.g. `/issue/10001`; ids in it are encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly effect: Effect;
  /** What a good answer looks like. */
  readonly shape: ZodType<Result>;
  readonly signal: AbortSignal;
}

/** Names a call in messages, e.g. `POST /issue`. */
export function nameOfCall(call: Pick<Call<unknown>, 'method' | 'path'>): string {
  return `${call.method} ${call.path}`;
}
