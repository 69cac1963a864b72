import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openGateway } from '../../../connectors/otrs/gateway.ts';
import { options } from '../../../connectors/otrs/options.ts';
import type { Request } from '../../../connectors/otrs/transport.ts';
import { updated } from '../../../connectors/otrs/wire.ts';

const signal = new AbortController().signal;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) {
    await close();
  }
});

async function gatewayTo(listener: RequestListener, settings: object = {}) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const gateway = openGateway(
    options.parse({ base_url: `http://127.0.0.1:${port}/otrs`, login: 'bridge', password: 'x', ...settings }),
  );
  closers.push(async () => {
    gateway.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { server, gateway };
}

const read: Request = {
  operation: 'ticket_get',
  effect: 'read',
  purpose: 'read ticket 5',
  path: { TicketID: '5' },
  data: { AllArticles: 1 },
};
const write: Request = {
  operation: 'ticket_update',
  effect: 'write',
  purpose: 'write into ticket 5',
  path: { TicketID: '5' },
  data: { Ticket: { State: 'Закрыто' } },
};

const respond = (status: number, body: string, headers: Record<string, string> = {}) =>
  ((_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, headers).end(body);
  }) satisfies RequestListener;

const SUCCESS = '{"TicketID":"5"}';

describe('a call goes out as the web service wants it', () => {
  test('a read puts its values into route and query, the session into a header', async () => {
    const seen: IncomingMessage[] = [];
    const { gateway } = await gatewayTo((request, response) => {
      seen.push(request);
      response.end(SUCCESS);
    });

    await gateway.send({ ...read, sessionId: 'secret' }, updated, signal);

    expect(seen[0]?.method).toBe('GET');
    expect(seen[0]?.url).toBe('/otrs/nph-genericinterface.pl/Webservice/otrs-jira-bridge/Ticket/5?AllArticles=1');
    expect(seen[0]?.headers['x-otrs-header-sessionid']).toBe('secret');
  });

  test('a write sends UTF-8 JSON with its length', async () => {
    const bodies: string[] = [];
    const { gateway } = await gatewayTo(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk);
      }
      bodies.push(`${request.method} ${request.headers['content-length']} ${Buffer.concat(chunks)}`);
      response.end(SUCCESS);
    });

    await gateway.send(write, updated, signal);

    expect(bodies).toEqual(['PATCH 37 {"Ticket":{"State":"Закрыто"}}']);
  });

  test('method and route are those of the configuration', async () => {
    const seen: string[] = [];
    const { gateway } = await gatewayTo(
      (request, response) => {
        seen.push(`${request.method} ${request.url}`);
        response.end(SUCCESS);
      },
      { web_service: 'Мост', operations: { ticket_update: { method: 'POST', route: '/TicketUpdate/:TicketID' } } },
    );

    await gateway.send(write, updated, signal);

    expect(seen).toEqual([
      `POST /otrs/nph-genericinterface.pl/Webservice/${encodeURIComponent('Мост')}/TicketUpdate/5`,
    ]);
  });

  test('no more calls are under way than the configuration allows', async () => {
    const open: ServerResponse[] = [];
    let most = 0;
    const { gateway } = await gatewayTo(
      (_, response) => {
        open.push(response);
        most = Math.max(most, open.length);
        setImmediate(() => open.splice(open.indexOf(response), 1)[0]?.end(SUCCESS));
      },
      { concurrency: 2 },
    );

    await Promise.all(Array.from({ length: 20 }, () => gateway.send(read, updated, signal)));

    expect(most).toBeLessThanOrEqual(2);
  });
});

