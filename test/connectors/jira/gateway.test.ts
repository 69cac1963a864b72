import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { z } from 'zod';
import type { Call, Effect } from '../../../connectors/jira/http/call.ts';
import { createGateway, type Gateway } from '../../../connectors/jira/http/gateway.ts';
import { jiraOptions } from '../../../connectors/jira/options.ts';
import { answer, rawServers } from './raw-server.ts';

const { stops, listen } = rawServers();

function gatewayTo(base_url: string, rest: Readonly<Record<string, unknown>> = {}): Gateway {
  const options = jiraOptions.parse({ base_url, token: 't0ken', account: 'svc_bridge', projects: ['OSS'], ...rest });
  const gateway = createGateway(options, () => DateTime.now(), pino({ level: 'silent' }));
  stops.push(gateway.close);
  return gateway;
}

function call(effect: Effect, signal: AbortSignal = new AbortController().signal): Call<unknown> {
  const isRead = effect === 'none';
  const body = isRead ? {} : { body: { body: 'Привет' } };
  return { method: isRead ? 'GET' : 'POST', path: '/issue', effect, shape: z.unknown(), signal, ...body };
}

const effects = [
  ['none', 'SYSTEM_UNREACHABLE', 'outage'],
  ['repeatable', 'SYSTEM_UNREACHABLE', 'outage'],
  ['once', 'OUTCOME_UNKNOWN', 'in-doubt'],
] as const;

describe('a call to JIRA', () => {
  test('goes below the context path, with the token, and brings the answer', async () => {
    let seen = '';
    const url = await listen((request, socket) => {
      seen = request;
      socket.write(answer('{"id":"1"}'));
    });

    await expect(gatewayTo(`${url}/`).send(call('once'))).resolves.toEqual({ id: '1' });
    expect(seen).toMatch(/^POST \/jira\/rest\/api\/2\/issue HTTP\/1.1\r\n/);
    expect(seen).toMatch(/authorization: bearer t0ken\r\n/i);
    expect(seen).toMatch(/\r\n\r\n{"body":"Привет"}$/);
  });

  test('goes with user name and password where there is no token', async () => {
    let seen = '';
    const url = await listen((request, socket) => {
      seen = request;
      socket.write(answer('{}'));
    });

    await gatewayTo(url, { token: undefined, login: 'мост', password: 'пароль' }).send(call('none'));

    const encoded = /authorization: basic (\S+)/i.exec(seen)?.[1] ?? '';
    expect(Buffer.from(encoded, 'base64').toString('utf8')).toBe('мост:пароль');
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

  test.each(effects)('that is never answered (%s) is %s', async (effect, code, disposition) => {
    const url = await listen(() => {});

    await expect(gatewayTo(url, { timeout_seconds: 0.2 }).send(call(effect))).rejects.toMatchObject({
      code,
      disposition,
      message: expect.stringContaining('in time'),
    });
  });

  test('whose answer drips without end runs out of time as a whole', async () => {
    const url = await listen((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n');
      const drip = setInterval(() => socket.write('1'), 20);
      stops.push(() => clearInterval(drip));
    });

    await expect(gatewayTo(url, { timeout_seconds: 0.3 }).send(call('once'))).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    });
  });

  test('that finds nobody listening was not sent, not even a create', async () => {
    const gateway = gatewayTo('http://127.0.0.1:1');

    await expect(gateway.send(call('once'))).rejects.toMatchObject({
      code: 'SYSTEM_UNREACHABLE',
      disposition: 'outage',
    });
  });

  test('has its whole time from its turn on, however long the calls before it took', async () => {
    const seen: string[] = [];
    const url = await listen((request) => seen.push(request));
    const gateway = gatewayTo(url, { timeout_seconds: 0.3, concurrency: 1 });

    const results = await Promise.allSettled([gateway.send(call('once')), gateway.send(call('once'))]);

    expect(results).toMatchObject([{ reason: { code: 'OUTCOME_UNKNOWN' } }, { reason: { code: 'OUTCOME_UNKNOWN' } }]);
    expect(seen).toHaveLength(2);
  });

  test('that is given up while it waits for its turn was not sent', async () => {
    const giveUp = new AbortController();
    const seen: string[] = [];
    const url = await listen((request) => {
      seen.push(request);
      giveUp.abort();
    });
    const gateway = gatewayTo(url, { timeout_seconds: 0.3, concurrency: 1 });

    const [, waiting] = await Promise.allSettled([
      gateway.send(call('once')),
      gateway.send(call('once', giveUp.signal)),
    ]);

    expect(waiting).toMatchObject({ reason: { code: 'SYSTEM_UNREACHABLE' } });
    expect(seen).toHaveLength(1);
  });

  test('that is given up after it was sent is in doubt', async () => {
    const giveUp = new AbortController();
    const url = await listen(() => giveUp.abort());

    await expect(gatewayTo(url).send(call('once', giveUp.signal))).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringContaining('gave the call up'),
    });
  });

  test('follows no redirect', async () => {
    const requests: string[] = [];
    const url = await listen((request, socket) => {
      requests.push(request);
      socket.write('HTTP/1.1 302 Found\r\nlocation: /jira/login.jsp?os_destination=x\r\ncontent-length: 0\r\n\r\n');
    });

    await expect(gatewayTo(url).send(call('none'))).rejects.toMatchObject({
      code: 'ANSWER_UNREADABLE',
      message: expect.stringContaining('/jira/login.jsp;'),
    });
    expect(requests).toHaveLength(1);
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

  test('leaves neither token nor password in an error', async () => {
    const url = await listen((_, socket) => socket.resetAndDestroy());

    const error: unknown = await gatewayTo(url)
      .send(call('once'))
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Error);
    expect(describeWhole(error)).not.toContain('t0ken');
  });

  test('cannot be made with a certificate file that is not there', () => {
    expect(() => gatewayTo('https://jira.test', { ca_file: '/no/such/ca.pem' })).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION_INVALID', message: expect.stringContaining('/no/such/ca.pem') }),
    );
  });
});

/** Everything that a logger could print of an error. */
function describeWhole(error: unknown): string {
  const seen = new Set<unknown>();
  const visit = (value: unknown): string => {
    if (typeof value !== 'object' || value === null || seen.has(value)) {
      return String(value);
    }
    seen.add(value);
    return Reflect.ownKeys(value)
      .map((key) => `${String(key)}=${visit(Reflect.get(value, key))}`)
      .join('\n');
  };
  return visit(error);
}
