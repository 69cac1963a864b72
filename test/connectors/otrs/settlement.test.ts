import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { openGateway } from '../../../connectors/otrs/gateway.ts';
import { options } from '../../../connectors/otrs/options.ts';
import type { Request } from '../../../connectors/otrs/transport.ts';
import { BridgeError } from '../../../src/errors.ts';
import { type AnsweredRow, answered, lost, notSent, type Said, type Settlements, tooLarge } from './settlements.ts';

type TransportName = 'rest' | 'soap';

const kinds = ['read', 'repeatable', 'once'] as const;
const stops: (() => unknown)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) {
    await stop();
  }
});

/** Calls as the desk makes them. */
const requests: Readonly<Record<keyof Settlements, Request>> = {
  read: { operation: 'ticket_get', effect: 'read', purpose: 'read ticket 5', path: { TicketID: '5' } },
  repeatable: {
    operation: 'link_add',
    effect: 'read',
    purpose: 'link ticket 5 to 6',
    data: { SourceTicketID: '5', TargetTicketID: '6', Type: 'Normal' },
  },
  once: {
    operation: 'ticket_update',
    effect: 'write',
    purpose: 'write into ticket 5',
    path: { TicketID: '5' },
    data: { Article: { Subject: 'Тема', Body: 'Текст' } },
  },
};
const shape = z.object({ TicketID: z.string() });

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const TOO_LARGE = 65 * 1024 * 1024;

interface FaultRow {
  readonly title: string;
  readonly settlements: Settlements;
  readonly timeoutSeconds?: number;
  readonly serve: () => Promise<string> | string;
}

const faults: readonly FaultRow[] = [
  { title: 'nobody listens', settlements: notSent, serve: () => 'http://127.0.0.1:1' },
  { title: 'the name is unknown', settlements: notSent, serve: () => 'http://desk.invalid' },
  {
    title: 'the connection is reset instead of an answer',
    settlements: lost,
    serve: () => accepting((socket) => socket.resetAndDestroy()),
  },
  {
    title: 'the connection ends instead of an answer',
    settlements: lost,
    serve: () => accepting((socket) => socket.end()),
  },
  { title: 'no answer comes in time', settlements: lost, timeoutSeconds: 0.2, serve: () => accepting(() => {}) },
  {
    title: 'the answer breaks off',
    settlements: lost,
    serve: () => accepting((socket) => socket.end(`${HEAD}content-length: 1000\r\n\r\n{"id":`)),
  },
  {
    title: 'the answer drips',
    settlements: lost,
    timeoutSeconds: 0.3,
    serve: () =>
      accepting((socket) => {
        socket.write(`${HEAD}content-length: 1000000\r\n\r\n`);
        const drip = setInterval(() => socket.write(' '), 20);
        stops.push(() => clearInterval(drip));
      }),
  },
  {
    title: 'the answer is larger than any that is taken',
    settlements: tooLarge,
    serve: () =>
      accepting((socket) => {
        socket.write(`${HEAD}content-length: ${TOO_LARGE}\r\n\r\n`);
        socket.write(Buffer.alloc(TOO_LARGE, ' '));
      }),
  },
  {
    title: 'the answer is no HTTP',
    settlements: lost,
    serve: () => accepting((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')),
  },
];

describe.each<TransportName>(['rest', 'soap'])('what is made over %s of every answer and every fault', (transport) => {
  const settle = (baseUrl: string, kind: keyof Settlements, signal = new AbortController().signal, timeout = 20) => {
    const gateway = openGateway(
      options.parse({
        base_url: baseUrl,
        transport,
        login: 'bridge',
        password: 'x',
        timeout_seconds: timeout,
        operations: { link_add: {} },
      }),
    );
    stops.push(gateway.close);
    return settlementOf(gateway.send(requests[kind], shape, signal));
  };

  test.each(answered.map((row) => [`${row.status} ${row.title}`, row] as const))('%s', async (_, row) => {
    const url = await answering(row, transport);

    expect(await settled((kind) => settle(url, kind))).toEqual(settlementsOf(row));
  });

  test.each(faults)(
    '$title',
    async ({ serve, settlements, timeoutSeconds }) => {
      const url = await serve();

      expect(await settled((kind) => settle(url, kind, undefined, timeoutSeconds))).toEqual(settlements);
    },
    60_000,
  );

  test('given up before it is sent', async () => {
    const url = await accepting(() => {});

    expect(await settled((kind) => settle(url, kind, AbortSignal.abort()))).toEqual(notSent);
  });

  test('given up when it is under way', async () => {
    const giveUps: AbortController[] = [];
    const url = await accepting(() => giveUps.at(-1)?.abort());
    const begin = (kind: keyof Settlements) => {
      const giveUp = new AbortController();
      giveUps.push(giveUp);
      return settle(url, kind, giveUp.signal);
    };

    expect(await settled(begin)).toEqual(lost);
  });
});

/** As the web service writes it: with its content type, and a fault in a namespace of its own. */
function written(said: Said, transport: TransportName): string {
  if ('text' in said) {
    return said.text;
  }

  const data = 'data' in said ? said.data : 'fault' in said ? faultOf(said.fault) : errorOf(said);
  return transport === 'rest' ? JSON.stringify(data) : enveloped('fault' in said ? 'Fault' : 'TicketGetResponse', data);
}

const faultOf = (faultstring: string) => ({ faultcode: 'Server', faultstring });
const errorOf = ({ code, message = '' }: { code: string; message?: string }) => ({
  Error: { ErrorCode: code, ErrorMessage: message },
});

function enveloped(name: string, data: object): string {
  const body = `<${name} xmlns="http://www.otrs.org/TicketConnector/">${elementsOf(data)}</${name}>`;
  return `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${body}</soap:Body></soap:Envelope>`;
}

function elementsOf(data: object): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return Object.entries(data)
    .map(([name, value]) => {
      const inside = typeof value === 'object' ? elementsOf(value) : escaped(String(value));
      return inside === '' ? `<${name} />` : `<${name}>${inside}</${name}>`;
    })
    .join('');
}

/** A server that gives every request the same answer. */
function answering({ status, said, headers }: AnsweredRow, transport: TransportName): Promise<string> {
  const body = written(said, transport);
  return listening(
    createHttpServer((request, response) => {
      request.resume();
      request.on('end', () => response.writeHead(status, 'as the test says', headers).end(body));
    }),
  );
}

/** A server that does this with every request that it has read. */
function accepting(behave: (socket: Socket) => void): Promise<string> {
  return listening(
    createServer((socket) => {
      let text = '';
      socket.on('error', () => {});
      stops.push(() => socket.destroy());
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        const [head = '', body] = text.split('\r\n\r\n');
        if (body !== undefined && body.length >= Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)) {
          text = '';
          behave(socket);
        }
      });
    }),
  );
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.close();
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') {
      server.closeAllConnections();
    }
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function settlementOf(answer: Promise<unknown>): Promise<string> {
  const thrown: unknown = await answer.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown === undefined) {
    return 'good';
  }
  if (!(thrown instanceof BridgeError)) {
    throw thrown;
  }

  expect(thrown.message).not.toContain('secret');
  const { code, disposition, retryAfterMs } = thrown;
  return `${code} ${disposition}${retryAfterMs === undefined ? '' : ' told'}`;
}

async function settled(settle: (kind: keyof Settlements) => Promise<string>) {
  const found: Record<string, string> = {};
  for (const kind of kinds) {
    found[kind] = await settle(kind);
  }
  return found;
}

const settlementsOf = ({ read, repeatable, once }: Settlements): Settlements => ({ read, repeatable, once });
