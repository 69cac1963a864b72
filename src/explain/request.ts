import type { DateTime } from 'luxon';

/** What to explain. */
export interface ExplainRequest {
  /** Ticket number, ticket id or issue key; left out with `file`. */
  readonly ticket?: string;
  /** Facts as JSON; then nothing is connected to. */
  readonly file?: string;
  /** Where to write the facts, for `file` of another time. */
  readonly save?: string;
  readonly at?: DateTime;
  /** Folder of mappings, instead of the one that the configuration names. */
  readonly mappings?: string;
}
