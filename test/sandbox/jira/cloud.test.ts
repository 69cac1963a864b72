import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import { restOf } from './rest.ts';

let sandbox: SandboxJira;
beforeEach(async () => {
  sandbox = await startSandboxJira({ dialect: 'cloud' });
});
afterEach(() => sandbox.stop());

const basic = (login: string, secret: string) => `Basic ${Buffer.from(`${login}:${secret}`).toString('base64')}`;
const allowed = () => ({ authorization: basic(sandbox.email, sandbox.token), 'x-atlassian-token': 'no-check' });
const rest = restOf(() => sandbox, '/rest/api/3');
const send = (method: string, path: string, body?: unknown) => rest(method, path, body, allowed());

const paragraph = (...content: unknown[]) => ({ type: 'paragraph', content });
const doc = (...content: unknown[]) => ({ type: 'doc', version: 1, content });
const text = (content: string) => ({ type: 'text', text: content });
const fields = { project: { key: 'OSSTTMB2B' }, issuetype: { name: 'Дефект' }, summary: 'Тема' };

describe('the sandbox as JIRA Cloud', () => {
  test('says what it is under both versions of its interface, and lets in by e-mail and API token only', async () => {
    for (const version of [2, 3]) {
      const response = await fetch(`${sandbox.url}/rest/api/${version}/serverInfo`, { headers: allowed() });
      expect(await response.json()).toMatchObject({ deploymentType: 'Cloud' });
    }
    expect((await send('GET', '/myself')).body).toMatchObject({
      accountId: sandbox.account,
      emailAddress: sandbox.email,
    });
    expect((await send('GET', '/myself')).body).not.toHaveProperty('name');
    for (const authorization of [`Bearer ${sandbox.token}`, basic('svc_bridge', sandbox.password)]) {
      expect((await rest('GET', '/myself', undefined, { authorization })).status).toBe(401);
    }
    expect((await fetch(`${sandbox.url}/rest/api/2/myself`, { headers: allowed() })).status).toBe(404);
  });

  test('takes documents, gives them back as they came and shows people their text', async () => {
    const description = doc(
      paragraph(text('Шаги:'), { type: 'hardBreak' }, text('1. открыть')),
      { type: 'codeBlock', content: [text('at java.base')] },
      paragraph(text('Конец 😀')),
    );

    const { body } = await send('POST', '/issue', { fields: { ...fields, description } });

    expect(sandbox.issue(body.id).values.description).toBe('Шаги:\n1. открыть\n\nat java.base\n\nКонец 😀');
    expect((await send('GET', `/issue/${body.id}`)).body.fields.description).toEqual(description);
  });

  test.each([
    ['a text', 'просто текст'],
    ['a document without version', { type: 'doc', content: [] }],
    ['an unknown node', doc({ type: 'script', content: [] })],
    ['an inline node among blocks', doc(text('x'))],
    ['an empty text node', doc(paragraph(text('')))],
    ['a block inside a paragraph', doc(paragraph(paragraph(text('x'))))],
    ['an unknown mark', doc(paragraph({ ...text('x'), marks: [{ type: 'evil' }] }))],
    ['a stray key', doc({ ...paragraph(text('x')), style: 'red' })],
    ['a mention of nobody', doc(paragraph({ type: 'mention', attrs: {} }))],
    ['a list without items', doc({ type: 'bulletList', content: [] })],
    ['a node named like a property of every object', doc({ type: 'constructor' })],
  ])('refuses %s', async (_, body) => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    const refused = await send('POST', `/issue/${id}/comment`, { body });
    const unopened = await send('POST', '/issue', { fields: { ...fields, description: body } });

    expect(refused.status).toBe(400);
    expect(Object.keys(unopened.body.errors)).toEqual(['description']);
    expect(sandbox.issue(id).comments).toEqual([]);
  });

  test('what people write comes as a document', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    const comment = sandbox.comment(id, 'Раз\nдва\n\nтри');

    expect((await send('GET', `/issue/${id}/comment/${comment.id}`)).body.body).toEqual(
      doc(paragraph(text('Раз'), { type: 'hardBreak' }, text('два')), paragraph(text('три'))),
    );
  });

  test('knows users by account id and hides the addresses of others', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема', as: 'petrova.3l' });
    const [found] = (await send('GET', `/user/assignable/search?issueKey=${id}&query=Петрова`)).body;

    expect(found).toEqual(expect.objectContaining({ displayName: 'Анна Петрова', active: true }));
    expect(found).not.toHaveProperty('emailAddress');
    expect((await send('PUT', `/issue/${id}/assignee`, { accountId: found.accountId })).status).toBe(204);
    expect(sandbox.issue(id).values.assignee).toBe('petrova.3l');
    expect((await send('PUT', `/issue/${id}/assignee`, { name: 'petrova.3l' })).status).toBe(400);
    expect((await send('PUT', `/issue/${id}/assignee`, { accountId: 'нет' })).status).toBe(400);
    expect((await send('GET', `/user?accountId=${encodeURIComponent(found.accountId)}`)).status).toBe(200);
  });

  test('pages its search by token and has no other one', async () => {
    for (const summary of ['А', 'Б', 'В']) {
      sandbox.createIssue({ summary });
    }
    const page = (body: object) => send('POST', '/search/jql', { jql: 'project = OSSTTMB2B', maxResults: 2, ...body });

    const first = (await page({})).body;
    const second = (await page({ nextPageToken: first.nextPageToken, fields: ['summary'] })).body;

    expect(first).toMatchObject({ isLast: false, issues: [{ fields: {} }, { fields: {} }] });
    expect(first).not.toHaveProperty('total');
    expect(second).toMatchObject({ isLast: true, issues: [{ fields: { summary: 'А' } }] });
    expect(second).not.toHaveProperty('nextPageToken');
    expect((await page({ nextPageToken: 'нет' })).status).toBe(400);
    expect((await page({ jql: 'ORDER BY created' })).status).toBe(400);
    expect((await send('POST', '/search', { jql: 'project = OSSTTMB2B' })).status).toBe(410);
  });

  test('names the lists of createmeta in its own way, and demands to be asked for permissions', async () => {
    const types = (await send('GET', '/issue/createmeta/OSSTTMB2B/issuetypes')).body;
    const meta = (await send('GET', '/issue/createmeta/OSSTTMB2B/issuetypes/10001')).body;

    expect(types.issueTypes).toHaveLength(2);
    expect(meta.fields.map(({ fieldId }: { fieldId: string }) => fieldId)).toContain('summary');
    expect(meta).not.toHaveProperty('values');
    expect((await send('GET', '/mypermissions?projectKey=OSSTTMB2B')).status).toBe(400);
    expect((await send('GET', '/mypermissions?permissions=CREATE_ISSUES')).body.permissions).toEqual({
      CREATE_ISSUES: expect.objectContaining({ havePermission: true }),
    });
  });

  test('refuses the same issue link a second time', async () => {
    const [first, second] = [sandbox.createIssue({ summary: 'А' }), sandbox.createIssue({ summary: 'Б' })];
    const body = { type: { name: 'Связана' }, inwardIssue: { id: first.id }, outwardIssue: { id: second.id } };

    expect((await send('POST', '/issueLink', body)).status).toBe(201);
    expect((await send('POST', '/issueLink', body)).status).toBe(400);
    expect((await send('GET', `/issue/${first.id}?fields=issuelinks`)).body.fields.issuelinks).toHaveLength(1);
  });

  test('sends to another host for the bytes of a file, where the login of JIRA is unwelcome', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    sandbox.attach(id, { name: 'Журнал.txt', bytes: 'строка' });
    const [file] = (await send('GET', `/issue/${id}?fields=attachment`)).body.fields.attachment;
    const redirect = await fetch(file.content, { headers: allowed(), redirect: 'manual' });
    const location = redirect.headers.get('location') ?? '';

    expect(redirect.status).toBe(303);
    expect(new URL(location).origin).not.toBe(sandbox.url);
    expect(await (await fetch(location)).text()).toBe('строка');
    expect((await fetch(location, { headers: allowed() })).status).toBe(403);
    expect((await fetch(file.content, { redirect: 'manual' })).status).toBe(401);
    expect(await (await fetch(`${file.content}?redirect=false`, { headers: allowed() })).text()).toBe('строка');
  });
});
