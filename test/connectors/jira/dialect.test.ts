import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { cloud } from '../../../connectors/jira/cloud/dialect.ts';
import { dataCenter } from '../../../connectors/jira/datacenter/dialect.ts';
import type { Dialect } from '../../../connectors/jira/dialect.ts';
import { createGateway } from '../../../connectors/jira/http/gateway.ts';
import { jiraOptions } from '../../../connectors/jira/options.ts';
import { expectedNames } from '../../support/expected-names.ts';
import { connectTo, signal } from './connected.ts';
import { answer, rawServers } from './raw-server.ts';

const { stops, listen } = rawServers();

const dataCenterInfo = { version: '9.12.2', deploymentType: 'Server' };
const cloudInfo = { version: '1001.0.0-SNAPSHOT', deploymentType: 'Cloud' };
const cloudLogin = { email: 'bridge@example.test', token: 'api-t0ken' };

function gatewayTo(base_url: string, rest: Readonly<Record<string, unknown>> = {}) {
  const options = jiraOptions.parse({ base_url, token: 't0ken', account: 'svc_bridge', projects: ['OSS'], ...rest });
  const gateway = createGateway(options, () => DateTime.now(), pino({ level: 'silent' }));
  stops.push(gateway.close);
  return gateway;
}

/** A JIRA that tells what it is, and counts how often it is asked. */
async function tell(info: unknown) {
  const asked: string[] = [];
  const url = await listen((request, socket) => {
    asked.push(request.split(' ')[1] ?? '');
    socket.write(answer(JSON.stringify(info)));
  });
  return { url, asked };
}

describe('the dialect of JIRA', () => {
  test.each([
    ['Data Center', dataCenterInfo, {}, 'datacenter'],
    ['a server that does not say what it is', { version: '8.20.1' }, {}, 'datacenter'],
    ['Cloud', cloudInfo, cloudLogin, 'cloud'],
  ])('%s is recognised by what it says of itself, and asked once', async (_, info, login, name) => {
    const { url, asked } = await tell(info);
    const gateway = gatewayTo(url, login);

    expect(asked).toEqual([]);
    expect(await gateway.dialect(signal)).toMatchObject({ name });
    expect(await gateway.dialect(signal)).toMatchObject({ name });
    expect(asked).toEqual(['/jira/rest/api/2/serverInfo']);
  });

  test.each([
    ['datacenter', {}],
    ['cloud', cloudLogin],
  ])('that is configured (%s) is not asked for', async (dialect, login) => {
    const gateway = gatewayTo('http://127.0.0.1:1', { dialect, ...login });

    expect(await gateway.dialect(signal)).toMatchObject({ name: dialect });
  });

  test('is asked for again after a failure', async () => {
    let isUp = false;
    const url = await listen((_, socket) => {
      socket.write(isUp ? answer(JSON.stringify(dataCenterInfo)) : answer('', '503 Service Unavailable'));
    });
    const gateway = gatewayTo(url);

    await expect(gateway.dialect(signal)).rejects.toMatchObject({ code: 'SYSTEM_FAILING', disposition: 'outage' });
    isUp = true;
    expect(await gateway.dialect(signal)).toMatchObject({ name: 'datacenter' });
  });

  test.each([
    ['a login of Data Center at JIRA Cloud', cloudInfo, {}, 'give jira.email'],
    ['a login of Cloud at JIRA Data Center', dataCenterInfo, cloudLogin, 'take jira.email out'],
  ])('%s is told as a fault of the configuration while tickets wait', async (_, info, login, message) => {
    const { url } = await tell(info);

    await expect(gatewayTo(url, login).dialect(signal)).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      disposition: 'outage',
      message: expect.stringContaining(message),
    });
  });

  test('nothing is written while it is not known', async () => {
    const seen: string[] = [];
    const url = await listen((request, socket) => {
      seen.push(request.split(' ')[0] ?? '');
      socket.write(answer('', '503 Service Unavailable'));
    });
    const { desk } = connectTo(url);
    stops.push(desk.close);

    const comment = { text: 'x', subject: 'x', visibility: 'public' } as const;
    await expect(desk.comment({ system: 'jira', id: '1' }, comment, 'comment:otrs:1', signal)).rejects.toMatchObject({
      code: 'SYSTEM_FAILING',
    });
    expect(seen).toEqual(['GET']);
  });
});

describe('the check of JIRA', () => {
  test.each([
    ['an old server', { version: '8.13.4', deploymentType: 'Server' }, {}, 'JIRA Data Center 8.13.4 is not supported'],
    ['a very old server', { version: '7.13.0' }, {}, 'JIRA Data Center 7.13.0 is not supported'],
    [
      'Cloud where Data Center is configured',
      cloudInfo,
      { dialect: 'datacenter' },
      'jira.dialect says datacenter, but this is JIRA Cloud 1001.0.0-SNAPSHOT',
    ],
    [
      'Data Center where Cloud is configured',
      dataCenterInfo,
      { dialect: 'cloud', ...cloudLogin },
      'jira.dialect says cloud, but this is JIRA Data Center 9.12.2',
    ],
    ['Cloud with a login of Data Center', cloudInfo, {}, 'give jira.email'],
    ['Data Center with a login of Cloud', dataCenterInfo, cloudLogin, 'take jira.email out'],
  ])('%s is one error, and nothing else is asked', async (_, info, options, message) => {
    const { url, asked } = await tell(info);
    const { desk } = connectTo(url, options);
    stops.push(desk.close);

    expect(await desk.check(expectedNames(), signal)).toEqual([
      { level: 'error', subject: 'jira: server', message: expect.stringContaining(message) },
    ]);
    expect(asked).toHaveLength(1);
  });

  test.each(['8.14.0', '8.20.30', '9.0.0', '10.3.24', '11.0.1'])('version %s is supported', async (version) => {
    const { url } = await tell({ version, deploymentType: 'Server' });
    const { desk } = connectTo(url);
    stops.push(desk.close);

    expect(await desk.check(expectedNames(), signal)).toContainEqual({
      level: 'ok',
      subject: 'jira: server',
      message: `JIRA Data Center ${version}`,
    });
  });
});

