import type { Hint, Webhook } from '../../src/connector.ts';
import type { EventKind } from '../../src/domain/event.ts';
import { BridgeError } from '../../src/errors.ts';
import { type WireUser, type WireWebhook, wireWebhook } from './wire.ts';

export interface WebhookContext {
  readonly system: string;
  /** User name of the bridge: what it does itself is dropped. */
  readonly account: string;
}

/**
 * A webhook of JIRA 8 to 11 as a hint. Data Center tells a comment twice, once without the issue; both give a hint, and
 * the work table makes one look of them. Events that concern no issue give none.
 */
export function receiveWebhook(webhook: Webhook, { system, account }: WebhookContext): readonly Hint[] {
  if (webhook.body.length === 0) {
    return hintFromAddress(webhook, { system, account });
  }

  const event = readEvent(webhook.body);
  const issue = issueOf(event);
  if (issue === undefined && isAboutIssue(event)) {
    throw new BridgeError('WEBHOOK_UNREADABLE', `the webhook «${event.webhookEvent}» names no issue`);
  }

  if (issue === undefined || isOwn(actorOf(event), account)) {
    return [];
  }

  const id = headerOf(webhook, 'x-atlassian-webhook-identifier');
  return [{ ref: { system, ...issue }, kind: kindOf(event), ...(id === undefined ? {} : { id }) }];
}

function readEvent(body: Buffer): WireWebhook {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new BridgeError('WEBHOOK_UNREADABLE', 'the body of the webhook is not JSON', { cause });
  }

  const event = wireWebhook.safeParse(json);
  if (!event.success) {
    const fault = event.error.issues[0];
    const place = fault === undefined || fault.path.length === 0 ? 'the body' : fault.path.join('.');
    throw new BridgeError('WEBHOOK_UNREADABLE', `the webhook is not one of JIRA: ${place}: ${fault?.message ?? ''}`);
  }

  return event.data;
}

/** A webhook that excludes its body can still name the issue in its address: `?issue_id=${issue.id}`. */
function hintFromAddress({ query }: Webhook, { system, account }: WebhookContext): readonly Hint[] {
  const { issue_id: id, issue_key: key, user_id: user } = query;
  if (typeof id !== 'string' || !/^\d+$/.test(id)) {
    throw new BridgeError(
      'WEBHOOK_UNREADABLE',
      'the webhook has no body and no issue_id in its address; let JIRA send the body',
    );
  }

  const ref = { system, id, ...(typeof key === 'string' && key !== '' ? { key } : {}) };
  return user === account ? [] : [{ ref, kind: 'changed' }];
}

function issueOf({ issue, comment }: WireWebhook): { id: string; key?: string } | undefined {
  if (issue) {
    return { id: issue.id, ...(issue.key === undefined ? {} : { key: issue.key }) };
  }

  // `comment_created` of Data Center names its issue in the address of the comment only.
  const id = comment?.self?.match(/\/issue\/(\d+)\/comment\//)?.[1];
  return id === undefined ? undefined : { id };
}

function isAboutIssue({ webhookEvent }: WireWebhook): boolean {
  return webhookEvent.startsWith('jira:issue_') || webhookEvent.startsWith('comment_');
}

/** Who did it. Comment events may come without `user`; the author of a deleted comment is not who deleted it. */
function actorOf({ user, comment, webhookEvent }: WireWebhook): WireUser | undefined {
  if (user) {
    return user;
  }

  return webhookEvent === 'comment_deleted' ? undefined : (comment?.updateAuthor ?? comment?.author ?? undefined);
}

function isOwn(actor: WireUser | undefined, account: string): boolean {
  return actor !== undefined && [actor.name, actor.key, actor.accountId].includes(account);
}

/** The changelog tells, not the event's name: one transition comes under several names, as the workflow has it. */
function kindOf({ comment, changelog }: WireWebhook): EventKind {
  if (comment) {
    return 'commented';
  }

  const isResolved = changelog?.items?.some(({ field, to }) => field === 'resolution' && Boolean(to)) ?? false;
  return isResolved ? 'closed' : 'changed';
}

function headerOf({ headers }: Webhook, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
