import type { Link } from './link.ts';
import type { Snapshot } from './ticket.ts';

/** All that a decision rests on: the records as they are now and the bridge's own memory. */
export interface Facts {
  readonly link: Link;
  readonly ticket: Snapshot;
  /** Absent until the issue is open. One that cannot be read is an error of the look, never «no issue». */
  readonly issue?: Snapshot;
}

/** The link is authoritative: an issue that cannot be read now is still the ticket's issue. */
export function hasIssue(facts: Facts): boolean {
  return facts.link.issue !== undefined || facts.issue !== undefined;
}
