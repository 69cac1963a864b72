import { createHmac } from 'node:crypto';
import type { Beans } from './beans.ts';
import type { User } from './catalogue.ts';
import type { Comment, Issue, IssueLink } from './state.ts';

/** Where events are sent, and how the receiver can tell that they are genuine. */
export interface HookTarget {
  readonly url: string;
  /** Signs the body: `X-Hub-Signature: sha256=…`, as Data Center does from version 10 on. */
  readonly signatureSecret?: string;
  /** Sent with every event, e.g. `{ 'x-bridge-secret': '…' }`; a proxy in front of older versions can add such a header. */
  readonly headers?: Readonly<Record<string, string>>;
}

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

export interface Hooks {
  /** Sends in the background and never again: Data Center does not retry. */
  emit(event: HookEvent): void;
  add(target: HookTarget): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Deliveries that nobody took: refused, timed out or answered with an error. */
  lost(): number;
}

const DELIVERY_TIMEOUT_MS = 5_000;

export function createHooks(beans: Beans, now: () => number, targets: readonly HookTarget[]): Hooks {
  const receivers = [...targets];
  const underWay = new Set<Promise<void>>();
  let changelogId = 10_000;
  let lost = 0;

  const deliver = async (target: HookTarget, body: string) => {
    const signature = createHmac('sha256', target.signatureSecret ?? '')
      .update(body)
      .digest('hex');
    const response = await fetch(target.url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        ...(target.signatureSecret === undefined ? {} : { 'x-hub-signature': `sha256=${signature}` }),
        ...target.headers,
      },
      signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    if (!response.ok) {
      throw new Error(`HTTP ${response.status}`);
    }
  };

  const send = (payload: Readonly<Record<string, unknown>>) => {
    const body = JSON.stringify({ timestamp: now(), ...payload });
    for (const target of receivers) {
      const delivery = deliver(target, body)
        .catch(() => {
          lost += 1;
        })
        .finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    }
  };

  return {
    emit: (event) => {
      changelogId += 1;
      if (receivers.length === 0) {
        return;
      }

      for (const payload of payloadsOf(event, beans, String(changelogId))) {
        send(payload);
      }
    },
    add: (target) => receivers.push(target),
    idle: async () => {
      while (underWay.size > 0) {
        await Promise.all(underWay);
      }
    },
    lost: () => lost,
  };
}

const commentEventNames = {
  created: 'issue_commented',
  updated: 'issue_comment_edited',
  deleted: 'issue_comment_deleted',
} as const;

/** A comment is told twice: once without its issue and without who wrote it, once as a change without a changelog. */
function payloadsOf(event: HookEvent, beans: Beans, changelogId: string): readonly Readonly<Record<string, unknown>>[] {
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
      const comment = beans.comment(event.issue, event.comment);
      return [
        { webhookEvent: `comment_${event.what}`, comment },
        {
          webhookEvent: 'jira:issue_updated',
          issue_event_type_name: commentEventNames[event.what],
          user,
          issue,
          comment,
        },
      ];
    }
  }
}
