import { Readable, Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { Call } from '../../../../sandbox/jira/listener.ts';
import { type SandboxJira, startSandboxJira } from '../../../../sandbox/jira/server.ts';
import type { Desk } from '../../../../src/connector.ts';
import type { Draft } from '../../../../src/domain/action.ts';
import { loadNamesInUse } from '../../../../src/policy/load.ts';
import { connectToSandbox, signal } from '../connected.ts';
import { cloudOperations, dataCenterOperations } from './operations.ts';
import { createVerifier } from './verify.ts';

const dialects = [
  ['datacenter', dataCenterOperations, 'petrova.3l'],
  ['cloud', cloudOperations, '712020:00000000-0000-4000-8000-000000010102'],
] as const;

const origin = { system: 'otrs', id: '42', key: '2026112310000042' };
const draft: Draft = {
  project: 'OSSTTMB2B',
  type: 'Дефект',
  title: 'Не создаётся заявка',
  text: 'Шаги:\n1. открыть\n\nОжидаю: {code} *нет*',
  priority: 'Высокий',
  labels: ['otrs'],
  fields: {},
};
const note = { subject: '', text: 'Добрый день', visibility: 'internal' as const };

/** Uses every method of the desk; one that the desk does not offer is refused, and sends nothing wrong either. */
async function useAll(desk: Desk, sandbox: SandboxJira, assignee: string): Promise<void> {
  const { ref } = await desk.open(draft, 'open:issue', origin, signal);
  const other = sandbox.createIssue({ summary: 'Другая' });
  await desk.read(ref, signal);
  await desk.locate(ref.key ?? '', signal);
  await desk.changedSince(DateTime.now().minus({ hours: 1 }), undefined, signal);
  await desk.find({ do: 'open', key: 'open:issue', system: 'jira', role: 'issue', draft, origin }, signal);
  const { ref: comment } = await desk.comment(ref, note, 'comment:jira:1', signal);
  await desk.find({ do: 'comment', key: 'comment:jira:1', ref, comment: note }, signal);
  await desk.edit(ref, comment.id, 'Добрый вечер', signal);
  await desk.assign(ref, assignee, signal);
  await desk.update(ref, { solution: 'Очередь очищена', due_date: '2026-12-01', configuration_item: ['БД'] }, signal);
  await desk.relate(ref, origin, { title: 'Заявка', url: 'https://otrs.test/42', isResolved: true }, signal);
  const to = { system: 'jira', id: other.id, key: other.key };
  await desk.relate(ref, to, { title: '', url: '', type: 'Связана' }, signal);
  await useFiles(desk, sandbox, ref.id);
  await desk.move(ref, { to: 'В работе', fields: {} }, signal);
  await desk.move(ref, { to: 'Закрыто', fields: { resolution: 'Исправлено', solution: 'Исправлен адрес' } }, signal);
  await desk.check(await loadNamesInUse('mappings'), signal);
}

async function useFiles(desk: Desk, sandbox: SandboxJira, id: string): Promise<void> {
  const ref = { system: 'jira', id };
  const file = {
    name: 'Журнал.txt',
    contentType: 'text/plain',
    size: 6,
    open: () => Readable.from([Buffer.from('abc123')]),
  };
  const given = sandbox.attach(id, { name: 'Ответ.txt', bytes: 'готово', contentType: 'text/plain' });
  const attachment = { id: given.id, name: given.name, contentType: 'text/plain', size: given.content.size };
  const into = new Writable({ write: (_chunk, _encoding, done) => done() });
  const source = { text: 'abc123' };
  const action = { do: 'attach', key: 'attach:jira:1', ref, file, source, note, besides: [] } as const;
  const calls = [
    () => desk.attach(ref, file, note, action.key, signal),
    () => desk.find(action, signal),
    () => desk.fetch(ref, attachment, into, signal),
  ];
  for (const call of calls) {
    await call().catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'BridgeError', disposition: 'dead' });
    });
  }
}

describe('requests to JIRA have the form that its interface describes', () => {
  test.each(dialects)('every method of the desk on %s', async (dialect, operations, assignee) => {
    const sandbox = await startSandboxJira({ dialect });
    const { desk } = connectToSandbox(sandbox, dialect);
    await useAll(desk, sandbox, assignee);
    await desk.close();
    await sandbox.stop();

    const inside = sandbox.calls.filter(({ path }) => !path.startsWith('/rest/') && !path.startsWith('/secure/'));
    expect(inside.length).toBeGreaterThan(20);
    expect(createVerifier(operations)(inside)).toEqual([]);
  });

  const call = (change: Partial<Call>): Call => ({
    method: 'POST',
    path: '/issue/10001/comment',
    query: '',
    headers: {},
    body: '{"body":"x"}',
    parts: [],
    ...change,
  });

  test.each([
    ['an operation that is not described', { path: '/issue/bulk' }, 'no such operation'],
    ['another method', { method: 'DELETE' }, 'no such operation'],
    ['a stray member', { body: '{"body":"x","jsdPublic":true}' }, 'additional properties'],
    ['a wrong type', { body: '{"body":{"type":"doc"}}' }, 'must be string'],
    ['a missing member', { body: '{}' }, 'required'],
    ['a stray query parameter', { query: 'notify=true' }, 'additional properties'],
    ['a body where none is expected', { method: 'GET' }, 'nobody expects'],
    ['a form without files', { path: '/issue/1/attachments', body: '' }, 'form was expected'],
    [
      'a form field of another name',
      { path: '/issue/1/attachments', parts: [{ field: 'x', name: '' }], body: '' },
      'stray',
    ],
  ])('%s is found', (_, change, fault) => {
    const verify = createVerifier(dataCenterOperations);

    expect(verify([call({})])).toEqual([]);
    expect(verify([call(change)]).join('\n')).toContain(fault);
  });
});
