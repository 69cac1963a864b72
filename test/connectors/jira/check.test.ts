import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import { connectTo, signal } from './connected.ts';

let sandbox: SandboxJira;
beforeEach(async () => {
  sandbox = await startSandboxJira();
});
afterEach(() => sandbox.stop());

async function findings(options: Readonly<Record<string, unknown>> = {}, url = sandbox.url) {
  const { desk } = connectTo(url, options);
  const found = await desk.check(signal);
  await desk.close();
  return found;
}

const errorsOf = (found: Awaited<ReturnType<typeof findings>>) =>
  found.filter(({ level }) => level === 'error').map(({ subject, message }) => `${subject}: ${message}`);

describe('the check of JIRA', () => {
  test('a good installation is shown with version, account, fields and names, and nothing is written', async () => {
    const found = await findings();

    expect(found.every(({ level }) => level === 'ok')).toBe(true);
    expect(found.map(({ subject }) => subject)).toEqual([
      'jira: server',
      'jira: account',
      'jira: field solution',
      'jira: field configuration_item',
      'jira: project OSSTTMB2B',
      'jira: permissions in OSSTTMB2B',
      'jira: priority',
      'jira: status',
      'jira: resolution',
    ]);
    expect(sandbox.calls.every(({ method }) => method === 'GET')).toBe(true);
  });

  test.each([
    ['a wrong token', { token: 'wrong' }, 'account: JIRA refuses the login'],
    ['another account than configured', { account: 'someone' }, 'account: the login belongs to svc_bridge'],
    [
      'a field that is not there',
      { fields: { solution: 'customfield_1' } },
      'field solution: JIRA has no field customfield_1',
    ],
    ['a project that is not there', { projects: ['NOSUCH'] }, 'project NOSUCH: JIRA does not show /project/NOSUCH'],
  ])('%s is an error that says so', async (_, options, message) => {
    expect(errorsOf(await findings(options))).toEqual(
      expect.arrayContaining([expect.stringContaining(`jira: ${message}`)]),
    );
  });

  test('a clock that differs is a warning', async () => {
    const late = await startSandboxJira({ now: () => DateTime.now().minus({ minutes: 10 }) });

    const found = await findings({}, late.url);

    expect(found).toContainEqual(expect.objectContaining({ level: 'warning', subject: 'jira: clock' }));
    await late.stop();
  });

  test('a JIRA that is down gives errors and no exception', async () => {
    await sandbox.down();

    const found = await findings();

    expect(errorsOf(found).length).toBe(found.length);
    expect(errorsOf(found)[0]).toContain('ECONNREFUSED');
  });
});
