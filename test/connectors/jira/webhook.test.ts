import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { receiveWebhook } from '../../../connectors/jira/webhook.ts';
import type { Webhook } from '../../../src/connector.ts';
import { BridgeError } from '../../../src/errors.ts';

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

  test.each([
    'issuelink_created',
    'sprint_closed',
    'user_updated',
    'project_created',
    'worklog_created',
    'jira:worklog_updated',
    'jira:version_released',
    'attachment_created',
    'what-jira-12-brings',
  ])('%s is passed over, whatever comes with it', (webhookEvent) => {
    for (const rest of [{}, { issue }, { issue: { id: null } }, { worklog: { issueId: '10007' }, user: 5 }]) {
      expect(receiveWebhook(webhook({ webhookEvent, timestamp: 1, ...rest }), context)).toEqual([]);
    }
  });

  test('a comment that Data Center tells twice gives the same issue twice', () => {
    const twice = [{ webhookEvent: 'comment_created', comment }, updated({ comment })];
    const hints = twice.flatMap((body) => receiveWebhook(webhook(body), context));

    expect(hints.map(({ ref, kind }) => [ref.id, kind])).toEqual([
      ['10007', 'commented'],
      ['10007', 'commented'],
    ]);
  });

  test('an issue that was moved comes under its new key', () => {
    const moved = updated({
      issue_event_type_name: 'issue_moved',
      issue: { ...issue, key: 'OSSTTMB2C-1' },
      changelog: { items: [{ field: 'Key', from: null, to: null, toString: 'OSSTTMB2C-1' }] },
    });

    expect(receiveWebhook(webhook(moved), context)).toEqual([
      { ref: { system: 'jira', id: '10007', key: 'OSSTTMB2C-1' }, kind: 'changed' },
    ]);
  });

  test.each([
    ['no user', {}],
    ['nobody', { user: null }],
    ['a user without a name', { user: {} }],
    ['a user that is no user', { user: 'svc_bridge' }],
    ['a user whose name is no text', { user: { name: 7, key: null } }],
    ['another one whose key is the name of the bridge', { user: { name: 'ivanov', key: 'svc_bridge' } }],
  ])('a change of %s is not taken for the bridge’s own', (_, rest) => {
    const { user: __, ...anonymous } = updated({});

    expect(receiveWebhook(webhook({ ...anonymous, ...rest }), context)).toHaveLength(1);
  });

  test.each([
    ['a changelog that is none', { changelog: 'x' }],
    ['items that are none', { changelog: { items: { field: 'status' } } }],
    ['an item that is none', { changelog: { items: [null, 5, { field: 7, to: {} }] } }],
    ['an item whose «toString» is an object', { changelog: { items: [{ field: 'status', toString: {} }] } }],
    ['a comment that is none', { comment: 'x' }],
    ['a key that is none', { issue: { id: 10007, key: {} } }],
  ])('%s does not lose the hint', (_, rest) => {
    expect(receiveWebhook(webhook(updated(rest)), context)).toMatchObject([{ ref: { system: 'jira', id: '10007' } }]);
  });

  test('the name of a delivery is kept, so that a repeated one is known', () => {
    const [hint] = receiveWebhook(webhook(updated({}), { 'x-atlassian-webhook-identifier': 'a-17' }), context);

    expect(hint?.id).toBe('a-17');
  });

  test('an item of the changelog without «toString» does no harm', () => {
    const body = updated({ changelog: { items: [{ field: 'Comment', to: null }, { field: 'status' }] } });

    expect(receiveWebhook(webhook(body), context)).toHaveLength(1);
  });

  test.each([
    ['Data Center 8 and 9', `\${issue.id}`],
    ['Data Center 10 and later', '{issue.id}'],
  ])('a variable of %s that JIRA left as it is in the address is named', (_, variable) => {
    expect(() => receiveWebhook(webhook('', {}, { issue_id: variable }), context)).toThrow(
      expect.objectContaining({
        code: 'WEBHOOK_UNREADABLE',
        message: expect.stringContaining(`has not replaced ${variable}`),
      }),
    );
  });

  test('an empty object counts as no body, and a key that JIRA left as it is as no key', () => {
    expect(receiveWebhook(webhook({}, {}, { issue_id: '10007', issue_key: `\${issue.key}` }), context)).toEqual([
      { ref: { system: 'jira', id: '10007' }, kind: 'changed' },
    ]);
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

describe('a webhook of JIRA Cloud', () => {
  const own = '5b10ac8d82e05b22cc7d4ef5';
  const cloud = { system: 'jira', account: own };
  const document = { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [] }] };
  const said = (accountId: string) => ({
    ...comment,
    self: 'https://company.atlassian.net/rest/api/2/issue/10007/comment/10042',
    body: document,
    author: { accountId, displayName: 'Дмитрий Орлов', accountType: 'atlassian' },
    updateAuthor: { accountId, displayName: 'Дмитрий Орлов', accountType: 'atlassian' },
  });

  test('tells a comment once, with its issue, and names its delivery, also when it comes again', () => {
    const body = { timestamp: 1, webhookEvent: 'comment_created', comment: said('712020:other'), issue };
    const headers = { 'x-atlassian-webhook-identifier': 'f3b4-7', 'x-atlassian-webhook-retry': '2' };

    expect(receiveWebhook(webhook(body, headers), cloud)).toEqual([
      { ref: { system: 'jira', id: '10007', key: 'OSSTTMB2B-7' }, kind: 'commented', id: 'f3b4-7' },
    ]);
  });

  test.each([
    ['a comment, by its author', { webhookEvent: 'comment_created', comment: said(own), issue }],
    ['a change, by its user', { ...updated({}), user: { accountId: own, displayName: 'Мост' } }],
    ['a change whose user has a name as well', { ...updated({}), user: { accountId: own, name: 'admin' } }],
  ])('drops what the bridge did itself: %s', (_, body) => {
    expect(receiveWebhook(webhook(body), cloud)).toEqual([]);
  });

  test('hears another account, whatever its name', () => {
    const user = { accountId: '712020:other', name: own, key: own };

    expect(receiveWebhook(webhook({ ...updated({}), user }), cloud)).toHaveLength(1);
  });
});

