import type { Hint, Webhook } from '../../src/connector.ts';
import type { EventKind } from '../../src/domain/event.ts';
import { BridgeError } from '../../src/errors.ts';
import { type Actor, isOwn, surestName } from './own.ts';
import { type WireWebhook, wireWebhook } from './wire.ts';

export interface WebhookContext {
  readonly system: string;
  /** User name of the bridge, account id on Cloud: what it does itself is dropped. */
  readonly account: string;
}

/**
 * A webhook of JIRA 8 to 11 or Cloud as a hint. Data Center tells a comment twice, once without the issue; both give a
 * hint, and the work table makes one look of them. Events about anything but issues and comments give none.
 */
export function receiveWebhook(webhook: Webhook, context: WebhookContext): readonly Hint[] {
  const { system, account } = context;
  const json = parse(webhook.body);
  if (isEmpty(json)) {
    return hintFromAddress(webhook, context);
  }

  const event = readEvent(json);
  if (!isAboutIssue(event)) {
    return [];
  }

  const issue = issueOf(event);
  if (issue === undefined) {
    throw new BridgeError('WEBHOOK_UNREADABLE', `the webhook «${event.webhookEvent}» names no issue`);
  }
  if (isOwn(actorOf(event), account)) {
    return [];
  }

  // Cloud repeats a delivery that it holds for lost under the same name.
  const id = headerOf(webhook, 'x-atlassian-webhook-identifier');
  return [{ ref: { system, ...issue }, kind: kindOf(event), ...(id === undefined ? {} : { id }) }];
}

function parse(body: Buffer): unknown {
  const text = body.toString('utf8').trim();
  if (text === '') {
    return undefined;
  }

  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BridgeError('WEBHOOK_UNREADABLE', 'the body of the webhook is not JSON', { cause });
  }
}

function isEmpty(json: unknown): boolean {
  return json === undefined || (typeof json === 'object' && json !== null && Object.keys(json).length === 0);
}

function readEvent(json: unknown): WireWebhook {
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
  if (typeof id === 'string' && /^\$?\{/.test(id)) {
    throw new BridgeError(
      'WEBHOOK_UNREADABLE',
      `JIRA has not replaced ${id.slice(0, 30)} in the address of the webhook: up to version 9 the variable has a dollar sign before its braces, from 10 on it has none; or let JIRA send the body`,
    );
  }
  if (typeof id !== 'string' || !/^\d+$/.test(id)) {
    throw new BridgeError(
      'WEBHOOK_UNREADABLE',
      'the webhook has no body and no issue_id in its address; let JIRA send the body',
    );
  }

  const ref = { system, id, ...(typeof key === 'string' && isKey(key) ? { key } : {}) };
  return user === account ? [] : [{ ref, kind: 'changed' }];
}

/** Not a variable that was left as it is. */
function isKey(text: string): boolean {
  return /^[A-Z][A-Z0-9_]*-\d+$/.test(text);
}

function issueOf({ issue, comment }: WireWebhook): { id: string; key?: string } | undefined {
  if (issue) {
    return { id: issue.id, ...(issue.key === undefined ? {} : { key: issue.key }) };
  }

  // `comment_created` of Data Center names its issue in the address of the comment only.
  const id = comment?.self?.match(/\/issue\/(\d+)\/comment\//)?.[1];
  return id === undefined ? undefined : { id };
}

/** Worklogs, sprints, versions, links and what later versions bring are passed over: the sweep is the net below. */
function isAboutIssue({ webhookEvent }: WireWebhook): boolean {
  return webhookEvent.startsWith('jira:issue_') || webhookEvent.startsWith('comment_');
}

/** Who did it. Comment events may come without `user`; the author of a deleted comment is not who deleted it. */
function actorOf({ user, comment, webhookEvent }: WireWebhook): Actor | undefined {
  const authors = webhookEvent === 'comment_deleted' ? [] : [comment?.updateAuthor, comment?.author];
  return (
    [user, ...authors].find((each) => each !== undefined && each !== null && surestName(each) !== undefined) ??
    undefined
  );
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
