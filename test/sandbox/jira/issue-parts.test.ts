import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import { restOf } from './rest.ts';

let sandbox: SandboxJira;
beforeEach(async () => {
  sandbox = await startSandboxJira();
});
afterEach(() => sandbox.stop());

const send = restOf(() => sandbox);

describe('comments of the sandbox JIRA', () => {
  test('an edit replaces text and restriction, and tells who made it', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    const comment = sandbox.comment(id, 'Внутреннее', { role: 'Developers' });
    const visibility = { type: 'role', value: 'Developers' };

    const kept = await send('PUT', `/issue/${id}/comment/${comment.id}`, { body: 'Исправлено', visibility });
    expect(kept.body).toMatchObject({
      body: 'Исправлено',
      visibility,
      author: { name: 'developer.3l' },
      updateAuthor: { name: 'svc_bridge' },
    });
    const lost = await send('PUT', `/issue/${id}/comment/${comment.id}`, { body: 'Исправлено' });
    expect(lost.body).not.toHaveProperty('visibility');
    expect((await send('PUT', `/issue/${id}/comment/99`, { body: 'x' })).status).toBe(404);
    expect((await send('PUT', `/issue/${id}/comment/${comment.id}`, { body: ' ' })).status).toBe(400);
  });

  test('people edit and delete them', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    const comment = sandbox.comment(id, 'Раз');

    sandbox.editComment(id, comment.id, 'Два', { as: 'petrova.3l' });
    expect((await send('GET', `/issue/${id}/comment/${comment.id}`)).body).toMatchObject({ body: 'Два' });
    sandbox.deleteComment(id, comment.id);
    expect((await send('GET', `/issue/${id}/comment/${comment.id}`)).status).toBe(404);
  });
});

describe('assignees of the sandbox JIRA', () => {
  test.each([
    ['nobody.knows', 'does not exist'],
    ['ivanov.3l', 'cannot be assigned'],
    ['guest.l2', 'cannot be assigned'],
  ])('%s is refused: %s', async (name, reason) => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });

    const { status, body } = await send('PUT', `/issue/${id}/assignee`, { name });

    expect(status).toBe(400);
    expect(body.errors.assignee).toContain(reason);
    expect(sandbox.issue(id).values.assignee).toBeNull();
  });

  test('an active developer is taken and can be taken away again', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });

    expect((await send('PUT', `/issue/${id}/assignee`, { name: 'petrova.3l' })).status).toBe(204);
    expect((await send('GET', `/issue/${id}`)).body.fields.assignee).toMatchObject({ displayName: 'Анна Петрова' });
    expect((await send('PUT', `/issue/${id}/assignee`, { name: null })).status).toBe(204);
    expect(sandbox.issue(id).values.assignee).toBeNull();
  });

  test('users are found by name, and only those who may be assigned', async () => {
    expect((await send('GET', '/user?username=ivanov.3l')).body).toMatchObject({ active: false });
    expect((await send('GET', '/user?username=nobody')).status).toBe(404);
    const found = await send('GET', '/user/assignable/search?project=OSSTTMB2B&maxResults=10');
    expect(found.body.map((user: { name: string }) => user.name)).toEqual([
      'svc_bridge',
      'developer.3l',
      'petrova.3l',
      'sidorov.3l',
    ]);
  });
});

describe('links of the sandbox JIRA', () => {
  test('a link between issues shows the other one on each, and a repeat makes a second link', async () => {
    const first = sandbox.createIssue({ summary: 'Первая' });
    const second = sandbox.createIssue({ summary: 'Вторая' });
    const body = { type: { name: 'Блокирует' }, inwardIssue: { key: first.key }, outwardIssue: { id: second.id } };
    const linksOf = async (id: string) => (await send('GET', `/issue/${id}?fields=issuelinks`)).body.fields.issuelinks;

    expect(await send('POST', '/issueLink', body)).toMatchObject({ status: 201, body: '' });
    expect(await linksOf(first.id)).toMatchObject([
      { type: { outward: 'блокирует' }, outwardIssue: { id: second.id, fields: { summary: 'Вторая' } } },
    ]);
    const [seen] = await linksOf(second.id);
    expect(seen).toMatchObject({ inwardIssue: { key: first.key } });
    expect(seen).not.toHaveProperty('outwardIssue');
    await send('POST', '/issueLink', body);
    expect(await linksOf(first.id)).toHaveLength(2);
    sandbox.hide(second.id);
    expect(await linksOf(first.id)).toEqual([]);
  });

  test.each([
    ['an unknown type', { type: { name: 'Нет' } }, 404],
    ['a missing issue', { outwardIssue: { key: 'OSSTTMB2B-99' } }, 404],
    ['no type', { type: undefined }, 400],
  ])('a link with %s is refused', async (_, change, status) => {
    const [first, second] = [sandbox.createIssue({ summary: 'А' }), sandbox.createIssue({ summary: 'Б' })];
    const body = { type: { id: '10003' }, inwardIssue: { id: first.id }, outwardIssue: { id: second.id }, ...change };

    expect((await send('POST', '/issueLink', body)).status).toBe(status);
    expect(
      (await send('GET', '/issueLinkType')).body.issueLinkTypes.map(({ name }: { name: string }) => name),
    ).toContain('Связана');
  });

  test('a remote link takes over title and state, and is listed once', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    const link = (title: string, resolved: boolean) => ({
      globalId: 'system=otrs&id=1',
      object: { url: 'https://otrs.example.test/1', title, status: { resolved } },
    });

    expect((await send('POST', `/issue/${id}/remotelink`, link('Заявка', false))).status).toBe(201);
    expect((await send('POST', `/issue/${id}/remotelink`, link('Заявка закрыта', true))).status).toBe(200);
    expect((await send('GET', `/issue/${id}/remotelink`)).body).toMatchObject([
      { globalId: 'system=otrs&id=1', object: { title: 'Заявка закрыта', status: { resolved: true } } },
    ]);
    expect((await send('DELETE', `/issue/${id}/remotelink?globalId=system%3Dotrs%26id%3D1`)).status).toBe(204);
    expect((await send('GET', `/issue/${id}/remotelink?globalId=system%3Dotrs%26id%3D1`)).status).toBe(404);
  });
});