describe('an answer that is an error', () => {
  const error = (ErrorCode: string, ErrorMessage = '') => JSON.stringify({ Error: { ErrorCode, ErrorMessage } });

  test.each<[string, number, string, Record<string, string>, Request, object]>([
    ['a dead session', 200, error('TicketGet.AuthFail'), {}, read, { code: 'LOGIN_REFUSED', disposition: 'outage' }],
    [
      'a missing ticket',
      200,
      error('TicketGet.AccessDenied', 'TicketGet: User does not have access to the ticket!'),
      {},
      read,
      { code: 'RECORD_NOT_READABLE', disposition: 'dead' },
    ],
    [
      'a missing right',
      200,
      error('TicketUpdate.AccessDenied', 'TicketUpdate: Does not have permissions to update owner!'),
      {},
      write,
      { code: 'NOT_PERMITTED', disposition: 'dead' },
    ],
    [
      'a wrong value',
      200,
      error('TicketUpdate.InvalidParameter', 'x'),
      {},
      write,
      { code: 'REFUSED', disposition: 'dead' },
    ],
    ['a reason of tomorrow', 200, error('TicketUpdate.Whatever'), {}, write, { code: 'REFUSED', disposition: 'dead' }],
    ['a broken web service', 200, error('Webservice.InvalidConfiguration'), {}, read, { code: 'SYSTEM_FAILING' }],
    [
      'a route that the web service lacks',
      500,
      "HTTP::REST Error while determine Operation for request URI '/Ticket/5'.",
      {},
      write,
      { code: 'SYSTEM_FAILING', disposition: 'outage', message: expect.stringContaining('operations') },
    ],
    [
      'an operation that gave up half-way in a write',
      500,
      '{"faultcode":"Server","faultstring":"Dynamic Field Solution could not be set"}',
      {},
      write,
      { code: 'SYSTEM_FAILING', disposition: 'in-doubt', message: expect.stringContaining('could not be set') },
    ],
    [
      'an operation that gave up in a read is no outage for others',
      500,
      '{"faultcode":"Server","faultstring":"x"}',
      {},
      read,
      { code: 'SYSTEM_FAILING', disposition: 'again' },
    ],
    ['maintenance in a read', 503, '<h1>Wartung</h1>', {}, read, { code: 'SYSTEM_FAILING', disposition: 'outage' }],
    ['maintenance in a write', 503, '', {}, write, { code: 'SYSTEM_FAILING', disposition: 'in-doubt' }],
    ['a request to slow down', 429, '', { 'Retry-After': '7' }, write, { code: 'RATE_LIMITED', retryAfterMs: 7_000 }],
    ['a proxy that wants a login', 401, '', {}, read, { code: 'LOGIN_REFUSED' }],
    [
      'a way to a login page',
      302,
      '',
      { Location: 'https://login.example.test/?secret=1' },
      read,
      { code: 'ANSWER_UNREADABLE', message: expect.not.stringContaining('secret') },
    ],
    [
      'a wrong base URL',
      404,
      'Not Found',
      {},
      read,
      { code: 'ANSWER_UNREADABLE', message: expect.stringContaining('base_url') },
    ],
    ['too large a request', 413, 'Request Entity Too Large', {}, write, { code: 'REFUSED', disposition: 'dead' }],
    ['a page instead of JSON', 200, '<html>', {}, read, { code: 'ANSWER_UNREADABLE', disposition: 'again' }],
    [
      'a page instead of JSON after a write',
      200,
      '<html>',
      {},
      write,
      { code: 'ANSWER_UNREADABLE', disposition: 'in-doubt' },
    ],
    [
      'JSON of another shape',
      200,
      '{"Ticket":1}',
      {},
      read,
      { code: 'ANSWER_UNREADABLE', message: expect.stringContaining('TicketID') },
    ],
    ['nothing', 200, '', {}, read, { code: 'ANSWER_UNREADABLE' }],
  ])('%s', async (_, status, body, headers, request, expected) => {
    const { gateway } = await gatewayTo(respond(status, body, headers));

    await expect(gateway.send(request, updated, signal)).rejects.toMatchObject(expected);
  });
});

