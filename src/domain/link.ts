import type { DateTime } from 'luxon';
import type { Action, ActionKey, RelatedRole } from './action.ts';
import { isSameText } from './condition.ts';
import type { Phase, Ref, Snapshot } from './ticket.ts';

/** The last common state of the two sides: what the bridge has already brought over and must not enforce again. */
export interface Agreed {
  /** Status and resolution of the issue that the ticket was last moved for. */
  readonly issueState?: string;
  /** The issue's phase at that time: a ticket is brought back to work only if the bridge ended it. */
  readonly issuePhase?: Phase;
  /** Digest of the notable reasons that were last written down, so that each is written down once. */
  readonly noted?: string;
  /** The ticket's state at that time: another one is a person's choice, for what the bridge sets is agreed at once. */
  readonly ticketState?: string;
  /** The requester's last public article that was taken into account. */
  readonly answer?: string;
  /**
   * How the issue's link back shows the ticket: `resolved` or `open`, and the title after a slash. A memory from before
   * this was written down counts as `open` with the title as it is.
   */
  readonly shownTicket?: string;
  /** The ticket is closed, and the letter to the requester about its solution is still to be written. */
  readonly owesLetter?: true;
  /** Names of the linked records whose work was done at the last look, in alphabetical order; absent where none was. */
  readonly ended?: readonly string[];
  /** Login of the assignee that the issue had when it was first seen: JIRA's own choice; absent where it had none. */
  readonly firstAssignee?: string;
  /** ISO moment at which the bridge closed the issue because its ticket had left our services; absent while it has not. */
  readonly misrouted?: string;
  /**
   * Comments of the ticket whose words are the description of an issue, this one's or one of a ticket that was merged into
   * it: they are carried nowhere. A memory from before this was written down counts as the first text of the ticket.
   */
  readonly described?: readonly string[];
  /** Id of the ticket that the issue was opened for, where that was merged into this one later. */
  readonly issueFrom?: string;
  /** Since when the ticket cannot be read: ISO 8601. Absent for one that can be. */
  readonly unreadableSince?: string;
  /** That it is gone was told and written down; it is looked at no more until something happens to it. */
  readonly isGone?: true;
}

/** An action that was refused for good. It is offered again when its content changes, or when a look finds it later on. */
export interface Refusal {
  readonly action: Action;
  readonly code: string;
  /** What was answered, for people. */
  readonly message?: string;
  /** The reason in one word, where the code alone leaves that open: why a file may not be carried. */
  readonly reason?: string;
  readonly at: DateTime;
  /** Contents of the action that a person discarded, or edited into something else: none of them is offered again. */
  readonly discarded?: readonly Action[];
}

/** A record that was opened for the ticket besides its issue. A ticket has at most one of a name. */
export interface RelatedRef {
  readonly name: string;
  readonly role: RelatedRole;
  readonly ref: Ref;
}

/** What the bridge remembers about one ticket. */
export interface Link {
  readonly ticket: Ref;
  readonly issue?: Ref;
  /** In the order of opening. */
  readonly related: readonly RelatedRef[];
  readonly agreed: Agreed;
  /** Once-only actions that took effect, and the id that the other system gave to the effect. */
  readonly done: Readonly<Record<ActionKey, string>>;
  readonly refused: Readonly<Record<ActionKey, Refusal>>;
}

/** What is remembered about a ticket that no look has seen. */
export function blankLink(ticket: Ref): Link {
  return { ticket, related: [], agreed: {}, done: {}, refused: {} };
}

/** Status and resolution in one word; what `Agreed.issueState` remembers. */
export function issueStateOf(issue: Snapshot): string {
  return `${issue.state}/${issue.resolution ?? ''}`;
}

/** Title and state in one word; what `Agreed.shownTicket` remembers. */
export function shownTicketOf(title: string, isResolved: boolean): string {
  return `${isResolved ? 'resolved' : 'open'}/${title}`;
}

/** Whether the issue changed since the two sides agreed, or they never did. */
export function isNewsOfIssue(issue: Snapshot, { agreed }: Pick<Link, 'agreed'>): boolean {
  const { issueState } = agreed;
  return issueState === undefined || !issueStatesOf(issue).some((each) => isSameText(issueState, each));
}

/** The same under every name: another language of the bridge's account is no change of the issue. */
function issueStatesOf(issue: Snapshot): readonly string[] {
  const { state, resolution = '', aliases } = issue;
  const resolutions = [resolution, ...(aliases?.resolution ?? [])];
  return [state, ...(aliases?.state ?? [])].flatMap((each) => resolutions.map((other) => `${each}/${other}`));
}

/** Whether a person changed the ticket's state since the two sides agreed. */
export function isNewsOfTicket(ticket: Snapshot, { agreed }: Pick<Link, 'agreed'>): boolean {
  return agreed.ticketState !== undefined && !isSameText(agreed.ticketState, ticket.state);
}

/** The id of the last article by which the requester spoke to everyone. */
export function lastAnswerOf(ticket: Snapshot): string | undefined {
  return ticket.comments.findLast(
    ({ by, visibility, marker }) => by === 'requester' && visibility === 'public' && marker === undefined,
  )?.id;
}
