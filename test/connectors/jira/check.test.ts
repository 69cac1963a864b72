import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import type { ExpectedNames } from '../../../src/connector.ts';
import { loadNamesInUse } from '../../../src/policy/load.ts';
import { expectedNames } from '../../support/expected-names.ts';
import { connectTo, connectToSandbox, signal } from './connected.ts';

let sandbox: SandboxJira;
beforeEach(async () => {
  sandbox = await startSandboxJira();
});
afterEach(() => sandbox.stop());

async function findings(
  options: Readonly<Record<string, unknown>> = {},
  url = sandbox.url,
  expected: ExpectedNames = expectedNames(),
) {
  const { desk } = connectTo(url, options);
  const found = await desk.check(expected, signal);
  await desk.close();
  return found;
}

const errorsOf = (found: Awaited<ReturnType<typeof findings>>) =>
  found.filter(({ level }) => level === 'error').map(({ subject, message }) => `${subject}: ${message}`);

describe('the check of JIRA', () => {
  test('a good installation is shown with version, account, fields and names, and nothing is written', async () => {
    const found = await findings({}, sandbox.url, await loadNamesInUse('mappings'));

    expect(found.every(({ level }) => level === 'ok')).toBe(true);
    expect(found.map(({ subject }) => subject)).toEqual([
      'jira: server',
      'jira: account',
      'jira: field solution',
      'jira: field configuration_item',
      'jira: field fix_versions',
      'jira: field due_date',
      'jira: field due_at',
      'jira: field ticket_owner',
      'jira: project OSSTTMB2B',
      'jira: permissions in OSSTTMB2B',
      'jira: OSSTTMB2B create screen of Дефект',
      'jira: priority',
      'jira: status',
      'jira: resolution',
      'jira: link type',
      'jira: webhook',
    ]);
    expect(sandbox.calls.every(({ method, path }) => method === 'GET' || path.startsWith('/search'))).toBe(true);
  });

  test('a good JIRA Cloud is shown in the same way, and nothing is written', async () => {
    const cloud = await startSandboxJira({ dialect: 'cloud' });
    const { desk } = connectToSandbox(cloud, 'cloud');

    const found = await desk.check(await loadNamesInUse('mappings'), signal);

    expect(found.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(found).toContainEqual({
      level: 'ok',
      subject: 'jira: account',
      message: expect.stringContaining(cloud.account),
    });
    expect(cloud.calls.every(({ method, path }) => method === 'GET' || path.startsWith('/search'))).toBe(true);
    await desk.close();
    await cloud.stop();
  });

  test.each([
    ['a wrong token', { token: 'wrong' }, 'account: JIRA refuses the login'],
    ['another account than configured', { account: 'someone' }, 'account: the login belongs to svc_bridge'],
    [
      'a field that is not there',
      { fields: { solution: 'customfield_1' } },
      'field solution: JIRA has no field customfield_1',
    ],
    [
      'a project that is not there',
      { projects: ['NOSUCH'] },
      'project NOSUCH: JIRA shows the account no project with this key. Correct jira.projects',
    ],
  ])('%s is one error that says so', async (_, options, message) => {
    expect(errorsOf(await findings(options))).toEqual([expect.stringContaining(`jira: ${message}`)]);
  });

  test('no finding has a double full stop or speaks of letters and replays', async () => {
    for (const options of [{ token: 'wrong' }, { projects: ['NOSUCH'] }]) {
      expect(errorsOf(await findings(options)).join(' ')).not.toMatch(/\.\.|letter|replay/);
    }
  });

  const at = 'mappings/x.yaml:1:2';
  const otherResolutions = ['Не будет исправлено', 'Не воспроизводится', 'Дубликат', 'Консультация'].map((name) => ({
    name,
    at,
  }));

  test.each<[string, Partial<ExpectedNames>, string]>([
    [
      'a priority',
      { issuePriorities: [{ name: 'Критичнй', at }] },
      `error jira: priority Критичнй: ${at}: JIRA has no priority «Критичнй», did you mean «Критичный»? It has «Критичный», «Высокий», «Средний», «Низкий».`,
    ],
    [
      'a priority with a letter of another alphabet',
      { issuePriorities: [{ name: 'Hизкий', at }] },
      `error jira: priority Hизкий: ${at}: JIRA has no priority «Hизкий» (it contains the Latin letter «H»), did you mean «Низкий»? It has «Критичный», «Высокий», «Средний», «Низкий».`,
    ],
    [
      'a status',
      { issueStatuses: [{ name: 'Отложено', at }] },
      `error jira: status Отложено: ${at}: JIRA has no status «Отложено».`,
    ],
    [
      'a resolution',
      { resolutions: [{ name: 'Забыто', at }, { name: 'Исправлено', at }, ...otherResolutions] },
      `error jira: resolution Забыто: ${at}: JIRA has no resolution «Забыто». It has «Исправлено»,`,
    ],
    [
      'a link type',
      { linkTypes: [{ name: 'Кузены', at }] },
      `error jira: link type Кузены: ${at}: JIRA has no link type «Кузены».`,
    ],
    [
      'a component',
      { issueFieldValues: [{ field: 'configuration_item', name: 'Интерфей', at }] },
      `error jira: component Интерфей: ${at}: JIRA has no component «Интерфей», did you mean «Интерфейс»?`,
    ],
    [
      'an issue type',
      { issueTypes: [{ project: 'OSSTTMB2B', name: 'Ошибка', at }] },
      `error jira: OSSTTMB2B issue type Ошибка: ${at}: JIRA has no OSSTTMB2B issue type «Ошибка». It has «Дефект»,`,
    ],
    [
      'a project that is not watched',
      { projects: [{ name: 'ОSSTTMB2B', at }] },
      `error jira: project ОSSTTMB2B: ${at}: issues are opened in «ОSSTTMB2B» (it contains the Cyrillic letter «О»), did you mean «OSSTTMB2B»? jira.projects does not name it`,
    ],
    [
      'a field that is not configured',
      { issueFields: [{ name: 'cause', at }] },
      `warning jira: field cause: ${at}: the rules use «cause» of an issue`,
    ],
  ])('%s that JIRA does not know is told with its place and what is known', async (_, names, message) => {
    const found = await findings({}, sandbox.url, expectedNames(names));

    expect(
      found.filter(({ level }) => level !== 'ok').map((each) => `${each.level} ${each.subject}: ${each.message}`),
    ).toEqual([expect.stringContaining(message)]);
  });

  test('a create screen that demands what the rules do not fill is an error at the line of the type', async () => {
    sandbox.setScreen('create', ['summary', 'description', 'labels', 'priority', 'customfield_10500']);
    sandbox.requireField('customfield_10500');

    expect(errorsOf(await findings({}, sandbox.url, await loadNamesInUse('mappings')))).toEqual([
      expect.stringMatching(
        /create screen of Дефект: mappings\/escalation\.yaml:\d+:\d+: .*customfield_10500 «Контур»/,
      ),
    ]);
  });

  test('a screen of a transition that demands what nobody fills is told, as far as an issue shows it', async () => {
    sandbox.createIssue({ summary: 'Открытая' });
    sandbox.setScreen({ transition: 'Решить' }, ['resolution', 'customfield_10500']);
    sandbox.requireField('customfield_10500', { transition: 'Решить' });

    const found = await findings(
      {},
      sandbox.url,
      expectedNames({ issueStatuses: [{ name: 'Resolved', at: 'mappings/status.yaml:5:3' }] }),
    );

    expect(found.filter(({ level }) => level !== 'ok')).toEqual([
      {
        level: 'warning',
        subject: 'jira: OSSTTMB2B transition screens',
        message: expect.stringMatching(
          /^mappings\/status\.yaml:5:3: «Решить» from «Открыто» to «Решено».*customfield_10500 «Контур»/,
        ),
      },
    ]);
  });

  test.each<[string, Partial<ExpectedNames>]>([
    [
      'a priority',
      {
        issuePriorities: [
          { name: 'средний', at },
          { name: 'Medium', at },
          { name: '3', at },
        ],
      },
    ],
    [
      'a status',
      {
        issueStatuses: [
          { name: ' в РАБОТЕ', at },
          { name: 'In Progress', at },
          { name: '10010', at },
        ],
      },
    ],
    [
      'a link type',
      {
        linkTypes: [
          { name: 'связана', at },
          { name: '10000', at },
        ],
      },
    ],
    ['an issue type', { issueTypes: [{ project: 'OSSTTMB2B', name: 'Bug', at }] }],
    ['a resolution', { resolutions: [{ name: 'исправлено', at }, ...otherResolutions] }],
    ['a component', { issueFieldValues: [{ field: 'configuration_item', name: 'bpm Движок', at }] }],
  ])('%s may be written in small letters, in another language, or as an id', async (_, names) => {
    const found = await findings({}, sandbox.url, expectedNames(names));

    expect(found.filter(({ level }) => level !== 'ok')).toEqual([]);
  });

  test('values of a field that is no component are listed once as not verified', async () => {
    const fields = {
      solution: 'customfield_10200',
      configuration_item: 'customfield_10200',
      due_date: 'duedate',
      due_at: 'customfield_10300',
      fix_versions: 'fixVersions',
      ticket_owner: 'customfield_10700',
    };
    const found = await findings({ fields }, sandbox.url, await loadNamesInUse('mappings'));

    expect(found.filter(({ level }) => level !== 'ok')).toEqual([
      {
        level: 'warning',
        subject: 'jira: field values',
        message: expect.stringContaining('configuration_item «БД»'),
      },
    ]);
  });

  test('the guide asks for the permissions that are checked, and for no other', async () => {
    const guide = readFileSync('connectors/jira/README.md', 'utf8');
    const asked = /\*\*Permissions\*\* in each project: _([^_]+)_/.exec(guide)?.[1]?.split(', ') ?? [];
    const checked = (await findings()).find(({ subject }) => subject === 'jira: permissions in OSSTTMB2B');

    const keys = asked.map((name) => name.toUpperCase().replaceAll(' ', '_'));
    expect(keys.join(', ')).toBe(checked?.message);
  });

  test('a clock that differs is a warning', async () => {
    const late = await startSandboxJira({ now: () => DateTime.now().minus({ minutes: 10 }) });

    const found = await findings({}, late.url);

    expect(found).toContainEqual(expect.objectContaining({ level: 'warning', subject: 'jira: clock' }));
    await late.stop();
  });

  test('a JIRA that is down is one finding, not an exception', async () => {
    await sandbox.down();

    const found = await findings();

    expect(found).toEqual([
      { level: 'error', subject: 'jira: server', message: expect.stringContaining('ECONNREFUSED') },
    ]);
  });
});

describe('the resolutions of JIRA', () => {
  test('one that no row names is shown: it falls to the code for all others', async () => {
    const { resolutions } = await loadNamesInUse('mappings');
    const known = expectedNames({ resolutions: resolutions.filter(({ name }) => name !== 'Дубликат') });

    expect(await findings({}, sandbox.url, known)).toContainEqual({
      level: 'warning',
      subject: 'jira: resolution Дубликат',
      message: expect.stringContaining('no row of the closing codes names «Дубликат»'),
    });
  });
});
