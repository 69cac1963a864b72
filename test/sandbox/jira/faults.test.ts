import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { Fault } from '../../../sandbox/jira/faults.ts';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import { restOf } from './rest.ts';

let sandbox: SandboxJira;
let now = DateTime.fromISO('2026-11-23T10:00:00Z');
beforeEach(async () => {
  now = DateTime.fromISO('2026-11-23T10:00:00Z');
  sandbox = await startSandboxJira({ now: () => now });
});
afterEach(() => sandbox.stop());

const send = restOf(() => sandbox);
const fields = { project: { key: 'OSSTTMB2B' }, issuetype: { name: 'Дефект' }, summary: 'Тема' };
const create = () => send('POST', '/issue', { fields });

describe('troubles of the sandbox JIRA', () => {
  const troubles: readonly (readonly [Fault, number, number])[] = [
    [{ kind: 'bad-gateway-after-effect' }, 502, 1],
    [{ kind: 'gateway-timeout-after-effect' }, 504, 1],
    [{ kind: 'server-error-after-effect' }, 500, 1],
    [{ kind: 'login-page-after-effect' }, 200, 1],
    [{ kind: 'server-error' }, 500, 0],
    [{ kind: 'server-error-html' }, 500, 0],
    [{ kind: 'request-timeout' }, 408, 0],
    [{ kind: 'too-large' }, 413, 0],
    [{ kind: 'rate-limited' }, 429, 0],
    [{ kind: 'login-page' }, 200, 0],
    [{ kind: 'redirect-to-login' }, 302, 0],
    [{ kind: 'anonymous' }, 404, 0],
    [{ kind: 'captcha' }, 401, 0],
    [{ kind: 'message-too-long' }, 400, 0],
    [{ kind: 'unavailable' }, 503, 0],
    [{ kind: 'slow', milliseconds: 5 }, 201, 1],
  ];

  test.each(troubles)(
    '%j answers %d and leaves %d issues, and the next call is as always',
    async (fault, status, count) => {
      sandbox.failNext(fault, { method: 'POST', path: /^\/issue$/ });

      expect((await create()).status).toBe(status);
      expect(sandbox.issues()).toHaveLength(count);
      expect(sandbox.calls.at(-1)?.fault).toBe(fault.kind);
      expect((await create()).status).toBe(201);
    },
  );

  test.each([
    ['reset-after-effect', 1],
    ['partial-body-after-effect', 1],
    ['reset-before-effect', 0],
  ] as const)('%s breaks the connection and leaves %d issues', async (kind, count) => {
    sandbox.failNext({ kind });

    await expect(create()).rejects.toThrow();
    expect(sandbox.issues()).toHaveLength(count);
  });

  test('a connection that breaks while a request comes in leaves nothing behind', async () => {
    sandbox.failNext({ kind: 'reset-while-receiving', afterBytes: 10 });
    const { port } = new URL(sandbox.url);
    const outgoing = request({ port, path: '/rest/api/2/issue', method: 'POST' });
    const broken = new Promise((resolve) => outgoing.once('error', resolve));
    outgoing.write('x'.repeat(100));

    expect(await broken).toMatchObject({ code: 'ECONNRESET' });
    expect(sandbox.issues()).toEqual([]);
    expect(sandbox.calls).toEqual([]);
  });

  test('a dead credential reads like a visitor, and only the headers tell', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    sandbox.failNext({ kind: 'anonymous' }, { times: 2 });

    const found = await send('POST', '/search', { jql: 'project = OSSTTMB2B' });
    expect(found).toMatchObject({ status: 200, body: { total: 0 } });
    expect(found.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
    expect((await send('GET', `/issue/${id}`)).status).toBe(404);
  });

  test('a narrow database fails at an emoji and at nothing else', async () => {
    const { id } = sandbox.createIssue({ summary: 'Тема' });
    sandbox.setDatabase('narrow');

    expect((await send('POST', `/issue/${id}/comment`, { body: 'Ура 😀' })).status).toBe(500);
    expect((await send('POST', `/issue/${id}/comment`, { body: 'Ура «»' })).status).toBe(201);
  });
});

describe('troubles by dice', () => {
  const run = async (seed: number) => {
    sandbox.failRandomly({ seed, share: 0.4, kinds: ['bad-gateway-after-effect', 'login-page-after-effect'] });
    const statuses: number[] = [];
    for (let number = 0; number < 30; number += 1) {
      statuses.push((await create()).status);
    }
    sandbox.failRandomly();
    return statuses;
  };

  test('are the same for the same seed, and every issue is there', async () => {
    const first = await run(1);

    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 201, 502]));
    expect(sandbox.issues()).toHaveLength(90);
    expect((await create()).status).toBe(201);
  });
});

describe('the limit of calls', () => {
  test('is told by every answer, refuses when it is used up and fills up again', async () => {
    sandbox.setRateLimit({ limit: 2, fillRate: 1, intervalSeconds: 10 });
    const read = async () => {
      const { status, headers } = await send('GET', '/myself');
      return [status, headers.get('x-ratelimit-remaining'), headers.get('retry-after')];
    };

    expect(await read()).toEqual([200, '1', '0']);
    expect(await read()).toEqual([200, '0', '0']);
    expect(await read()).toEqual([429, '0', '10']);
    now = now.plus({ seconds: 4 });
    expect(await read()).toEqual([429, '0', '6']);
    now = now.plus({ seconds: 6 });
    expect(await read()).toEqual([200, '0', '0']);
    sandbox.setRateLimit();
    expect(await read()).toEqual([200, null, null]);
  });

  test('can name the moment instead of the seconds', async () => {
    sandbox.setRateLimit({ limit: 0, fillRate: 1, intervalSeconds: 30, retryAfter: 'date' });

    const { status, headers } = await send('GET', '/myself');

    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('Mon, 23 Nov 2026 10:00:30 GMT');
  });
});