describe('a refused password', () => {
  test('comes with the hint that JIRA 11 takes none', async () => {
    const url = await listen((_, socket) => socket.write(answer('{}', '401 Unauthorized')));
    const gateway = gatewayTo(url, { token: undefined, login: 'svc_bridge', password: 'p' });

    await expect(gateway.dialect(signal)).rejects.toMatchObject({
      code: 'LOGIN_REFUSED',
      message: expect.stringContaining('JIRA 11 takes no passwords'),
    });
  });

  test('comes without it where a CAPTCHA is the reason, or where it is a token', async () => {
    const header = 'x-authentication-denied-reason: CAPTCHA_CHALLENGE; login-url=x\r\n';
    const captcha = await listen((_, socket) =>
      socket.write(answer('{}', '401 Unauthorized', 'application/json', header)),
    );
    const token = await listen((_, socket) => socket.write(answer('{}', '401 Unauthorized')));
    const password = { token: undefined, login: 'svc_bridge', password: 'p' };

    for (const gateway of [gatewayTo(captcha, password), gatewayTo(token)]) {
      await expect(gateway.dialect(signal)).rejects.toMatchObject({
        code: 'LOGIN_REFUSED',
        message: expect.not.stringContaining('JIRA 11'),
      });
    }
  });
});

describe('a refused token', () => {
  test.each([
    ['Cloud', {}, 'JIRA Cloud wants jira.email beside its API token'],
    ['Data Center', { email: 'bridge@example.test' }, 'Data Center wants its personal access token without jira.email'],
  ])('comes with what %s would want, for JIRA does not say which of the two it is', async (_, login, hint) => {
    const url = await listen((_request, socket) => socket.write(answer('{}', '401 Unauthorized')));

    await expect(gatewayTo(url, login).dialect(signal)).rejects.toMatchObject({
      code: 'LOGIN_REFUSED',
      message: expect.stringContaining(hint),
    });
  });
});

describe('a search', () => {
  const issue = (id: string) => ({ id, key: `OSS-${id}`, fields: { updated: '2026-11-23T10:00:00.000+0300' } });
  const read = (dialect: Dialect, page: unknown) => dialect.search({ jql: 'x', size: 4 }).shape.parse(page);

  test('goes on by position in Data Center, and its pages overlap by a quarter', () => {
    const query = { jql: 'project = "OSS"', size: 4 };

    expect(dataCenter.search(query)).toMatchObject({
      method: 'POST',
      path: '/search',
      body: { jql: 'project = "OSS"', startAt: 0, maxResults: 4, fields: ['updated'] },
    });
    expect(dataCenter.search({ ...query, from: '3' }).body).toMatchObject({ startAt: 3 });
    const issues = ['1', '2', '3', '4'].map(issue);
    expect(read(dataCenter, { startAt: 3, total: 10, issues })).toMatchObject({ next: '6' });
    expect(read(dataCenter, { startAt: 6, total: 10, issues }).next).toBeUndefined();
    expect(read(dataCenter, { startAt: 6, total: 10, issues: [] }).next).toBeUndefined();
  });

  test('goes on by a token in Cloud, also over an empty page', () => {
    const query = { jql: 'project = "OSS"', size: 4 };

    expect(cloud.search(query)).toMatchObject({
      method: 'POST',
      path: '/search/jql',
      body: { jql: 'project = "OSS"', maxResults: 4, fields: ['updated'] },
    });
    expect(cloud.search(query).body).not.toHaveProperty('nextPageToken');
    expect(cloud.search({ ...query, from: 'abc' }).body).toMatchObject({ nextPageToken: 'abc' });
    expect(read(cloud, { issues: [], nextPageToken: 'abc' })).toEqual({ issues: [], next: 'abc' });
    expect(read(cloud, { issues: [issue('1')], isLast: true }).next).toBeUndefined();
    expect(read(cloud, { issues: [issue('1')] }).next).toBeUndefined();
  });
});

describe('a user', () => {
  test.each([
    [dataCenter, { name: 'svc', key: 'JIRAUSER1', displayName: 'x' }, 'svc'],
    [dataCenter, { key: 'JIRAUSER1' }, 'JIRAUSER1'],
    [cloud, { accountId: '5b', displayName: 'x' }, '5b'],
    [cloud, { displayName: 'x' }, undefined],
  ])('is recognised in $title', (dialect, user, id) => {
    expect(dialect.readUser(user)).toBe(id);
  });

  test('is named as each dialect demands', () => {
    expect(dataCenter.writeUser('svc')).toEqual({ name: 'svc' });
    expect(cloud.writeUser('5b')).toEqual({ accountId: '5b' });
  });
});
