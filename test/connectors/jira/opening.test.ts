import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import type { Desk, ParkedMapping } from '../../../src/connector.ts';
import type { Draft } from '../../../src/domain/action.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { createTestClock } from '../../support/memory-desk.ts';
import { connectTo, keepLog, signal } from './connected.ts';
import { answer, rawServers } from './raw-server.ts';

const origin: Ref = { system: 'otrs', id: '815', key: '2026112310000015' };
const draft: Draft = {
  project: 'OSSTTMB2B',
  type: 'Дефект',
  title: 'Не проходит заявка',
  text: 'Филиал: Волга',
  priority: 'Высокий',
  labels: ['otrs'],
  fields: { configuration_item: 'БД' },
};
const fields = { contour: 'customfield_10500', configuration_item: 'components', solution: 'customfield_10200' };

const created = JSON.stringify({ id: '10001', key: 'OSSTTMB2B-1' });
const { listen } = rawServers();

let sandbox: SandboxJira;
let clock: ReturnType<typeof createTestClock>;
const desks: Desk[] = [];
beforeEach(async () => {
  sandbox = await startSandboxJira();
  clock = createTestClock(DateTime.fromISO('2026-11-23T10:00:00.250+03:00'));
});
afterEach(async () => {
  await Promise.all(desks.splice(0).map((desk) => desk.close()));
  await sandbox.stop();
});

function connect(options: Readonly<Record<string, unknown>> = {}) {
  const { log, lines } = keepLog();
  const parked: ParkedMapping[] = [];
  const context = { log, now: clock.now, onParked: (mapping: ParkedMapping) => parked.push(mapping) };
  const { desk } = connectTo(sandbox.url, { fields, ...options }, context);
  desks.push(desk);
  let tickets = 0;
  return {
    desk,
    lines,
    parked,
    open: (changes: Partial<Draft> = {}) => {
      tickets += 1;
      const ticket = { ...origin, id: String(tickets), key: `20261123${tickets}` };
      return desk.open({ ...draft, ...changes }, 'open:issue', ticket, signal);
    },
  };
}

/** Calls since the last time, as `POST /issue`. */
function callsSince(mark: number): readonly string[] {
  return sandbox.calls.slice(mark).map(({ method, path }) => `${method} ${path}`);
}

describe('a field that is not on the create screen', () => {
  test('is left out, told once in the log and each time to the audit, and the rest goes through', async () => {
    const { open, lines } = connect();

    const first = await open({ fields: { contour: 'Промышленный', configuration_item: 'БД' } });
    const second = await open({ fields: { contour: 'Тестовый', configuration_item: 'БД' } });

    expect(sandbox.issue(first.ref.id).values).toMatchObject({ components: ['БД'], customfield_10500: null });
    expect([first.detail, second.detail]).toEqual([
      { leftOut: ['customfield_10500'] },
      { leftOut: ['customfield_10500'] },
    ]);
    expect(lines).toEqual([
      expect.objectContaining({ level: 'warn', project: 'OSSTTMB2B', type: 'Дефект', fields: ['customfield_10500'] }),
    ]);
  });

  test('holds every issue back where the configuration says so', async () => {
    const { open, parked } = connect({ fields_not_on_screen: 'refuse' });

    await expect(open({ fields: { contour: 'Промышленный' } })).rejects.toMatchObject({
      code: 'SCREEN_UNSUITABLE',
      message: expect.stringContaining('does not show customfield_10500'),
    });
    expect(sandbox.issues()).toEqual([]);
    expect(parked).toHaveLength(1);

    sandbox.setScreen('create', ['summary', 'labels', 'description', 'priority', 'customfield_10500']);
    clock.pass({ minutes: 1 });
    await open({ fields: { contour: 'Промышленный' } });
    expect(parked.at(-1)).toEqual({ project: 'OSSTTMB2B', type: 'Дефект' });
  });

  test('and of which JIRA tells only by its refusal is left out by sending the issue once more', async () => {
    const { open } = connect();
    await open();
    sandbox.setScreen('create', ['summary', 'labels', 'description']);
    const mark = sandbox.calls.length;

    const { ref, detail } = await open();

    expect(callsSince(mark).filter((call) => call === 'POST /issue')).toHaveLength(2);
    expect(detail).toEqual({ leftOut: ['components', 'priority'] });
    expect(sandbox.issue(ref.id).values).toMatchObject({ priority: 'Средний', components: [] });
    expect(sandbox.issues()).toHaveLength(2);
  });

  test.each([
    ['a path that a proxy hides', '404 Not Found', '<html>404</html>', 'text/html'],
    ['no permission to see it', '400 Bad Request', '{"errorMessages":["Нельзя"],"errors":{}}', 'application/json'],
    ['something else', '200 OK', '[1]', 'application/json'],
  ])('is sent as it is where JIRA answers with %s instead of the screen', async (_, status, body, type) => {
    const sent: string[] = [];
    const url = await listen((request, socket) => {
      const isScreen = request.includes('/createmeta/');
      sent.push(...(request.startsWith('POST') ? [request] : []));
      socket.write(isScreen ? answer(body, status, type) : answer(request.startsWith('POST') ? created : '[]'));
    });
    const { desk } = connectTo(url, { fields, dialect: 'datacenter' });
    desks.push(desk);

    await desk.open(draft, 'open:issue', origin, signal);

    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain('"issuetype":{"name":"Дефект"}');
    expect(sent[0]).toContain('"components":[{"name":"БД"}]');
  });
});

