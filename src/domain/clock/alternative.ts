import type { ClockPolicy } from './rules.ts';

/** The same rules with one ambiguous clause read otherwise. */
export interface Alternative {
  /** Key in the mappings, e.g. `readings.plus`. */
  readonly reading: string;
  readonly clause: string;
  readonly chosen: string;
  readonly instead: string;
  /** Compiled when it is asked for. */
  readonly policy: () => ClockPolicy;
}
