import type { DateTime } from 'luxon';
import { type ActionKey, subjectOf } from './action.ts';
import type { Comment, Snapshot } from './ticket.ts';

/** What the other side has of one comment. */
export interface Copies {
  /** Keys of the versions that it was told: `comment:otrs:17`, `comment:otrs:17@2026-…`, `edit:jira:17@2026-…`. */
  readonly versions: ReadonlySet<ActionKey>;
  /** The copy that was written first; absent if the record does not show it any more. */
  readonly first?: Comment;
}

const none: Copies = { versions: new Set() };

/** What a record has of the other side's comments, by the key of the comment without its version. */
export type CopiesOf = (subject: ActionKey) => Copies;

/** Remembered as carried or shown by the record: the copies themselves outlive a lost memory. */
export function copiesIn(target: Snapshot, done: Readonly<Record<ActionKey, string>>): CopiesOf {
  const versions = new Map<ActionKey, Set<ActionKey>>();
  const first = new Map<ActionKey, { readonly key: ActionKey; readonly comment: Comment }>();
  const add = (key: ActionKey, comment: Comment | undefined) => {
    const subject = subjectOf(key);
    versions.set(subject, (versions.get(subject) ?? new Set()).add(key));
    const known = first.get(subject);
    if (comment !== undefined && (known === undefined || key < known.key)) {
      first.set(subject, { key, comment });
    }
  };

  const shown = new Map(target.comments.map((comment) => [comment.id, comment]));
  for (const [key, effect] of Object.entries(done)) {
    add(key, shown.get(effect));
  }
  for (const comment of target.comments) {
    if (comment.marker !== undefined) {
      add(comment.marker, comment);
    }
  }

  return (subject) => {
    const copy = first.get(subject)?.comment;
    const known = versions.get(subject);
    return known === undefined ? none : { versions: known, ...(copy === undefined ? {} : { first: copy }) };
  };
}

/** The key of an action about a comment as it is now: one that was edited carries the moment of its last edit. */
export function versionOf(subject: ActionKey, { editedAt }: Comment): ActionKey {
  return editedAt === undefined ? subject : `${subject}@${momentOf(editedAt)}`;
}

function momentOf(moment: DateTime): string {
  return moment.toUTC().toISO() ?? String(moment.toMillis());
}
