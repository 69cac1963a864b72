import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { z } from 'zod';
import type { Call, Effect } from '../../../../connectors/jira/http/call.ts';
import { createGateway, type Gateway } from '../../../../connectors/jira/http/gateway.ts';
import { jiraOptions } from '../../../../connectors/jira/options.ts';
import { answer, rawServers } from '../raw-server.ts';

const { stops, listen } = rawServers();

function gatewayTo(base_url: string, rest: Readonly<Record<string, unknown>> = {}): Gateway {
  const options = jiraOptions.parse({
    base_url,
    email: 'bridge@example.test',
    token: 'api-t0ken',
    account: '5b10a2844c20165700ede21g',
    projects: ['OSS'],
    ...rest,
  });
  const gateway = createGateway(options, () => DateTime.fromISO('2026-11-23T10:00:00Z'), pino({ level: 'silent' }));
  stops.push(gateway.close);
  return gateway;
}

function call(effect: Effect, change: Partial<Call<unknown>> = {}): Call<unknown> {
  const isRead = effect === 'none';
  return {
    method: isRead ? 'GET' : 'POST',
    path: '/issue',
    effect,
    shape: z.unknown(),
    signal: new AbortController().signal,
    ...(isRead ? {} : { body: { body: 'Привет' } }),
    ...change,
  };
}

const page = '<html><body>Log in</body></html>';

const effects = [
  ['none', 'SYSTEM_UNREACHABLE', 'outage'],
  ['repeatable', 'SYSTEM_UNREACHABLE', 'outage'],
  ['once', 'OUTCOME_UNKNOWN', 'in-doubt'],
] as const;

