import type { Link, RelatedRef } from './link.ts';
import type { Ability, Ref, Snapshot } from './ticket.ts';

/** A linked record as it is now. */
export interface RelatedRecord extends RelatedRef {
  /** Absent where it is not shown, and where nobody needed to look. */
  readonly record?: Snapshot;
  /** Its system does not show it to the bridge: deleted, or moved out of sight. */
  readonly isGone?: true;
  /** What its system cannot do with it; absent where it can do everything. */
  readonly lacks?: readonly Ability[];
}

/** The ticket in which the work of a merged one goes on. */
export interface MainTicket {
  readonly ref: Ref;
  /** Its issue, as the bridge remembers it. */
  readonly issue?: Ref;
  /** Its linked records, as the bridge remembers them. */
  readonly related?: readonly RelatedRef[];
  /** The bridge's account does not see it. Looked up only where something hangs on it. */
  readonly isHidden?: true;
}

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
  /** The linked records of the link; absent where it has none. */
  readonly related?: readonly RelatedRecord[];
  /** For a ticket that was merged: what the bridge knows of the ticket that it was merged into. */
  readonly main?: MainTicket;
  /** The ticket whose issue the fields of this one show: they were copied when it was split off. */
  readonly shownIssueOf?: Ref;
}

/** The link is authoritative: an issue that cannot be read now is still the ticket's issue. */
export function hasIssue(facts: Facts): boolean {
  return facts.link.issue !== undefined || facts.issue !== undefined;
}
