import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import { receiveHooks } from './hook-receiver.ts';
import { restOf } from './rest.ts';

let sandbox: SandboxJira;
beforeEach(async () => {
  sandbox = await startSandboxJira();
});
afterEach(() => sandbox.stop());

const rest = restOf(() => sandbox);
const send = (method: string, path: string, body?: unknown, authorization = `Bearer ${sandbox.token}`) =>
  rest(method, path, body, { authorization });

const fields = { project: { key: 'OSSTTMB2B' }, issuetype: { name: 'Дефект' }, summary: 'Тема' };
const NOT_ON_SCREEN = expect.stringContaining('cannot be set. It is not on the appropriate screen, or unknown.');

describe('the sandbox JIRA', () => {
  test('lets in the account by token or password and nobody else', async () => {
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

    expect((await send('GET', '/myself')).body).toMatchObject({ name: 'svc_bridge', timeZone: 'Europe/Moscow' });
    expect((await send('GET', '/myself', undefined, basic(`svc_bridge:${sandbox.password}`))).status).toBe(200);
    const refused = await send('GET', '/myself', undefined, basic('svc_bridge:wrong'));
    expect(refused.status).toBe(401);
    expect(refused.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
  });

  test.each([
    ['no summary', { summary: undefined }, { summary: 'You must specify a summary of the issue.' }],
    ['a line break in the summary', { summary: 'а\nб' }, { summary: expect.stringContaining('newline') }],
    ['a summary of 255', { summary: 'я'.repeat(255) }, { summary: 'Summary must be less than 255 characters.' }],
    ['a text of 32768', { description: 'я'.repeat(32_768) }, { description: expect.stringContaining('32767') }],
    ['an unknown priority', { priority: { name: 'Нет' } }, { priority: 'The priority selected is invalid.' }],
    ['an unknown type', { issuetype: { name: 'Нет' } }, { issuetype: 'The issue type selected is invalid.' }],
    ['another project', { project: { key: 'NOSUCH' } }, { project: 'project is required' }],
    ['an unknown field', { customfield_1: 'x' }, { customfield_1: NOT_ON_SCREEN }],
    ['a field of the edit screen only', { customfield_10200: 'x' }, { customfield_10200: NOT_ON_SCREEN }],
    ['a label with a space', { labels: ['a b'] }, { labels: expect.stringContaining('contains spaces') }],
    ['a text that is an object', { description: { type: 'doc' } }, { description: 'Operation value must be a string' }],
  ])('refuses to open an issue with %s', async (_, change, errors) => {
    const { status, body } = await send('POST', '/issue', { fields: { ...fields, ...change } });

    expect(status).toBe(400);
    expect(body).toEqual({ errorMessages: [], errors });
    expect(sandbox.issues()).toEqual([]);
  });

  test.each([
    ['properties in the wrong place', { fields, property: [] }],
    ['a property without key', { fields, properties: [{ value: 1 }] }],
    ['a project by name', { fields: { ...fields, project: 'OSSTTMB2B' } }],
  ])('is stricter than JIRA about the shape of a body: %s', async (_, body) => {
    expect((await send('POST', '/issue', body)).status).toBe(400);
  });

  test('no longer knows the old createmeta and knows both new paths', async () => {
    expect((await send('GET', '/issue/createmeta?projectKeys=OSSTTMB2B')).status).toBe(404);
    expect((await send('GET', '/issue/createmeta/OSSTTMB2B/issuetypes')).body).toMatchObject({
      total: 2,
      isLast: true,
    });
    const { body } = await send('GET', '/issue/createmeta/OSSTTMB2B/issuetypes/10001?startAt=1&maxResults=2');
    expect(body).toMatchObject({
      startAt: 1,
      maxResults: 2,
      total: 8,
      values: [{ fieldId: 'description' }, { fieldId: 'priority' }],
    });
  });

  test('offers the transitions of the status it is in and demands a resolution for the work to be done', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    const { transitions } = (await send('GET', `/issue/${id}/transitions?expand=transitions.fields`)).body;
    const solve = transitions.find((each: { name: string }) => each.name === 'Решить');

    expect(transitions.map((each: { to: { name: string } }) => each.to.name)).toEqual([
      'В работе',
      'Ожидает информации',
      'Решено',
      'Закрыто',
    ]);
    expect(solve.fields.resolution).toMatchObject({ required: true });
    expect((await send('POST', `/issue/${id}/transitions`, { transition: { id: solve.id } })).body.errors).toEqual({
      resolution: 'Resolution is required.',
    });
    expect((await send('POST', `/issue/${id}/transitions`, { transition: { id: '71' } })).status).toBe(400);
  });

  test('the search lags behind the database by as much as is asked for', async () => {
    sandbox.setIndexLag(60_000);
    const { key } = sandbox.createIssue({ summary: 'Тема' });

    expect((await send('GET', `/issue/${key}`)).status).toBe(200);
    expect((await send('POST', '/search', { jql: `key = ${key}` })).body.total).toBe(0);
    sandbox.setIndexLag(0);
    expect((await send('POST', '/search', { jql: `key = ${key}` })).body.total).toBe(1);
  });

  test('shows an issue to people and lets no markup of theirs through', async () => {
    const { key } = sandbox.createIssue({ summary: 'Ошибка <script>alert(1)</script>', description: '"<b>' });
    sandbox.comment(key, '<img src=x>', { role: 'Developers' });

    const page = await (await fetch(`${sandbox.url}/browse/${key}`)).text();

    expect(page).toContain('Ошибка &lt;script&gt;');
    expect(page).toContain('только Developers');
    expect(page).not.toMatch(/<script|<img|<b>/);
    expect((await fetch(`${sandbox.url}/browse/OSSTTMB2B-99`)).status).toBe(404);
  });
});