describe('a call to JIRA Cloud', () => {
  test('goes to REST version 3 with e-mail address and token, and brings the answer', async () => {
    let seen = '';
    const url = await listen((request, socket) => {
      seen = request;
      socket.write(answer('{"id":"1"}', '201 Created'));
    });

    const query = { expand: 'properties', startAt: 0, jql: 'a = "б" & c' };
    await expect(gatewayTo(url).send(call('once', { query }))).resolves.toEqual({ id: '1' });

    const [line = ''] = seen.split('\r\n');
    const target = new URL(line.split(' ')[1] ?? '', url);
    expect(line).toMatch(/^POST \/jira\/rest\/api\/3\/issue\?/);
    expect(Object.fromEntries(target.searchParams)).toEqual({
      expand: 'properties',
      startAt: '0',
      jql: 'a = "б" & c',
    });
    expect(seen).toMatch(/content-type: application\/json/i);
    expect(seen).toMatch(/\r\n\r\n{"body":"Привет"}$/);
    const encoded = /authorization: basic (\S+)/i.exec(seen)?.[1] ?? '';
    expect(Buffer.from(encoded, 'base64').toString('utf8')).toBe('bridge@example.test:api-t0ken');
  });

  test('may be answered with nothing where nothing is expected', async () => {
    const url = await listen((_, socket) => {
      socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    });

    await expect(gatewayTo(url).send(call('repeatable', { method: 'PUT' }))).resolves.toBeUndefined();
  });

  test.each(effects)('that is reset before the answer (%s) is %s', async (effect, code, disposition) => {
    const url = await listen((_, socket) => socket.resetAndDestroy());

    await expect(gatewayTo(url).send(call(effect))).rejects.toMatchObject({ code, disposition });
  });

  test.each(effects)('whose answer breaks off (%s) is %s', async (effect, code, disposition) => {
    const url = await listen((_, socket) => {
      socket.end('HTTP/1.1 201 Created\r\ncontent-length: 1000\r\n\r\n{"id":');
    });

    await expect(gatewayTo(url).send(call(effect))).rejects.toMatchObject({ code, disposition });
  });

  test.each(effects)(
    'that is never answered (%s) is %s, and its connection is closed',
    async (effect, code, disposition) => {
      let closed: Promise<unknown> = Promise.resolve();
      const url = await listen((_, socket) => {
        closed = new Promise((resolve) => socket.once('close', resolve));
      });

      await expect(gatewayTo(url, { timeout_seconds: 0.2 }).send(call(effect))).rejects.toMatchObject({
        code,
        disposition,
        message: expect.stringContaining('in time'),
      });
      await closed;
    },
  );

  test('that finds nobody listening was not sent, not even a create', async () => {
    await expect(gatewayTo('http://127.0.0.1:1').send(call('once'))).rejects.toMatchObject({
      code: 'SYSTEM_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('that is given up after it was sent is in doubt', async () => {
    const giveUp = new AbortController();
    const url = await listen(() => giveUp.abort());

    await expect(gatewayTo(url).send(call('once', { signal: giveUp.signal }))).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringContaining('gave the call up'),
    });
  });

  test.each([
    ['302 Found', 'once'],
    ['307 Temporary Redirect', 'once'],
    ['308 Permanent Redirect', 'none'],
  ] as const)('that is redirected (%s, %s) is an outage, and the redirect is not followed', async (status, effect) => {
    const requests: string[] = [];
    const url = await listen((request, socket) => {
      requests.push(request);
      socket.write(`HTTP/1.1 ${status}\r\nlocation: /login?from=x\r\ncontent-length: 0\r\n\r\n`);
    });

    await expect(gatewayTo(url).send(call(effect))).rejects.toMatchObject({
      code: 'ANSWER_UNREADABLE',
      disposition: 'outage',
      message: expect.stringContaining('/login;'),
    });
    expect(requests).toHaveLength(1);
  });

  test.each([
    ['none', 'outage'],
    ['repeatable', 'outage'],
    ['once', 'in-doubt'],
  ] as const)('that is answered with a page and status 200 (%s) has not succeeded', async (effect, disposition) => {
    const url = await listen((_, socket) => {
      socket.write(answer(page, '200 OK', 'text/html'));
    });

    await expect(gatewayTo(url).send(call(effect))).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE', disposition });
  });

  test('that is answered with a page which calls itself JSON has not succeeded', async () => {
    const url = await listen((_, socket) => {
      socket.write(answer(page));
    });

    await expect(gatewayTo(url).send(call('repeatable'))).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE' });
  });

  test.each([
    ['401 Unauthorized', 'LOGIN_REFUSED'],
    ['403 Forbidden', 'NOT_PERMITTED'],
    ['404 Not Found', 'RECORD_NOT_READABLE'],
    ['400 Bad Request', 'REFUSED'],
    ['409 Conflict', 'REFUSED'],
    ['413 Content Too Large', 'REFUSED'],
    ['429 Too Many Requests', 'RATE_LIMITED'],
    ['500 Internal Server Error', 'OUTCOME_UNKNOWN'],
    ['502 Bad Gateway', 'OUTCOME_UNKNOWN'],
    ['503 Service Unavailable', 'OUTCOME_UNKNOWN'],
    ['504 Gateway Timeout', 'OUTCOME_UNKNOWN'],
  ])('that is answered with %s is %s and sent once', async (status, code) => {
    const requests: string[] = [];
    const url = await listen((request, socket) => {
      requests.push(request);
      socket.write(answer('{"errorMessages":["нет"],"errors":{"summary":"пусто"}}', status));
    });

    await expect(gatewayTo(url).send(call('once'))).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(1);
  });

  test.each([
    ['7', 7_000],
    ['Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
  ])('that is to be slowed down waits as long as JIRA says: %s', async (wait, retryAfterMs) => {
    const url = await listen((_, socket) => {
      socket.write(answer('', '429 Too Many Requests', 'text/html', `retry-after: ${wait}\r\n`));
    });

    await expect(gatewayTo(url).send(call('once'))).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs });
  });

  test('that was made with a dead token is refused although JIRA shows what everybody may see', async () => {
    const url = await listen((_, socket) => {
      const header = 'x-seraph-loginreason: AUTHENTICATED_FAILED\r\n';
      socket.write(answer('{"issues":[]}', '200 OK', 'application/json', header));
    });

    await expect(gatewayTo(url).send(call('none'))).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
  });

  test('shares one connection with the next one', async () => {
    const ports = new Set<number | undefined>();
    const url = await listen((_, socket) => {
      ports.add(socket.remotePort);
      socket.write(answer('{}'));
    });
    const gateway = gatewayTo(url);

    await gateway.send(call('none'));
    await gateway.send(call('none'));

    expect(ports.size).toBe(1);
  });

  test('does not mix with others, nor with what else fetches in this process', async () => {
    const url = await listen((request, socket) => {
      const path = request.split(' ')[1] ?? '';
      setTimeout(() => socket.write(answer(JSON.stringify({ path }))), Math.random() * 20);
    });
    const gateway = gatewayTo(url, { concurrency: 8 });
    const paths = Array.from({ length: 40 }, (_, index) => `/issue/${index}`);

    const [answers, plain] = await Promise.all([
      Promise.all(paths.map((path) => gateway.send(call('none', { path })))),
      fetch(`${url}/elsewhere`).then((response) => response.json()),
    ]);

    expect(answers).toEqual(paths.map((path) => ({ path: `/jira/rest/api/3${path}` })));
    expect(plain).toEqual({ path: '/jira/elsewhere' });
  });

  test('goes its own way although something else has taken the place of the global fetch', async () => {
    const url = await listen((_, socket) => {
      socket.write(answer('{"id":"1"}'));
    });
    const gateway = gatewayTo(url);
    await gateway.send(call('none'));
    const before = globalThis.fetch;
    stops.push(() => {
      globalThis.fetch = before;
    });
    globalThis.fetch = () => Promise.reject(new Error('fetch of another tool'));

    await expect(gateway.send(call('once'))).resolves.toEqual({ id: '1' });
    await expect(fetch(url)).rejects.toThrow('fetch of another tool');
  });

  test('leaves no token in an error', async () => {
    const url = await listen((_, socket) => socket.resetAndDestroy());

    const error: unknown = await gatewayTo(url)
      .send(call('once'))
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Error);
    const secret = Buffer.from('bridge@example.test:api-t0ken').toString('base64');
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(new RegExp(`api-t0ken|${secret}`));
  });
});
