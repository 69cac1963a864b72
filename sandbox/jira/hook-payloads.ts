import type { Beans } from './beans.ts';
import type { User } from './catalogue.ts';
import type { DialectName } from './dialect.ts';
import type { Comment, Issue, IssueLink } from './state.ts';

export interface ChangelogItem {
  readonly field: string;
  readonly fieldtype: string;
  readonly from: string | null;
  readonly fromString: string | null;
  readonly to: string | null;
  /** JIRA’s own name for it, unfortunate in JavaScript. */
  readonly toString: string | null;
}

export type HookEvent =
  | { readonly kind: 'created' | 'deleted'; readonly user: User; readonly issue: Issue }
  | {
      readonly kind: 'updated';
      readonly user: User;
      readonly issue: Issue;
      readonly items: readonly ChangelogItem[];
      readonly typeName?: string;
    }
  | {
      readonly kind: 'commented';
      readonly user: User;
      readonly issue: Issue;
      readonly comment: Comment;
      readonly what: 'created' | 'updated' | 'deleted';
    }
  | { readonly kind: 'linked'; readonly user: User; readonly link: IssueLink };

export type Payload = Readonly<Record<string, unknown>> & { readonly webhookEvent: string };

export interface PayloadContext {
  readonly beans: Beans;
  readonly dialect: DialectName;
  /** Whether comment events say who caused them, as far as they do at all. */
  readonly isNamed: boolean;
  readonly changelogId: string;
}

const commentEventNames = {
  created: 'issue_commented',
  updated: 'issue_comment_edited',
  deleted: 'issue_comment_deleted',
} as const;

/**
 * Data Center tells a comment twice: once without its issue and without who wrote it, once as a change without a
 * changelog. Cloud tells it once, with its issue.
 */
export function payloadsOf(
  event: HookEvent,
  { beans, dialect, isNamed, changelogId }: PayloadContext,
): readonly Payload[] {
  const user = beans.user(event.user.name);
  if (event.kind === 'linked') {
    const { id, source, target, type } = event.link;
    const issueLink = {
      id: Number(id),
      sourceIssueId: Number(source),
      destinationIssueId: Number(target),
      issueLinkType: { name: type, isSubTaskLinkType: false, isSystemLinkType: false },
    };
    return [{ webhookEvent: 'issuelink_created', issueLink }];
  }

  const issue = beans.issue(event.issue);
  switch (event.kind) {
    case 'created':
      return [{ webhookEvent: 'jira:issue_created', issue_event_type_name: 'issue_created', user, issue }];
    case 'deleted':
      return [{ webhookEvent: 'jira:issue_deleted', user, issue }];
    case 'updated':
      return [
        {
          webhookEvent: 'jira:issue_updated',
          issue_event_type_name: event.typeName ?? 'issue_updated',
          user,
          issue,
          changelog: { id: changelogId, items: event.items },
        },
      ];
    case 'commented': {
      const comment = { ...beans.comment(event.issue, event.comment), body: event.comment.body };
      if (dialect === 'cloud') {
        const shown = beans.issue(event.issue, ['summary', 'issuetype', 'project', 'assignee', 'priority', 'status']);
        return [{ webhookEvent: `comment_${event.what}`, comment, issue: shown }];
      }

      return [
        { webhookEvent: `comment_${event.what}`, comment },
        {
          webhookEvent: 'jira:issue_updated',
          issue_event_type_name: commentEventNames[event.what],
          ...(isNamed ? { user } : {}),
          issue,
          comment,
        },
      ];
    }
  }
}
