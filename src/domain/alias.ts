import { isSameText } from './condition.ts';
import type { Aliases, Snapshot } from './ticket.ts';

/**
 * Whether a name from the mappings means the record's state, priority or resolution: the name that is shown, its id, or
 * its name in another language, for an account's language can change. A record without a resolution goes by no name.
 */
export function isCalled(record: Snapshot, property: keyof Aliases, name: string): boolean {
  const shown = record[property];
  return shown !== undefined && [shown, ...(record.aliases?.[property] ?? [])].some((each) => isSameText(each, name));
}
