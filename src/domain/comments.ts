import { type Action, type ActionKey, type CommentDraft, subjectOf } from './action.ts';
import { type Copies, copiesIn, versionOf } from './comment-copies.ts';
import type { Facts } from './facts.ts';
import { act, combine, type Judgement, nothing, type Reason } from './reason.ts';
import { fill } from './template.ts';
import { type Comment, nameOf, type Snapshot, type Visibility } from './ticket.ts';
import { commentValues, editValues, issueValues, ticketValues, type Wording } from './vocabulary.ts';

/** What happens to comments that not everyone may read. */
export type Internal = 'stay' | 'carried';

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

/** One way in which comments go. */
interface Way {
  readonly source: Snapshot;
  readonly target: Snapshot;
  /** What comments are called there: `article`, `comment`. */
  readonly called: string;
  readonly internal: Internal;
  readonly edits: 'as_edit' | 'as_note' | 'ignored';
  /** What becomes of public words. */
  readonly visibility: Visibility;
  readonly rules: { readonly public: string; readonly internal: string; readonly edit: string; readonly note: string };
  readonly write: (comment: Comment) => Omit<CommentDraft, 'visibility'>;
  readonly tell: (comment: Comment) => Omit<CommentDraft, 'visibility'>;
}

/** Where a comment stands, for explanations. */
export interface CommentStanding {
  readonly comment: Comment;
  readonly of: Snapshot;
  /** `changed`: the other side has it as it was before its last edit. */
  readonly standing: 'description' | 'own' | 'automatic' | 'internal' | 'waiting' | 'carried' | 'changed';
}

/**
 * Carries every comment that the other side lacks, in the order of writing, and tells of those that were edited since. The
 * bridge's own comments, automatic letters and, unless the policy says otherwise, internal ones stay where they are.
 */
export function judgeComments(facts: Facts, policy: CommentPolicy): Judgement {
  return combine(
    waysOf(facts, policy).flatMap((way) => {
      const standings = standingsOn(way, facts).filter(({ subject }) => !isInDoubt(subject, facts));
      return [
        ...standings.filter(({ standing }) => standing === 'waiting').map((each) => carry(way, each)),
        ...standings.filter(({ standing }) => standing === 'changed').map((each) => tellEdit(way, each)),
      ];
    }),
  );
}

/** Where every comment of both sides stands; none while there is no issue. */
export function commentStandings(facts: Facts, policy: CommentPolicy): readonly CommentStanding[] {
  return waysOf(facts, policy).flatMap((way) =>
    standingsOn(way, facts).map(({ comment, standing }) => ({ comment, of: way.source, standing })),
  );
}

function waysOf({ ticket, issue }: Facts, policy: CommentPolicy): readonly Way[] {
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
      called: 'article',
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
      called: 'comment',
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

interface Standing {
  readonly comment: Comment;
  readonly standing: CommentStanding['standing'];
  /** Its key without a version, in which its visibility has no part. */
  readonly subject: ActionKey;
  readonly copies: Copies;
}

function standingsOn({ source, target, internal, edits }: Way, { link }: Facts): readonly Standing[] {
  const copiesOf = copiesIn(target, link.done);
  return source.comments.map((comment) => {
    const subject = `comment:${target.ref.system}:${comment.id}`;
    const copies = copiesOf(subject);
    const stays = whyItStays(comment, source, internal);
    if (stays !== undefined || copies.versions.size === 0) {
      return { comment, subject, copies, standing: stays ?? 'waiting' };
    }

    const isTold =
      comment.editedAt === undefined ||
      copies.versions.has(versionOf(subject, comment)) ||
      link.done[versionOf(editOf(subject), comment)] !== undefined;
    return { comment, subject, copies, standing: isTold || edits === 'ignored' ? 'carried' : 'changed' };
  });
}

/** People's words are carried; automatic letters and the bridge's own comments are not, whatever the policy says. */
function whyItStays(comment: Comment, { textCommentId }: Snapshot, internal: Internal) {
  if (comment.marker !== undefined) {
    return 'own';
  }
  if (comment.by === 'system') {
    return 'automatic';
  }
  if (comment.id === textCommentId) {
    return 'description';
  }

  return comment.visibility === 'public' || internal === 'carried' ? undefined : 'internal';
}

/** A version that was given up as doubtful may be there all the same: only a person can tell. */
function isInDoubt(subject: ActionKey, { link }: Facts): boolean {
  return Object.entries(link.refused).some(
    ([key, { code }]) => code === 'STILL_IN_DOUBT' && subjectOf(key) === subject,
  );
}

function carry(way: Way, { comment, subject }: Standing): Judgement {
  const key = versionOf(subject, comment);
  const visibility = visibilityOf(comment, way);
  const rule = comment.visibility === 'public' ? way.rules.public : way.rules.internal;
  return act(
    { do: 'comment', key, ref: way.target.ref, comment: { ...way.write(comment), visibility } },
    reasonOf(way, comment, rule, `is ${comment.visibility} and not yet in ${nameOf(way.target.ref)}`),
  );
}

/**
 * Tells the other side of an edit. Words that became internal never reach a copy that is public: they are told in an
 * internal note.
 */
function tellEdit(way: Way, { comment, subject, copies: { first } }: Standing): Judgement {
  const reason = (rule: string) =>
    reasonOf(way, comment, rule, `was edited after it came to ${nameOf(way.target.ref)}`);
  const wouldLeak = visibilityOf(comment, way) === 'internal' && first?.visibility === 'public';
  if (way.edits === 'as_edit' && !wouldLeak) {
    const { text } = way.write(comment);
    // A copy that people have deleted stays deleted.
    return first === undefined
      ? nothing
      : act(
          { do: 'edit', key: versionOf(editOf(subject), comment), ref: way.target.ref, commentId: first.id, text },
          reason(way.rules.edit),
        );
  }

  const visibility = first?.visibility === 'public' ? visibilityOf(comment, way) : 'internal';
  const action: Action = {
    do: 'comment',
    key: versionOf(subject, comment),
    ref: way.target.ref,
    comment: { ...way.tell(comment), visibility },
  };
  return act(action, reason(way.rules.note));
}

function editOf(subject: ActionKey): ActionKey {
  return subject.replace(/^comment:/, 'edit:');
}

function visibilityOf(comment: Comment, { visibility }: Way): Visibility {
  return comment.visibility === 'public' ? visibility : 'internal';
}

function reasonOf({ called }: Way, comment: Comment, rule: string, what: string): Omit<Reason, 'action'> {
  return { rule, clause: 'R51a', evidence: `${called} ${comment.id} by «${comment.author}» ${what}` };
}

/** Whether the ticket has the comment: remembered, or shown by the ticket, for the comment itself outlives a lost memory. */
export function isWritten(key: ActionKey, { link, ticket }: Facts): boolean {
  return link.done[key] !== undefined || shows(ticket, key);
}

/** Whether the record holds the comment that the action would write. */
export function shows(record: Snapshot, key: ActionKey): boolean {
  return record.comments.some(({ marker }) => marker === key);
}
