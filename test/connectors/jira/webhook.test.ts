import { describe, expect, test } from '@jest/globals';
import { receiveWebhook } from '../../../connectors/jira/webhook.ts';
import type { Webhook } from '../../../src/connector.ts';

const context = { system: 'jira', account: 'svc_bridge' };
const developer = { name: 'developer.3l', key: 'JIRAUSER10101', displayName: 'Дмитрий Орлов' };
const bridge = { name: 'svc_bridge', key: 'JIRAUSER10100', displayName: 'Мост' };
const issue = { id: '10007', key: 'OSSTTMB2B-7', self: 'https://jira.test/rest/api/2/issue/10007', fields: {} };
const comment = {
  self: 'https://jira.test/jira/rest/api/2/issue/10007/comment/10042',
  id: '10042',
  author: developer,
  updateAuthor: developer,
  body: 'Проверьте, пожалуйста',
};
const statusItem = {
  field: 'status',
  fieldtype: 'jira',
  from: '3',
  fromString: 'В работе',
  to: '5',
  toString: 'Решено',
};
const resolutionItem = { field: 'resolution', fieldtype: 'jira', from: null, to: '10000', toString: 'Исправлено' };

function webhook(body: unknown, headers: Webhook['headers'] = {}, query: Webhook['query'] = {}): Webhook {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { headers, query, body: Buffer.from(text, 'utf8') };
}

const updated = (rest: object) => ({
  timestamp: 1,
  webhookEvent: 'jira:issue_updated',
  issue,
  user: developer,
  ...rest,
});

describe('a webhook of JIRA', () => {
  test.each([
    ['an issue was opened', { webhookEvent: 'jira:issue_created', issue, user: developer }, 'changed'],
    ['a field was changed', updated({ changelog: { id: '1', items: [{ field: 'priority', to: '2' }] } }), 'changed'],
    ['the status was changed', updated({ changelog: { items: [statusItem] } }), 'changed'],
    ['the work was done', updated({ changelog: { items: [statusItem, resolutionItem] } }), 'closed'],
    ['work was taken up again', updated({ changelog: { items: [{ ...resolutionItem, to: null }] } }), 'changed'],
    ['old servers name no event type', updated({ changelog: { items: [{ field: 'assignee', to: 'x' }] } }), 'changed'],
    [
      'numeric ids and a textual timestamp',
      updated({ issue: { ...issue, id: 10007 }, timestamp: '2026-1-30' }),
      'changed',
    ],
    ['a comment, told with its issue', updated({ issue_event_type_name: 'issue_commented', comment }), 'commented'],
    ['an issue was deleted', { webhookEvent: 'jira:issue_deleted', issue, user: developer }, 'changed'],
  ])('%s: look at the issue', (_, body, kind) => {
    expect(receiveWebhook(webhook(body), context)).toEqual([
      { ref: { system: 'jira', id: '10007', key: 'OSSTTMB2B-7' }, kind },
    ]);
  });

  test.each([
    ['without user', { webhookEvent: 'comment_created', comment }],
    ['with user', { webhookEvent: 'comment_updated', comment, user: developer }],
    ['deleted by someone unknown', { webhookEvent: 'comment_deleted', comment: { ...comment, author: bridge } }],
  ])('a comment that comes without its issue leads to it by its address: %s', (_, body) => {
    expect(receiveWebhook(webhook(body), context)).toEqual([
      { ref: { system: 'jira', id: '10007' }, kind: 'commented' },
    ]);
  });

  test.each([
    ['a change by name', updated({ user: bridge })],
    ['a change by key only', updated({ user: { key: 'svc_bridge' } })],
    [
      'a comment without user',
      { webhookEvent: 'comment_created', comment: { ...comment, author: bridge, updateAuthor: bridge } },
    ],
    ['a comment told with its issue', updated({ user: bridge, comment })],
  ])('what the bridge did itself is dropped: %s', (_, body) => {
    expect(receiveWebhook(webhook(body), context)).toEqual([]);
  });

  test('a person who edits the bridge’s comment is heard', () => {
    const edited = {
      webhookEvent: 'comment_updated',
      comment: { ...comment, author: bridge, updateAuthor: developer },
    };

    expect(receiveWebhook(webhook(edited), context)).toHaveLength(1);
  });

  test.each(['issuelink_created', 'sprint_closed', 'user_updated', 'project_created'])(
    '%s concerns no single issue and is passed over',
    (webhookEvent) => {
      expect(receiveWebhook(webhook({ webhookEvent, timestamp: 1 }), context)).toEqual([]);
    },
  );

  test('the name of a delivery is kept, so that a repeated one is known', () => {
    const [hint] = receiveWebhook(webhook(updated({}), { 'x-atlassian-webhook-identifier': 'a-17' }), context);

    expect(hint?.id).toBe('a-17');
  });

  test('an item of the changelog without «toString» does no harm', () => {
    const body = updated({ changelog: { items: [{ field: 'Comment', to: null }, { field: 'status' }] } });

    expect(receiveWebhook(webhook(body), context)).toHaveLength(1);
  });

  test('a webhook without body is read from its address', () => {
    const query = { issue_id: '10007', issue_key: 'OSSTTMB2B-7', user_id: 'developer.3l' };

    expect(receiveWebhook(webhook('', {}, query), context)).toEqual([
      { ref: { system: 'jira', id: '10007', key: 'OSSTTMB2B-7' }, kind: 'changed' },
    ]);
    expect(receiveWebhook(webhook('', {}, { ...query, user_id: 'svc_bridge' }), context)).toEqual([]);
  });

  test.each([
    ['no JSON', '{"webhookEvent":', 'not JSON'],
    ['a list', '[]', 'the body'],
    ['no event', '{"issue":{"id":"1"}}', 'webhookEvent'],
    ['an issue event without issue', '{"webhookEvent":"jira:issue_updated"}', 'names no issue'],
    ['a comment that leads nowhere', '{"webhookEvent":"comment_created","comment":{"self":"x"}}', 'names no issue'],
    ['no body and no address', '', 'issue_id'],
  ])('%s: the sender is told what is wrong', (_, body, reason) => {
    expect(() => receiveWebhook(webhook(body), context)).toThrow(
      expect.objectContaining({ code: 'WEBHOOK_UNREADABLE', message: expect.stringContaining(reason) }),
    );
  });
});
