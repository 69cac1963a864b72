import { type Action, type ActionKey, type CommentDraft, subjectOf } from './action.ts';
import { type Copies, copiesIn, versionOf } from './comment-copies.ts';
import type { Facts } from './facts.ts';
import { act, type Judgement, nothing, type Reason } from './reason.ts';
import { type Comment, nameOf, type Snapshot, type Visibility } from './ticket.ts';

/** What happens to comments that not everyone may read. */
export type Internal = 'stay' | 'carried';

/** One way in which comments go. */
export interface CommentWay {
  readonly source: Snapshot;
  readonly target: Snapshot;
  /** Names the way in the keys of its actions, for ever: `comment:<channel>:<id>`. */
  readonly channel: string;
  /** Comments whose words the target has as its description; absent: the one that the source has its text from. */
  readonly described?: readonly string[];
  /** What comments are called there: `article`, `comment`. */
  readonly called: string;
  readonly clause: string;
  readonly internal: Internal;
  readonly edits: 'as_edit' | 'as_note' | 'ignored';
  /** What becomes of public words. */
  readonly visibility: Visibility;
  readonly rules: { readonly public: string; readonly internal: string; readonly edit: string; readonly note: string };
  readonly write: (comment: Comment) => Omit<CommentDraft, 'visibility'>;
  readonly tell: (comment: Comment) => Omit<CommentDraft, 'visibility'>;
}

/** `changed`: the other side has it as it was before its last edit. */
export type StandingOfComment = 'description' | 'own' | 'automatic' | 'internal' | 'waiting' | 'carried' | 'changed';

/**
 * Carries every comment that the other side lacks, in the order of writing, and tells of those that were edited since. The
 * bridge's own comments, automatic letters and, unless the way says otherwise, internal ones stay where they are.
 */
export function goThrough(way: CommentWay, facts: Facts): readonly Judgement[] {
  const standings = standingsOn(way, facts).filter(({ subject }) => !isInDoubt(subject, facts));
  return [
    ...standings.filter(({ standing }) => standing === 'waiting').map((each) => carry(way, each)),
    ...standings.filter(({ standing }) => standing === 'changed').map((each) => tellEdit(way, each)),
  ];
}

/** Where one comment stands on one way. */
export interface WayStanding {
  readonly comment: Comment;
  readonly standing: StandingOfComment;
  /** Its key without a version, in which its visibility has no part. */
  readonly subject: ActionKey;
  readonly copies: Copies;
}

/** Where the comments of a way stand, in the order of writing. */
export function standingsOn(
  { source, target, channel, internal, edits, described = [source.textCommentId ?? ''] }: CommentWay,
  { link }: Facts,
): readonly WayStanding[] {
  const copiesOf = copiesIn(target, link.done);
  return source.comments.map((comment) => {
    const subject = `comment:${channel}:${comment.id}`;
    const copies = copiesOf(subject);
    const stays = whyItStays(comment, described, internal);
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
function whyItStays(comment: Comment, described: readonly string[], internal: Internal) {
  if (comment.marker !== undefined) {
    return 'own';
  }
  if (comment.by === 'system') {
    return 'automatic';
  }
  if (described.includes(comment.id)) {
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

function carry(way: CommentWay, { comment, subject }: WayStanding): Judgement {
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
function tellEdit(way: CommentWay, { comment, subject, copies: { first } }: WayStanding): Judgement {
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

function visibilityOf(comment: Comment, { visibility }: CommentWay): Visibility {
  return comment.visibility === 'public' ? visibility : 'internal';
}

function reasonOf(
  { called, clause }: CommentWay,
  comment: Comment,
  rule: string,
  what: string,
): Omit<Reason, 'action'> {
  return { rule, clause, evidence: `${called} ${comment.id} by «${comment.author}» ${what}` };
}