describe('fields that may be set later', () => {
  const terms = { fields: { ...fields, due_date: 'duedate' }, fields_not_on_screen: 'refuse' };

  test('go along where the screen shows them, and are no loss where it does not or JIRA refuses them', async () => {
    const { open, lines, parked } = connect(terms);
    const extras = { due_date: '2026-11-30', unknown: 'x' };

    sandbox.setScreen('create', ['summary', 'labels', 'description', 'priority', 'components']);
    const without = await open({ extras });
    sandbox.setScreen('create', ['summary', 'labels', 'description', 'priority', 'components', 'duedate']);
    clock.pass({ minutes: 11 });
    const along = await open({ extras });
    sandbox.setScreen('create', ['summary', 'labels', 'description', 'priority', 'components']);
    const refused = await open({ extras });

    const due = [without, along, refused].map(({ ref }) => sandbox.issue(ref.id).values.duedate);
    expect(due).toEqual([null, '2026-11-30', null]);
    expect([without, along, refused].map(({ detail }) => detail)).toEqual([undefined, undefined, undefined]);
    expect([lines, parked]).toEqual([[], []]);
  });
});

describe('a field that JIRA demands and nobody fills', () => {
  test('parks the mapping before anything is sent: one alarm, whatever the number of tickets', async () => {
    const { open, lines, parked } = connect();
    await open();
    sandbox.setScreen('create', ['summary', 'labels', 'description', 'priority', 'components', 'customfield_10500']);
    sandbox.requireField('customfield_10500');
    clock.pass({ minutes: 10 });
    const mark = sandbox.calls.length;

    for (let ticket = 0; ticket < 1_000; ticket += 1) {
      await expect(open()).rejects.toMatchObject({
        code: 'SCREEN_UNSUITABLE',
        disposition: 'parked',
        message:
          'the screen on which JIRA creates «Дефект» in OSSTTMB2B demands what the mapping does not fill: customfield_10500 «Контур»',
        details: { project: 'OSSTTMB2B', type: 'Дефект', fields: ['customfield_10500 «Контур»'] },
      });
    }

    expect(callsSince(mark).filter((call) => call.startsWith('POST'))).toEqual([]);
    expect(callsSince(mark).filter((call) => call.includes('createmeta'))).toHaveLength(2);
    expect(lines.map(({ level, msg }) => `${level}: ${msg}`)).toEqual(['error: mapping is parked; its tickets wait']);
    expect(parked).toEqual([{ project: 'OSSTTMB2B', type: 'Дефект', reason: expect.stringContaining('Контур') }]);
  });

  test('is looked for again after a minute, and one line tells that the mapping is free', async () => {
    const { open, lines, parked } = connect();
    sandbox.setScreen('create', ['summary', 'labels', 'description', 'priority', 'components', 'customfield_10500']);
    sandbox.requireField('customfield_10500');
    await expect(open()).rejects.toMatchObject({ code: 'SCREEN_UNSUITABLE' });
    sandbox.relaxField('customfield_10500');
    await expect(open()).rejects.toMatchObject({ code: 'SCREEN_UNSUITABLE' });
    clock.pass({ seconds: 61 });

    await open();

    expect(lines.map(({ msg }) => msg)).toEqual(['mapping is parked; its tickets wait', 'mapping is free again']);
    expect(parked.at(-1)).toEqual({ project: 'OSSTTMB2B', type: 'Дефект' });
  });

  test('holds nobody back whose ticket fills it, and stays an alarm for those whose does not', async () => {
    const { open, parked } = connect();
    sandbox.setScreen('create', ['summary', 'labels', 'description', 'priority', 'components', 'customfield_10500']);
    sandbox.requireField('customfield_10500');
    await expect(open()).rejects.toMatchObject({ code: 'SCREEN_UNSUITABLE' });

    const { ref } = await open({ fields: { contour: 'Промышленный' } });

    expect(sandbox.issue(ref.id).values.customfield_10500).toBe('Промышленный');
    expect(parked).toHaveLength(1);
  });

  test('and of which JIRA tells only by its refusal is tried once a minute', async () => {
    const { open, lines } = connect();
    sandbox.requireField('customfield_10500');
    await expect(open()).rejects.toMatchObject({
      code: 'SCREEN_UNSUITABLE',
      message: expect.stringContaining('customfield_10500 «Контур»'),
    });
    const mark = sandbox.calls.length;
    for (let ticket = 0; ticket < 20; ticket += 1) {
      await expect(open()).rejects.toMatchObject({ code: 'SCREEN_UNSUITABLE' });
    }
    expect(callsSince(mark)).toEqual(expect.not.arrayContaining(['POST /issue']));

    clock.pass({ seconds: 61 });
    await expect(open()).rejects.toMatchObject({ code: 'SCREEN_UNSUITABLE' });
    await expect(open()).rejects.toMatchObject({ code: 'SCREEN_UNSUITABLE' });
    expect(callsSince(mark).filter((call) => call === 'POST /issue')).toHaveLength(1);

    sandbox.relaxField('customfield_10500');
    clock.pass({ seconds: 61 });
    await open();
    expect(lines.map(({ msg }) => msg)).toEqual(['mapping is parked; its tickets wait', 'mapping is free again']);
  });
});

