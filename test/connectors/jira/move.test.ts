import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import { transitions } from '../../../sandbox/jira/workflow.ts';
import type { Desk, Move } from '../../../src/connector.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { connectTo, signal } from './connected.ts';

let sandbox: SandboxJira;
let desk: Desk;
let ref: Ref;
beforeEach(async () => {
  sandbox = await startSandboxJira();
  desk = connectTo(sandbox.url, { settle_seconds: 90 }).desk;
  const { id, key } = sandbox.createIssue({ summary: 'Не проходит заявка' });
  ref = { system: 'jira', id, key };
});
afterEach(async () => {
  await desk.close();
  await sandbox.stop();
});

/** What was asked about the issue, as `POST transitions`; names are kept for ten minutes. */
const calls = () =>
  sandbox.calls
    .filter(({ path }) => path.startsWith('/issue/'))
    .map(({ method, path }) => `${method} ${path.split('/')[3] ?? 'issue'}`);

const status = () => sandbox.issue(ref.id).status;
const move = (changes: Partial<Move> & Pick<Move, 'to'>) => desk.move(ref, { fields: {}, ...changes }, signal);

describe('moving an issue', () => {
  const closure = { resolution: 'Исправлено', solution: 'Перезапущен {BPM}', configuration_item: ['БД'] };

  test('sets the closing fields and the resolution in the transition itself', async () => {
    await desk.move(ref, { to: 'решено', fields: closure }, signal);

    expect(sandbox.issue(ref.id)).toMatchObject({
      status: 'Решено',
      values: { resolution: 'Исправлено', customfield_10200: 'Перезапущен \\{BPM\\}', components: ['БД'] },
    });
    expect(sandbox.calls.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  test('sets closing fields before a transition whose screen does not show them', async () => {
    sandbox.transition(ref.id, 'Решено', { resolution: 'Исправлено' });

    await desk.move(ref, { to: 'Закрыто', fields: closure }, signal);

    expect(sandbox.issue(ref.id)).toMatchObject({ status: 'Закрыто', values: { components: ['БД'] } });
    expect(calls()).toEqual(['GET issue', 'GET transitions', 'PUT issue', 'POST transitions']);
  });

  test('names what can be reached when the wanted status cannot', async () => {
    sandbox.transition(ref.id, 'Закрыто', { resolution: 'Исправлено' });

    await expect(desk.move(ref, { to: 'Ожидает информации', fields: {} }, signal)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('from «Закрыто» to «Ожидает информации»'),
      details: { reachable: ['В работе'] },
    });
  });

  test('names the resolutions when the wanted one is not among them', async () => {
    await expect(
      desk.move(ref, { to: 'Решено', fields: { ...closure, resolution: 'Само прошло' } }, signal),
    ).rejects.toMatchObject({
      code: 'REFUSED',
      details: { resolution: 'Само прошло', allowed: expect.arrayContaining(['Дубликат']) },
    });
    expect(sandbox.issue(ref.id).status).toBe('Открыто');
  });

  test('a resolution that the screen demands and nobody gave is refused before anything is sent', async () => {
    await expect(desk.move(ref, { to: 'Решено', fields: {} }, signal)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('«Решить» to «Решено»'),
      details: { missing: ['resolution «Решение задачи»'] },
    });
    expect(calls().filter((call) => call === 'POST transitions')).toEqual([]);
  });

  test('a status can be named by its id', async () => {
    await desk.move(ref, { to: '10010', fields: {} }, signal);

    expect(sandbox.issue(ref.id).status).toBe('Ожидает информации');
  });

  test.each(['bad-gateway-after-effect', 'reset-after-effect'] as const)(
    'a transition whose answer was lost by %s has been taken if the issue is there',
    async (kind) => {
      sandbox.failNext({ kind }, { method: 'POST', path: /transitions$/ });

      await desk.move(ref, { to: 'В работе', fields: {} }, signal);

      expect(sandbox.issue(ref.id).status).toBe('В работе');
      expect(calls().filter((call) => call === 'POST transitions')).toHaveLength(1);
    },
  );

  test('a transition that was not taken before the connection broke is an outage, and is taken at the next try', async () => {
    sandbox.failNext({ kind: 'reset-before-effect' }, { method: 'POST', path: /transitions$/ });

    await expect(desk.move(ref, { to: 'В работе', fields: {} }, signal)).rejects.toMatchObject({
      disposition: 'outage',
    });
    await desk.move(ref, { to: 'В работе', fields: {} }, signal);

    expect(sandbox.issue(ref.id).status).toBe('В работе');
  });

  test.each(['Waiting for Information', 'waiting for information', 'Ожидает информации', '10010'])(
    'finds the status by its name in any language or by its id: «%s»',
    async (to) => {
      await move({ to });
      await move({ to });

      expect(status()).toBe('Ожидает информации');
      expect(calls().filter((call) => call === 'POST transitions')).toHaveLength(1);
    },
  );

  test.each(['Fixed', 'исправлено', '10000'])('finds the resolution by its name or id: «%s»', async (resolution) => {
    await move({ to: 'Решено', fields: { resolution } });

    expect(sandbox.issue(ref.id).values.resolution).toBe('Исправлено');
  });

  test('sets versions by their names', async () => {
    await move({ to: 'Решено', fields: { ...closure, fix_versions: ['4.2', '4.3'] } });

    expect(sandbox.issue(ref.id).values.fixVersions).toEqual(['4.2', '4.3']);
  });

  test('sends no resolution where the workflow sets or forbids it, and reopening clears it', async () => {
    sandbox.setScreen({ transition: 'Решить' }, ['customfield_10200']);
    sandbox.setWorkflow(
      transitions.map((each) =>
        each.name === 'Решить' ? { ...each, screen: ['customfield_10200'], resolution: 'kept' } : each,
      ),
    );
    await move({ to: 'Решено', fields: { resolution: 'Исправлено', solution: 'Готово' } });
    expect(sandbox.issue(ref.id)).toMatchObject({
      status: 'Решено',
      values: { customfield_10200: 'Готово', resolution: null },
    });

    await move({ to: 'В работе' });
    expect(sandbox.issue(ref.id)).toMatchObject({ status: 'В работе', values: { resolution: null } });
  });

  test('takes the transition that its fields suit, where several lead to the status', async () => {
    sandbox.setWorkflow([
      { id: '90', name: 'Без экрана', from: ['Открыто'], to: 'Решено', screen: [], resolution: 'kept' },
      ...transitions,
    ]);

    await move({ to: 'Решено', fields: closure });
    expect(sandbox.issue(ref.id).values.resolution).toBe('Исправлено');
  });

  test('names the fields that a screen demands and nobody has, before anything is sent', async () => {
    sandbox.setScreen({ transition: 'Решить' }, ['resolution', 'customfield_10500']);
    sandbox.requireField('customfield_10500', { transition: 'Решить' });

    await expect(move({ to: 'Решено', fields: closure })).rejects.toMatchObject({
      code: 'REFUSED',
      disposition: 'dead',
      message: expect.stringContaining('customfield_10500 «Контур»'),
    });
    expect(calls().filter((call) => !call.startsWith('GET'))).toEqual([]);
  });

  test('takes a demanded field for filled where the issue has it already', async () => {
    sandbox.setScreen('edit', ['customfield_10500']);
    sandbox.setFields(ref.id, { customfield_10500: 'Промышленный' });
    sandbox.setScreen({ transition: 'Взять в работу' }, ['customfield_10500']);

    await move({ to: 'В работе' });
    expect(status()).toBe('В работе');
  });
});

describe('moving an issue by way of other states', () => {
  /** Solved only out of work, and closed only when solved. */
  const strict = [
    {
      id: '11',
      name: 'Взять',
      from: ['Открыто', 'Ожидает информации'],
      to: 'В работе',
      screen: [],
      resolution: 'kept',
    },
    {
      id: '12',
      name: 'Решить',
      from: ['В работе'],
      to: 'Решено',
      screen: ['resolution', 'customfield_10200'],
      resolution: 'demanded',
    },
    { id: '13', name: 'Закрыть', from: ['Решено'], to: 'Закрыто', screen: [], resolution: 'kept' },
  ] as const;
  const fields = { resolution: 'Исправлено' };
  beforeEach(() => sandbox.setWorkflow(strict));

  test('passes through them in order, looks each step up, and gives each screen what it demands', async () => {
    await move({ to: 'Закрыто', via: ['В работе', 'Решено'], fields });

    expect(sandbox.issue(ref.id)).toMatchObject({ status: 'Закрыто', values: { resolution: 'Исправлено' } });
    expect(calls().filter((call) => call.endsWith('transitions'))).toEqual([
      'GET transitions',
      'POST transitions',
      'GET transitions',
      'POST transitions',
      'GET transitions',
      'POST transitions',
    ]);
  });

  test('skips those that are passed already, named in whatever language', async () => {
    sandbox.transition(ref.id, 'В работе');

    await move({ to: 'Closed', via: ['In Progress', 'Resolved'], fields });

    expect(status()).toBe('Закрыто');
  });

  test('goes straight where that is possible', async () => {
    sandbox.transition(ref.id, 'В работе');

    await move({ to: 'Решено', via: ['Ожидает информации', 'В работе'], fields });

    expect(calls().filter((call) => call === 'POST transitions')).toHaveLength(1);
  });

  test('ends with a refusal that names the way and where the issue stands', async () => {
    await expect(move({ to: 'Закрыто', via: ['В работе'], fields })).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(/from «В работе» to «Закрыто», nor by way of «В работе»/),
      details: { from: 'В работе', reachable: ['Решено'] },
    });
  });

  test('does not go round in circles', async () => {
    sandbox.setWorkflow([
      { id: '1', name: 'туда', from: ['Открыто'], to: 'В работе', screen: [], resolution: 'kept' },
      { id: '2', name: 'обратно', from: ['В работе'], to: 'Открыто', screen: [], resolution: 'kept' },
    ]);

    await expect(move({ to: 'Закрыто', via: ['В работе', 'Открыто'] })).rejects.toMatchObject({ code: 'REFUSED' });
    expect(calls().filter((call) => call === 'POST transitions').length).toBeLessThanOrEqual(3);
  });

  test('goes on from where a lost answer left it', async () => {
    sandbox.failNext({ kind: 'reset-after-effect' }, { method: 'POST', path: /transitions$/ });

    await move({ to: 'Закрыто', via: ['В работе', 'Решено'], fields });

    expect(status()).toBe('Закрыто');
  });

  test('is content when somebody else brings the issue there meanwhile', async () => {
    sandbox.failNext({ kind: 'slow', milliseconds: 300 }, { method: 'GET', path: /transitions$/ });
    const moving = move({ to: 'В работе' });
    while (!calls().includes('GET transitions')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    sandbox.transition(ref.id, 'В работе');

    await moving;

    expect(calls().slice(-2)).toEqual(['POST transitions', 'GET issue']);
  });
});
