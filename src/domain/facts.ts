import type { Link } from './link.ts';
import type { Snapshot } from './ticket.ts';

/** All that a decision rests on: the records as they are now and the bridge's own memory. */
export interface Facts {
  readonly link: Link;
  readonly ticket: Snapshot;
  /** Absent until the issue is open, and while it is gone. */
  readonly issue?: Snapshot;
  /**
   * The issue of the link is not shown to the bridge: deleted, hidden, or moved out of sight. It stays the ticket's issue,
   * nothing is written to it, and the ticket's own side goes on.
   */
  readonly isIssueGone?: true;
}

/** The link is authoritative: an issue that cannot be read now is still the ticket's issue. */
export function hasIssue(facts: Facts): boolean {
  return facts.link.issue !== undefined || facts.issue !== undefined;
}