describe('the marker', () => {
  const action = (ref: Ref = origin) =>
    ({ do: 'open', key: 'open:issue', system: 'jira', role: 'issue', draft, origin: ref }) as const;

  test('is never left out: without labels on the screen nothing is opened, and the ways out are named', async () => {
    const { open } = connect();
    sandbox.setScreen('create', ['summary', 'description', 'priority']);

    await expect(open()).rejects.toMatchObject({
      code: 'SCREEN_UNSUITABLE',
      message: expect.stringMatching(/does not show labels.*jira\.marker\.find_by \(label, field, summary\)/),
    });
    expect(sandbox.issues()).toEqual([]);
  });

  test.each([
    ['field', { find_by: 'field', field: 'customfield_10600' }, ['summary', 'description', 'customfield_10600']],
    ['summary', { find_by: 'summary' }, ['summary', 'description']],
  ])('can be a %s, by which the issue is found and none that only looks alike', async (_, marker, screen) => {
    const { desk } = connect({ marker });
    sandbox.setScreen('create', screen);
    const foreign = sandbox.createIssue({ summary: '[OTRS 2026112310000015] Чужая' });
    sandbox.setScreen('edit', ['customfield_10600']);
    sandbox.setFields(foreign.key, { customfield_10600: 'otrs-2026112310000015' });
    expect(await desk.find(action(), signal)).toMatchObject({ outcome: 'unclear' });

    const { ref } = await desk.open(draft, 'open:issue', origin, signal);

    expect(await desk.find(action(), signal)).toEqual({ outcome: 'present', ref });
    expect(await desk.find(action({ ...origin, id: '9', key: '2026112310000016' }), signal)).toMatchObject({
      outcome: 'unclear',
    });
    const { summary, customfield_10600: field } = sandbox.issue(ref.id).values;
    expect([summary, field]).toEqual(
      marker.find_by === 'field'
        ? ['Не проходит заявка', 'otrs-2026112310000015']
        : ['[OTRS 2026112310000015] Не проходит заявка', null],
    );
  });

  test('in the summary survives the longest title', async () => {
    const { desk } = connect({ marker: { find_by: 'summary' } });

    const { ref } = await desk.open({ ...draft, title: 'я'.repeat(400) }, 'open:issue', origin, signal);

    expect(sandbox.issue(ref.id).values.summary).toMatch(/^\[OTRS 2026112310000015\] я+$/);
    expect(sandbox.issue(ref.id).values.summary).toHaveLength(254);
  });
});

