import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { CommentDraft, Draft } from '../../../../src/domain/action.ts';
import type { Ref } from '../../../../src/domain/ticket.ts';
import { expectedNames } from '../../../support/expected-names.ts';
import { connectTo, signal } from '../connected.ts';
import { answer, rawServers } from '../raw-server.ts';

const { stops, listen } = rawServers();

const ACCOUNT = '5b10a2844c20165700ede21g';
const ref: Ref = { system: 'jira', id: '10000', key: 'OSSTTMB2B-1' };
const origin: Ref = { system: 'otrs', id: '815', key: '2026112310000015' };
const document = (text: string) => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});
const at = '2026-11-23T10:00:00.000+0300';

interface Seen {
  readonly call: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A Cloud whose answers are given by `METHOD /path`, and what it was asked besides what it is. */
async function cloudWith(answers: Readonly<Record<string, unknown>>) {
  const seen: Seen[] = [];
  const url = await listen((request, socket) => {
    const [method = '', target = ''] = request.split(' ', 2);
    const { pathname, searchParams } = new URL(target, 'http://x');
    const call = `${method} ${pathname.replace(/^\/jira\/rest\/api/, '')}`;
    if (call === 'GET /2/serverInfo') {
      socket.write(answer('{"version":"1001.0.0-SNAPSHOT","deploymentType":"Cloud"}'));
      return;
    }

    const body = request.slice(request.indexOf('\r\n\r\n') + 4);
    seen.push({ call, query: Object.fromEntries(searchParams), body: body === '' ? undefined : JSON.parse(body) });
    const known = answers[call];
    socket.write(
      known === undefined
        ? answer('{"errorMessages":["нет"]}', '404 Not Found')
        : answer(JSON.stringify(typeof known === 'function' ? known(body) : known)),
    );
  });
  const { desk } = connectTo(url, { email: 'bridge@example.test', token: 'api-t0ken', account: ACCOUNT });
  stops.push(desk.close);
  return { desk, seen };
}

describe('JIRA Cloud as a desk', () => {
  test('is told texts as documents, in which nothing is markup', async () => {
    const { desk, seen } = await cloudWith({ 'POST /3/issue': { id: '10000', key: 'OSSTTMB2B-1' } });
    const draft: Draft = {
      project: 'OSSTTMB2B',
      type: 'Дефект',
      title: 'Не проходит заявка',
      text: '{code}не код{code} [~developer]',
      labels: [],
      fields: { solution: 'Очередь *очищена*' },
    };

    await desk.open(draft, 'open:issue', origin, signal);

    expect(seen.at(-1)).toMatchObject({
      call: 'POST /3/issue',
      body: {
        fields: {
          description: document('{code}не код{code} [~developer]'),
          customfield_10200: document('Очередь *очищена*'),
          labels: ['otrs-2026112310000015'],
        },
        properties: [{ key: 'otrs-jira-bridge', value: { ticket: '815', key: 'open:issue' } }],
      },
    });
  });

  test('is told comments as documents, with marker and restriction in the same call', async () => {
    const { desk, seen } = await cloudWith({ 'POST /3/issue/10000/comment': { id: '7' } });
    const comment: CommentDraft = { text: '!картинка.png!', subject: '', visibility: 'internal' };

    await desk.comment(ref, comment, 'comment:otrs:1', signal);

    expect(seen).toMatchObject([
      {
        body: {
          body: document('!картинка.png!'),
          visibility: { type: 'role', value: 'Developers' },
          properties: [{ key: 'otrs-jira-bridge', value: { key: 'comment:otrs:1' } }],
        },
      },
    ]);
  });

  test('is read in plain text, with account ids for people', async () => {
    const { desk } = await cloudWith({
      'GET /3/issue/10000': {
        id: '10000',
        key: 'OSSTTMB2B-1',
        fields: {
          summary: 'Не проходит заявка',
          description: document('Филиал: Волга'),
          status: { id: '3', name: 'В работе', statusCategory: { key: 'indeterminate' } },
          priority: { name: 'Высокий' },
          issuetype: { name: 'Дефект' },
          reporter: { accountId: '70121:abc', displayName: 'Дмитрий Орлов' },
          customfield_10200: document('Очередь очищена'),
          created: at,
          updated: at,
        },
      },
      'GET /3/issue/10000/comment': {
        total: 1,
        comments: [
          { id: '7', author: { accountId: ACCOUNT, displayName: 'Мост' }, body: document('Привет'), created: at },
        ],
      },
    });

    expect(await desk.read(ref, signal)).toMatchObject({
      text: 'Филиал: Волга',
      requester: { name: 'Дмитрий Орлов', login: '70121:abc' },
      fields: { solution: 'Очередь очищена' },
      comments: [{ id: '7', author: 'Мост', text: 'Привет', visibility: 'public' }],
    });
  });

  test('tells changes page by page with the token of each', async () => {
    const found = (id: string) => ({ id, key: `OSSTTMB2B-${id}`, fields: { updated: at } });
    const { desk, seen } = await cloudWith({
      'GET /3/myself': { accountId: ACCOUNT, timeZone: 'Europe/Moscow' },
      'POST /3/search/jql': (body: string) =>
        body.includes('"nextPageToken":"t2"')
          ? { issues: [found('2')], isLast: true }
          : { issues: [found('1')], nextPageToken: 't2', isLast: false },
    });

    const first = await desk.changedSince(DateTime.fromISO('2026-11-23T07:00:00Z'), undefined, signal);
    const second = await desk.changedSince(DateTime.fromISO('2026-11-23T07:00:00Z'), first.next, signal);

    expect([...first.changes, ...second.changes].map((change) => change.ref.id)).toEqual(['1', '2']);
    expect(second.next).toBeUndefined();
    const searches = seen.filter(({ call }) => call === 'POST /3/search/jql').map(({ body }) => body);
    expect(searches).toMatchObject([
      { jql: expect.stringContaining('updated >= "2026/11/23 10:00"'), fields: ['updated'] },
      { jql: expect.stringContaining('updated >= "2026/11/23 10:00"'), nextPageToken: 't2' },
    ]);
  });

  test('is checked: the account by its id, the permissions by the names that Cloud wants to be asked for', async () => {
    const { desk, seen } = await cloudWith({
      'GET /3/myself': { accountId: 'another', displayName: 'Иван', timeZone: 'Europe/Moscow' },
      'GET /3/field': [],
      'GET /3/project/OSSTTMB2B': { key: 'OSSTTMB2B', name: 'OSS' },
      'GET /3/mypermissions': { permissions: {} },
      'GET /3/priority': [],
      'GET /3/status': [],
      'GET /3/resolution': [],
    });

    const findings = await desk.check(expectedNames(), signal);

    expect(findings).toContainEqual({
      level: 'ok',
      subject: 'jira: server',
      message: 'JIRA Cloud 1001.0.0-SNAPSHOT',
    });
    expect(findings).toContainEqual({
      level: 'error',
      subject: 'jira: account',
      message: expect.stringContaining('belongs to another (Иван)'),
    });
    expect(seen.find(({ call }) => call === 'GET /3/mypermissions')?.query).toEqual({
      projectKey: 'OSSTTMB2B',
      permissions: expect.stringContaining('BROWSE_PROJECTS,CREATE_ISSUES'),
    });
  });
});
