import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { z } from 'zod';
import type { Effect } from '../../../connectors/jira/http/call.ts';
import { createGateway } from '../../../connectors/jira/http/gateway.ts';
import { jiraOptions } from '../../../connectors/jira/options.ts';

const stops: (() => unknown)[] = [];
const environment = { ...process.env };

beforeEach(() => {
  process.env.NO_PROXY = '*';
  process.env.HTTPS_PROXY = 'http://127.0.0.1:1';
});

afterEach(async () => {
  process.env = { ...environment };
  for (const stop of stops.splice(0).toReversed()) {
    await stop();
  }
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.close();
    for (const socket of sockets) {
      socket.destroy();
    }
  });
  return (server.address() as AddressInfo).port;
}

/** JIRA behind TLS, or in the clear, which notes what it was asked. */
async function startJira(protocol: 'http' | 'https', behave: (socket: Socket) => boolean = () => true) {
  const seen: { url: string; authorization: string }[] = [];
  const read = (file: string) => readFileSync(`test/support/tls/${file}.pem`);
  const listener = (request: IncomingMessage, response: import('node:http').ServerResponse) => {
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '' });
    request.resume();
    if (behave(request.socket)) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"1"}');
    }
  };
  const server =
    protocol === 'https'
      ? createHttpsServer({ key: read('key'), cert: read('certificate') }, listener)
      : createHttpServer(listener);
  return { seen, url: `${protocol}://localhost:${await listen(server)}` };
}

/** A proxy that tunnels and forwards, or refuses with a status; it notes what it could read. */
async function startProxy(status = 200) {
  const seen: { line: string; login: string | undefined }[] = [];
  const note = ({ method, url, headers }: IncomingMessage) =>
    seen.push({ line: `${method} ${url}`, login: headers['proxy-authorization'] });
  const server = createHttpServer((request, response) => {
    note(request);
    const forwarded = httpRequest(request.url ?? '', { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(forwarded);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    note(request);
    socket.on('error', () => {});
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const [, port] = (request.url ?? '').split(':');
    const tunnel = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on('error', () => socket.destroy());
    tunnel.on('close', () => socket.destroy());
  });
  return { seen, port: await listen(server) };
}

function send(base_url: string, proxy: string, effect: Effect = 'none', rest: Readonly<Record<string, unknown>> = {}) {
  const ca_file = 'test/support/tls/certificate.pem';
  const account = { token: 't0ken', account: 'svc_bridge', projects: ['OSS'] };
  const options = jiraOptions.parse({ base_url, proxy, ca_file, ...account, ...rest });
  const gateway = createGateway(options, () => DateTime.now(), pino({ level: 'silent' }));
  stops.push(gateway.close);
  const call = { path: '/issue', effect, shape: z.object({ id: z.string() }), signal: new AbortController().signal };
  return effect === 'none'
    ? gateway.send({ method: 'GET', ...call })
    : gateway.send({ method: 'POST', body: { summary: 'Нет связи' }, ...call });
}

const LOGIN = `Basic ${Buffer.from('мост:па@роль').toString('base64')}`;
const withLogin = (port: number) =>
  `http://${encodeURIComponent('мост')}:${encodeURIComponent('па@роль')}@127.0.0.1:${port}`;

describe('a call through a proxy', () => {
  test('goes through a tunnel where JIRA speaks TLS: the proxy sees nothing but the name', async () => {
    const jira = await startJira('https');
    const proxy = await startProxy();

    await expect(send(jira.url, withLogin(proxy.port), 'once')).resolves.toEqual({ id: '1' });
    expect(proxy.seen).toEqual([{ line: `CONNECT ${new URL(jira.url).host}`, login: LOGIN }]);
    expect(jira.seen).toEqual([{ url: '/rest/api/2/issue', authorization: 'Bearer t0ken' }]);
  });

  test('is forwarded where JIRA does not, and the environment has no say', async () => {
    const jira = await startJira('http');
    const proxy = await startProxy();

    await expect(send(jira.url, withLogin(proxy.port))).resolves.toEqual({ id: '1' });
    expect(proxy.seen).toEqual([{ line: `GET ${jira.url}/rest/api/2/issue`, login: LOGIN }]);
  });

  test.each([403, 407, 502])(
    'that the proxy refuses with %i was not sent, and no error shows the login',
    async (status) => {
      const jira = await startJira('https');
      const proxy = await startProxy(status);
      const error: unknown = await send(jira.url, withLogin(proxy.port), 'once').catch((thrown: unknown) => thrown);

      expect(error).toMatchObject({
        code: 'SYSTEM_UNREACHABLE',
        disposition: 'outage',
        message: expect.stringContaining(String(status)),
      });
      expect(JSON.stringify(error) + String(error)).not.toMatch(/па@роль|%D0%BF%D0%B0|t0ken/u);
      expect(jira.seen).toEqual([]);
    },
  );

  test('that finds no proxy was not sent', async () => {
    const jira = await startJira('https');

    await expect(send(jira.url, 'http://127.0.0.1:1', 'once')).rejects.toMatchObject({ code: 'SYSTEM_UNREACHABLE' });
  });

  test('that finds a proxy which says nothing runs out of its time, unsent', async () => {
    const jira = await startJira('https');
    const port = await listen(createHttpServer().on('connect', () => {}));

    await expect(send(jira.url, `http://127.0.0.1:${port}`, 'once', { timeout_seconds: 0.3 })).rejects.toMatchObject({
      code: 'SYSTEM_UNREACHABLE',
      message: expect.stringContaining('in time'),
    });
  });

  test('whose tunnel breaks after it was sent is in doubt', async () => {
    const jira = await startJira('https', (socket) => {
      socket.destroy();
      return false;
    });
    const proxy = await startProxy();

    await expect(send(jira.url, withLogin(proxy.port), 'once')).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(jira.seen).toHaveLength(1);
  });

  test('to a stranger’s certificate is not sent', async () => {
    const jira = await startJira('https');
    const proxy = await startProxy();

    await expect(send(jira.url, withLogin(proxy.port), 'once', { ca_file: undefined })).rejects.toMatchObject({
      code: 'SYSTEM_UNREACHABLE',
    });
    expect(jira.seen).toEqual([]);
  });
});