describe('what a desk tells of an issue that it has opened', () => {
  test('is what a read shows, as soon as one like it has been read', async () => {
    const { desk, open } = connect();
    const first = await open();
    expect(first.snapshot).toBeUndefined();
    await desk.read(first.ref, signal);

    const second = await open({ title: 'Другая\nтема', text: 'Текст {code} *с разметкой*', priority: 'Низкий' });
    const { createdAt, changedAt, ...read } = await desk.read(second.ref, signal);

    expect(second.snapshot).toEqual({ ...read, createdAt: expect.anything(), changedAt: expect.anything() });
    expect(second.snapshot?.createdAt.toMillis()).toBe(clock.now().startOf('second').toMillis());
    expect([createdAt.isValid, changedAt.isValid]).toEqual([true, true]);
  });

  test('is nothing for an issue of another kind, nor where JIRA or people change new issues at once', async () => {
    const { desk, open } = connect();
    const first = await open();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    sandbox.setFields(first.ref.id, { assignee: { name: 'developer.3l' } });
    await desk.read(first.ref, signal);
    const second = await open();
    expect(second.snapshot).toBeUndefined();

    await desk.read(second.ref, signal);
    expect((await open({ type: 'Запрос на изменение' })).snapshot).toBeUndefined();
    const { priority: _, ...withoutPriority } = draft;
    expect((await desk.open(withoutPriority, 'open:issue', origin, signal)).snapshot).toBeUndefined();
    expect((await open()).snapshot).toMatchObject({ state: 'Открыто', phase: 'new' });
  });

  test('is not believed for ever, since a workflow may get another first status', async () => {
    const { desk, open } = connect();
    await desk.read((await open()).ref, signal);
    expect((await open()).snapshot).toBeDefined();

    clock.pass({ hours: 2 });

    expect((await open()).snapshot).toBeUndefined();
  });
});

describe('calls', () => {
  test('for a new issue are one for the issue once names and screen are known', async () => {
    const { open } = connect();
    await open();
    const mark = sandbox.calls.length;

    await Promise.all([open(), open(), open()]);

    expect(callsSince(mark)).toEqual(['POST /issue', 'POST /issue', 'POST /issue']);
  });

  test('for names and screen are shared by all who ask for them at once', async () => {
    const { open } = connect();

    await Promise.all(Array.from({ length: 10 }, () => open()));

    const calls = callsSince(0);
    expect(calls.filter((call) => call.includes('createmeta'))).toHaveLength(2);
    expect(calls.filter((call) => call.includes('priority'))).toHaveLength(3);
  });
});
