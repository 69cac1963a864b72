import type { ActionKey } from './action.ts';
import type { Facts } from './facts.ts';
import { act, combine, type Judgement, nothing } from './reason.ts';
import { fill } from './template.ts';
import { type Comment, nameOf, type Snapshot, type Visibility } from './ticket.ts';
import { commentValues, issueValues, ticketValues, type Wording } from './vocabulary.ts';

/** How comments are carried over. Internal ones stay where they are. */
export interface CommentPolicy {
  readonly toIssue: { readonly text: string };
  readonly toTicket: {
    readonly subject: string;
    readonly text: string;
    /** Whether the requester sees a comment that everyone who sees the issue can read. */
    readonly visibility: Visibility;
  };
  readonly wording: Wording;
}

/** Carries every public comment that the other side lacks, in the order of writing. */
export function judgeComments(facts: Facts, policy: CommentPolicy): Judgement {
  const { issue, ticket, link } = facts;
  if (issue === undefined) {
    return nothing;
  }

  const context = { ...ticketValues(ticket, policy.wording), ...issueValues(issue) };
  return combine([
    ...lacking(ticket, issue, link.done).map(({ comment, key }) =>
      act(
        {
          do: 'comment',
          key,
          ref: issue.ref,
          comment: {
            subject: comment.subject ?? '',
            text: fill(policy.toIssue.text, { ...context, ...commentValues(comment, policy.wording.moments) }),
            visibility: 'public',
          },
        },
        {
          rule: 'public-article-goes-to-the-issue',
          clause: 'R51a',
          evidence: `article ${comment.id} by «${comment.author}» is public and not yet in ${nameOf(issue.ref)}`,
        },
      ),
    ),
    ...lacking(issue, ticket, link.done).map(({ comment, key }) =>
      act(
        {
          do: 'comment',
          key,
          ref: ticket.ref,
          comment: {
            subject: fill(policy.toTicket.subject, { ...context, ...commentValues(comment, policy.wording.moments) }),
            text: fill(policy.toTicket.text, { ...context, ...commentValues(comment, policy.wording.moments) }),
            visibility: policy.toTicket.visibility,
          },
        },
        {
          rule: 'public-comment-goes-to-the-ticket',
          clause: 'R51a',
          evidence: `comment ${comment.id} by «${comment.author}» is public and not yet in ${nameOf(ticket.ref)}`,
        },
      ),
    ),
  ]);
}

/** Neither remembered as carried nor shown by the other side: the copies themselves outlive a lost memory. */
function lacking(source: Snapshot, target: Snapshot, done: Readonly<Record<string, string>>) {
  return source.comments
    .filter((comment) => isCarried(comment) && comment.id !== source.textCommentId)
    .map((comment) => ({ comment, key: `comment:${target.ref.system}:${comment.id}` }))
    .filter(({ key }) => done[key] === undefined && !shows(target, key));
}

/** People's public words are carried; internal ones, automatic letters and the bridge's own comments are not. */
function isCarried(comment: Comment): boolean {
  return comment.visibility === 'public' && comment.by !== 'system' && comment.marker === undefined;
}

/** Whether the ticket has the comment: remembered, or shown by the ticket, for the comment itself outlives a lost memory. */
export function isWritten(key: ActionKey, { link, ticket }: Facts): boolean {
  return link.done[key] !== undefined || shows(ticket, key);
}

/** Whether the record holds the comment that the action would write. */
export function shows(record: Snapshot, key: ActionKey): boolean {
  return record.comments.some(({ marker }) => marker === key);
}