describe('an answer that never comes', () => {
  const hangUp: RequestListener = (request) => request.socket.destroy();
  const breakOff: RequestListener = (_, response) => {
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('{"TicketID"', () => response.destroy());
  };
  const saySomethingElse: RequestListener = (request) => request.socket.end('<!DOCTYPE HTML>');
  const beSilent: RequestListener = () => {};

  test.each<[string, RequestListener, object]>([
    ['the connection is closed without a word', hangUp, {}],
    ['the answer breaks off', breakOff, {}],
    ['what comes is not HTTP', saySomethingElse, {}],
    ['nothing comes within the time-out', beSilent, { timeout_seconds: 0.05 }],
  ])('%s: a read found nobody, a write may have taken effect', async (_, listener, settings) => {
    const { gateway } = await gatewayTo(listener, settings);

    await expect(gateway.send(read, updated, signal)).rejects.toMatchObject({
      code: 'SYSTEM_UNREACHABLE',
      disposition: 'outage',
    });
    await expect(gateway.send(write, updated, signal)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      disposition: 'in-doubt',
    });
  });

  test('a connection closed without a word may mean that the web service does not exist, and says so', async () => {
    const { gateway } = await gatewayTo(hangUp);

    await expect(gateway.send(read, updated, signal)).rejects.toThrow(/web service named otrs-jira-bridge/);
  });

  test('nobody listens: even a write was surely not executed', async () => {
    const { gateway, server } = await gatewayTo(beSilent);
    await new Promise((resolve) => server.close(resolve));

    await expect(gateway.send(write, updated, signal)).rejects.toMatchObject({
      code: 'SYSTEM_UNREACHABLE',
      disposition: 'outage',
    });
  });

  test('a host that does not exist: even a write was surely not executed', async () => {
    const gateway = openGateway(
      options.parse({ base_url: 'http://desk.invalid/otrs', login: 'bridge', password: 'x' }),
    );

    await expect(gateway.send(write, updated, signal)).rejects.toMatchObject({ code: 'SYSTEM_UNREACHABLE' });
    gateway.close();
  });

  test('a read over a kept connection that died meanwhile is sent once more', async () => {
    let calls = 0;
    const { gateway } = await gatewayTo((request, response) => {
      calls += 1;
      if (calls === 2) {
        request.socket.resetAndDestroy();
        return;
      }
      response.end(SUCCESS);
    });
    await gateway.send(read, updated, signal);

    await expect(gateway.send(read, updated, signal)).resolves.toEqual({ TicketID: '5' });
    expect(calls).toBe(3);
  });

  test('a write over a kept connection that died meanwhile is never repeated', async () => {
    let calls = 0;
    const { gateway } = await gatewayTo((request, response) => {
      calls += 1;
      if (calls === 2) {
        request.socket.resetAndDestroy();
        return;
      }
      response.end(SUCCESS);
    });
    await gateway.send(read, updated, signal);

    await expect(gateway.send(write, updated, signal)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(calls).toBe(2);
  });
});

describe('a call that is given up', () => {
  test('before it was sent: surely not executed', async () => {
    let calls = 0;
    const { gateway } = await gatewayTo((_, response) => {
      calls += 1;
      response.end(SUCCESS);
    });

    await expect(gateway.send(write, updated, AbortSignal.abort())).rejects.toMatchObject({
      code: 'SYSTEM_UNREACHABLE',
    });
    expect(calls).toBe(0);
  });

  test('while it waited for its turn: surely not executed', async () => {
    const controller = new AbortController();
    const first = new AbortController();
    const { gateway } = await gatewayTo(() => {}, { concurrency: 1 });
    const holding = gateway.send(read, updated, first.signal).catch(() => undefined);
    const waiting = gateway.send(write, updated, controller.signal);
    controller.abort();

    await expect(waiting).rejects.toMatchObject({ code: 'SYSTEM_UNREACHABLE' });
    first.abort();
    await holding;
  });

  test('after it was sent: a write may have taken effect', async () => {
    const controller = new AbortController();
    const { gateway } = await gatewayTo(() => controller.abort());

    await expect(gateway.send(write, updated, controller.signal)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });
});
