import type { DateTime } from 'luxon';
import type { Change, Desk } from '../../src/connector.ts';

/** All pages of what changed since the moment. */
export async function allChanges(desk: Desk, moment: DateTime, signal: AbortSignal): Promise<readonly Change[]> {
  const all: Change[] = [];
  let cursor: string | undefined;
  do {
    const page = await desk.changedSince(moment, cursor, signal);
    all.push(...page.changes);
    cursor = page.next;
  } while (cursor !== undefined);
  return all;
}
