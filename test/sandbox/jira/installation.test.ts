import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import { stepwiseTransitions } from '../../../sandbox/jira/workflow.ts';
import { restOf } from './rest.ts';

let sandbox: SandboxJira;
beforeEach(async () => {
  sandbox = await startSandboxJira();
});
afterEach(() => sandbox.stop());

const send = restOf(() => sandbox);
const fields = { project: { key: 'OSSTTMB2B' }, issuetype: { name: 'Дефект' }, summary: 'Тема' };
const createMeta = async () =>
  (await send('GET', '/issue/createmeta/OSSTTMB2B/issuetypes/10001?maxResults=100')).body.values;
const namesOf = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

describe('screens of the sandbox JIRA', () => {
  test('a field that is taken off the create screen is refused and no longer told', async () => {
    sandbox.setScreen('create', ['summary', 'description']);

    const { status, body } = await send('POST', '/issue', { fields: { ...fields, labels: ['otrs-1'] } });

    expect(status).toBe(400);
    expect(Object.keys(body.errors)).toEqual(['labels']);
    expect((await createMeta()).map(({ fieldId }: { fieldId: string }) => fieldId)).toEqual(['summary', 'description']);
  });

  test('a field that an administrator demands stops every create until it is filled', async () => {
    sandbox.setScreen('create', ['summary', 'customfield_10400', 'customfield_10500']);
    sandbox.requireField('customfield_10500');

    expect((await send('POST', '/issue', { fields })).body.errors).toHaveProperty('customfield_10500');
    const described = await createMeta();
    expect(described).toContainEqual(expect.objectContaining({ fieldId: 'customfield_10500', required: true }));
    expect(described).toContainEqual(
      expect.objectContaining({
        fieldId: 'customfield_10400',
        required: false,
        allowedValues: [expect.objectContaining({ value: 'Телефон' }), expect.objectContaining({ value: 'Почта' })],
      }),
    );
    const filled = { ...fields, customfield_10500: 'Промышленный', customfield_10400: { value: 'Почта' } };
    expect((await send('POST', '/issue', { fields: filled })).status).toBe(201);
    sandbox.relaxField('customfield_10500');
    expect((await send('POST', '/issue', { fields })).status).toBe(201);
  });

  test('the edit screen is another one, and lists are changed without touching what others put there', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    sandbox.setFields(id, { labels: ['чужая'] });
    const update = { labels: [{ add: 'otrs-1' }], components: [{ add: { name: 'БД' } }] };

    expect((await send('PUT', `/issue/${id}`, { update })).status).toBe(204);
    expect(sandbox.issue(id).values).toMatchObject({ labels: ['чужая', 'otrs-1'], components: ['БД'] });
    expect((await send('GET', `/issue/${id}/editmeta`)).body.fields).toHaveProperty('customfield_10200');
    sandbox.setScreen('edit', ['summary']);
    expect((await send('PUT', `/issue/${id}`, { update })).status).toBe(400);
  });

  test('a transition demands what its screen demands', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    sandbox.setScreen({ transition: 'Взять в работу' }, ['assignee', 'customfield_10500']);
    sandbox.requireField('customfield_10500', { transition: 'Взять в работу' });
    const take = (more: object) => send('POST', `/issue/${id}/transitions`, { transition: { id: '21' }, ...more });

    expect(Object.keys((await take({})).body.errors)).toEqual(['customfield_10500']);
    expect((await take({ fields: { customfield_10500: 'Тест' } })).status).toBe(204);
  });

  test('the account may lack a transition that people have, or all of them', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    const offered = async () => namesOf((await send('GET', `/issue/${id}/transitions`)).body.transitions);

    sandbox.setTransition('Закрыть', 'closed');
    expect(await offered()).not.toContain('Закрыть');
    expect((await send('POST', `/issue/${id}/transitions`, { transition: { id: '51' } })).status).toBe(400);
    sandbox.setPermission('TRANSITION_ISSUES', 'denied');
    expect(await offered()).toEqual([]);
    sandbox.transition(id, 'Закрыто', { resolution: 'Исправлено' });
    expect(sandbox.issue(id).status).toBe('Закрыто');
  });

  test('a workflow of small steps leads past no status', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    sandbox.setWorkflow(stepwiseTransitions);

    const { transitions } = (await send('GET', `/issue/${id}/transitions`)).body;
    expect(namesOf(transitions)).toEqual(['Взять в работу']);
  });

  test('the account that may not create issues is told so by createmeta', async () => {
    sandbox.setPermission('CREATE_ISSUES', 'denied');

    expect((await send('GET', '/issue/createmeta/OSSTTMB2B/issuetypes')).status).toBe(400);
    expect((await send('POST', '/issue', { fields })).status).toBe(403);
    expect((await send('GET', '/mypermissions')).body.permissions.CREATE_ISSUES.havePermission).toBe(false);
  });
});