describe('webhooks of the sandbox JIRA', () => {
  test('tell a comment twice, the first time without its issue and its author', async () => {
    const { url, deliveries, stop } = await receiveHooks();
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    sandbox.addHook({ url });

    sandbox.comment(id, 'Готово');
    await sandbox.hooksIdle();

    const byEvent = Object.fromEntries(deliveries.map(({ body }) => [body.webhookEvent, body]));
    expect(Object.keys(byEvent).toSorted()).toEqual(['comment_created', 'jira:issue_updated']);
    expect(byEvent.comment_created).not.toHaveProperty('issue');
    expect(byEvent.comment_created).not.toHaveProperty('user');
    expect(byEvent.comment_created).toMatchObject({
      comment: { self: expect.stringContaining(`/issue/${id}/comment/`) },
    });
    expect(byEvent['jira:issue_updated']).toMatchObject({ issue_event_type_name: 'issue_commented', issue: { id } });
    expect(byEvent['jira:issue_updated']).not.toHaveProperty('changelog');
    await stop();
  });

  test('tell a transition with its changelog, signed and with the shared secret', async () => {
    const { url, deliveries, stop } = await receiveHooks();
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    sandbox.addHook({ url, signatureSecret: 'тайна', headers: { 'x-bridge-secret': 'abc' } });

    sandbox.transition(id, 'Решено', { resolution: 'Дубликат' });
    await sandbox.hooksIdle();

    const [delivery] = deliveries;
    expect(delivery?.body).toMatchObject({
      user: { name: 'developer.3l' },
      changelog: {
        items: [
          { field: 'resolution', from: null, to: '10002', toString: 'Дубликат' },
          { field: 'status', from: '1', fromString: 'Открыто', to: '5', toString: 'Решено' },
        ],
      },
    });
    const signature = createHmac('sha256', 'тайна')
      .update(delivery?.text ?? '')
      .digest('hex');
    expect(delivery?.headers).toMatchObject({ 'x-hub-signature': `sha256=${signature}`, 'x-bridge-secret': 'abc' });
    await stop();
  });

  test('are sent once, whatever the receiver says, and hold nobody up', async () => {
    const { url, deliveries, stop } = await receiveHooks(503);
    sandbox.addHook({ url });
    sandbox.addHook({ url: 'http://127.0.0.1:1/nobody' });

    sandbox.createIssue({ summary: 'Тема' });
    await sandbox.hooksIdle();

    expect(deliveries).toHaveLength(1);
    expect(sandbox.hooksLost()).toBe(2);
    await stop();
  });
});
