import type { ActionKey } from './action.ts';
import { describedBy } from './agreement.ts';
import { type CommentWay, goThrough, type Internal, type StandingOfComment, standingsOn } from './comment-ways.ts';
import type { Facts } from './facts.ts';
import { combine, type Judgement } from './reason.ts';
import { fill } from './template.ts';
import type { Comment, Snapshot, Visibility } from './ticket.ts';
import { commentValues, editValues, issueValues, ticketValues, type Wording } from './vocabulary.ts';

/** How comments are carried over. What a system leaves unsaid about visibility is internal. */
export interface CommentPolicy {
  readonly toIssue: {
    readonly text: string;
    /** Internal notes of the help desk; carried ones are internal in the issue too. */
    readonly internalNotes: Internal;
  };
  readonly toTicket: {
    readonly subject: string;
    readonly text: string;
    /** Whether the requester sees a comment that everyone who sees the issue can read. */
    readonly visibility: Visibility;
    /** Comments that the issue's system restricts; carried ones are internal notes and never public. */
    readonly restrictedComments: Internal;
  };
  /** What becomes of a comment that is edited after it was carried. */
  readonly edits: {
    readonly toTicket: 'as_note' | 'ignored';
    readonly toIssue: 'as_edit' | 'as_note' | 'ignored';
    readonly note: { readonly subject: string; readonly toTicket: string; readonly toIssue: string };
  };
  readonly wording: Wording;
}

/** Where a comment stands, for explanations. */
export interface CommentStanding {
  readonly comment: Comment;
  readonly of: Snapshot;
  readonly standing: StandingOfComment;
}

/** Comments of ticket and issue go to the other side. */
export function judgeComments(facts: Facts, policy: CommentPolicy): Judgement {
  return combine(waysOf(facts, policy).flatMap((way) => goThrough(way, facts)));
}

/** Where every comment of both sides stands; none while there is no issue. */
export function commentStandings(facts: Facts, policy: CommentPolicy): readonly CommentStanding[] {
  return waysOf(facts, policy).flatMap((way) =>
    standingsOn(way, facts).map(({ comment, standing }) => ({ comment, of: way.source, standing })),
  );
}

function waysOf({ link, ticket, issue }: Facts, policy: CommentPolicy): readonly CommentWay[] {
  if (issue === undefined) {
    return [];
  }

  const { toIssue, toTicket, edits, wording } = policy;
  const context = { ...ticketValues(ticket, wording), ...issueValues(issue) };
  const fillFor = (template: string, comment: Comment) =>
    fill(template, {
      ...context,
      ...commentValues(comment, wording.moments),
      ...editValues(comment, wording.moments),
    });
  return [
    {
      source: ticket,
      target: issue,
      channel: issue.ref.system,
      described: describedBy(link, ticket),
      called: 'article',
      clause: 'R51a',
      internal: toIssue.internalNotes,
      edits: edits.toIssue,
      visibility: 'public',
      rules: {
        public: 'public-article-goes-to-the-issue',
        internal: 'internal-note-goes-to-the-issue',
        edit: 'edited-article-changes-its-copy',
        note: 'edited-article-is-told-in-the-issue',
      },
      write: (comment) => ({ subject: comment.subject ?? '', text: fillFor(toIssue.text, comment) }),
      tell: (comment) => ({ subject: comment.subject ?? '', text: fillFor(edits.note.toIssue, comment) }),
    },
    {
      source: issue,
      target: ticket,
      channel: ticket.ref.system,
      called: 'comment',
      clause: 'R51a',
      internal: toTicket.restrictedComments,
      edits: edits.toTicket,
      visibility: toTicket.visibility,
      rules: {
        public: 'public-comment-goes-to-the-ticket',
        internal: 'restricted-comment-goes-to-the-ticket',
        edit: 'edited-comment-is-told-in-the-ticket',
        note: 'edited-comment-is-told-in-the-ticket',
      },
      write: (comment) => ({
        subject: fillFor(toTicket.subject, comment),
        text: fillFor(toTicket.text, comment),
      }),
      tell: (comment) => ({
        subject: fillFor(edits.note.subject, comment),
        text: fillFor(edits.note.toTicket, comment),
      }),
    },
  ];
}

/** Whether the ticket has the comment: remembered, or shown by the ticket, for the comment itself outlives a lost memory. */
export function isWritten(key: ActionKey, { link, ticket }: Facts): boolean {
  return link.done[key] !== undefined || shows(ticket, key);
}

/** Whether the record holds the comment that the action would write. */
export function shows(record: Snapshot, key: ActionKey): boolean {
  return record.comments.some(({ marker, isMergedIn }) => marker === key && !(isMergedIn === true && isOwnWords(key)));
}

/** What the bridge says by itself is about one ticket: in another one, that was merged into it, it said nothing of this. */
export function isOwnWords(key: ActionKey): boolean {
  return key.startsWith('comment:') && !/^comment:[^:]+:\d+(?:@|$)/.test(key);
}