describe('issues that are no longer where they were', () => {
  test('a moved issue keeps its id, gets another key and is still found by the old one', async () => {
    const { id, key } = sandbox.createIssue({ summary: 'Тема' });

    sandbox.moveIssue(key);

    expect((await send('GET', `/issue/${key}`)).body).toMatchObject({ id, key: 'ARCHB2B-1' });
    expect((await send('GET', `/issue/${id}`)).body.fields.project.key).toBe('ARCHB2B');
    expect((await send('POST', '/search', { jql: 'project = OSSTTMB2B' })).body.total).toBe(0);
    expect((await send('POST', '/search', { jql: 'project = ARCHB2B' })).body.total).toBe(1);
    expect(sandbox.createIssue({ summary: 'Следующая' }).key).not.toBe(key);
  });

  test('a deleted issue is gone with its links', async () => {
    const [first, second] = [sandbox.createIssue({ summary: 'А' }), sandbox.createIssue({ summary: 'Б' })];
    sandbox.linkIssues(first.id, second.id, 'Связана');

    sandbox.deleteIssue(first.id);

    expect((await send('GET', `/issue/${first.id}`)).status).toBe(404);
    expect((await send('GET', `/issue/${second.id}`)).body.fields.issuelinks).toEqual([]);
    expect((await send('POST', '/search', { jql: `id = ${first.id}` })).body.total).toBe(0);
  });

  test.each([400, 403] as const)('an archived issue is read and in no search, and a write gets %d', async (status) => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    const other = sandbox.createIssue({ summary: 'Другая' });
    sandbox.archive(id, status);
    const writes: readonly (readonly [string, string, unknown])[] = [
      ['PUT', `/issue/${id}`, { fields: { summary: 'x' } }],
      ['POST', `/issue/${id}/comment`, { body: 'x' }],
      ['POST', `/issue/${id}/transitions`, { transition: { id: '21' } }],
      ['PUT', `/issue/${id}/assignee`, { name: 'petrova.3l' }],
      ['POST', `/issue/${id}/remotelink`, { object: { url: 'http://a.test/', title: 'x' } }],
      ['POST', '/issueLink', { type: { name: 'Связана' }, inwardIssue: { id: other.id }, outwardIssue: { id } }],
    ];

    expect((await send('GET', `/issue/${id}`)).status).toBe(200);
    expect((await send('POST', '/search', { jql: `id = ${id}` })).body.total).toBe(0);
    for (const [method, path, body] of writes) {
      expect([path, (await send(method, path, body)).status]).toEqual([path, status]);
    }
    sandbox.restore(id);
    expect((await send('POST', `/issue/${id}/comment`, { body: 'x' })).status).toBe(201);
  });
});

describe('names of the sandbox JIRA', () => {
  const english = () => ({
    authorization: `Bearer ${sandbox.token}`,
    'x-force-accept-language': 'true',
    'accept-language': 'en',
  });

  test.each([
    ['/priority', 'Высокий', 'High'],
    ['/status', 'В работе', 'In Progress'],
    ['/resolution', 'Исправлено', 'Fixed'],
  ])('of %s come in Russian, and in English if the client forces it', async (path, russian, translated) => {
    expect(namesOf((await send('GET', path)).body)).toContain(russian);
    expect(namesOf((await send('GET', path, undefined, english())).body)).toContain(translated);
    const { authorization, 'accept-language': language } = english();
    const asked = await send('GET', path, undefined, { authorization, 'accept-language': language });
    expect(namesOf(asked.body)).toContain(russian);
  });

  test('are taken in either language', async () => {
    const { status } = await send('POST', '/issue', { fields: { ...fields, priority: { name: 'High' } } });

    expect(status).toBe(201);
    expect((await send('POST', '/search', { jql: 'status = "Open"' })).body.total).toBe(1);
    expect((await send('GET', '/issueLinkType', undefined, english())).body.issueLinkTypes[0].name).toBe('Blocks');
  });

  test('a text is searched by its words, in any order', async () => {
    sandbox.createIssue({ summary: '[OTRS#2026112310000011] Ошибка 500' });

    expect((await send('POST', '/search', { jql: 'summary ~ "2026112310000011 otrs"' })).body.total).toBe(1);
    expect((await send('POST', '/search', { jql: 'summary ~ "2026112310000012"' })).body.total).toBe(0);
    expect((await send('POST', '/search', { jql: 'cf[10600] ~ "2026112310000011"' })).body.total).toBe(0);
    expect((await send('POST', '/search', { jql: 'summary = "x"' })).status).toBe(400);
  });
});