describe('whatever comes', () => {
  const oddities = fc.oneof(fc.constantFrom(null, '', 0, [], {}, '__proto__', { toString: null }), fc.jsonValue());
  const fields = ['webhookEvent', 'user', 'issue', 'comment', 'changelog', 'timestamp'] as const;
  const good = {
    ...updated({ comment, changelog: { items: [statusItem, resolutionItem] } }),
    webhookEvent: 'comment_created',
  };
  const bodies = fc.oneof(
    fc.json().map((text) => Buffer.from(text, 'utf8')),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text, 'utf8')),
    fc
      .tuple(fc.constantFrom(...fields), oddities)
      .map(([field, odd]) => Buffer.from(JSON.stringify({ ...good, [field]: odd }))),
    fc
      .tuple(fc.nat({ max: JSON.stringify(good).length }), fc.nat({ max: 40 }))
      .map(([from, length]) => Buffer.from(JSON.stringify(good).slice(from, from + length))),
    fc.nat({ max: 20_000 }).map((depth) => Buffer.from('['.repeat(depth))),
  );
  const queries = fc.dictionary(fc.constantFrom('issue_id', 'issue_key', 'user_id'), oddities);

  test('nothing is thrown but WEBHOOK_UNREADABLE', () => {
    fc.assert(
      fc.property(bodies, queries, (body, query) => {
        try {
          receiveWebhook({ headers: {}, query, body }, context);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(BridgeError);
          expect(thrown).toMatchObject({ code: 'WEBHOOK_UNREADABLE' });
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
