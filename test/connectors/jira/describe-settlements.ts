import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Call, Effect } from '../../../connectors/jira/http/call.ts';
import type { Gateway } from '../../../connectors/jira/http/gateway.ts';
import { BridgeError } from '../../../src/errors.ts';
import { type AnsweredRow, answered, lost, notSent, type Settlements, tooLarge } from './settlements.ts';

/** Opens a gateway to a JIRA at this address; `timeoutSeconds` bounds one call. */
export type OpenGateway = (baseUrl: string, timeoutSeconds: number) => Gateway;

const effects = ['none', 'repeatable', 'once'] as const;
const stops: (() => unknown)[] = [];

/** The table of settlements, on real connections. Each dialect's gateway has to keep it. */
export function describeSettlements(name: string, open: OpenGateway): void {
  describe(`what ${name} makes of every answer and every fault`, () => {
    afterEach(async () => {
      for (const stop of stops.splice(0).toReversed()) {
        await stop();
      }
    });

    const settle = (baseUrl: string, effect: Effect, signal = new AbortController().signal, timeoutSeconds = 20) => {
      const gateway = open(baseUrl, timeoutSeconds);
      stops.push(gateway.close);
      return settlementOf(gateway.send(callOf(effect, signal)));
    };

    test.each(answered.map((row) => [`${row.status} ${row.title}`, row] as const))('%s', async (_, row) => {
      const url = await answering(row);

      expect(await settled(row, (effect) => settle(url, effect))).toEqual(settlementsOf(row));
    });

    test.each(faults)(
      '$title',
      async ({ serve, settlements, timeoutSeconds }) => {
        const url = await serve();

        expect(await settled(settlements, (effect) => settle(url, effect, undefined, timeoutSeconds))).toEqual(
          settlementsOf(settlements),
        );
      },
      60_000,
    );

    test('given up before it is sent', async () => {
      const url = await accepting(() => {});

      expect(await settled(notSent, (effect) => settle(url, effect, AbortSignal.abort()))).toEqual(notSent);
    });

    test('given up when it is under way', async () => {
      const giveUps: AbortController[] = [];
      const url = await accepting(() => giveUps.at(-1)?.abort());
      const begin = (effect: Effect) => {
        const giveUp = new AbortController();
        giveUps.push(giveUp);
        return settle(url, effect, giveUp.signal);
      };

      expect(await settled(lost, begin)).toEqual(lost);
    });
  });
}

interface FaultRow {
  readonly title: string;
  readonly settlements: Settlements;
  readonly timeoutSeconds?: number;
  readonly serve: () => Promise<string> | string;
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const TOO_LARGE = 65 * 1024 * 1024;

const faults: readonly FaultRow[] = [
  { title: 'nobody listens', settlements: notSent, serve: () => 'http://127.0.0.1:1' },
  { title: 'the name is unknown', settlements: notSent, serve: () => `http://${'a'.repeat(70)}.localhost` },
  { title: 'TLS is not spoken', settlements: notSent, serve: () => listening(plain(), 'https') },
  { title: 'the certificate is a stranger’s', settlements: notSent, serve: () => listening(tls(), 'https') },
  {
    title: 'the connection is reset before the request is read',
    settlements: lost,
    serve: () =>
      listening(createServer({ pauseOnConnect: true }, (socket) => setTimeout(() => socket.resetAndDestroy(), 50))),
  },
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

function callOf(effect: Effect, signal: AbortSignal): Call<unknown> {
  const shape = z.object({ id: z.string() });
  return effect === 'none'
    ? { method: 'GET', path: '/issue/10001', effect, shape, signal }
    : { method: effect === 'once' ? 'POST' : 'PUT', path: '/issue', body: { fields: {} }, effect, shape, signal };
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

  const { code, disposition, retryAfterMs } = thrown;
  return `${code} ${disposition}${retryAfterMs === undefined ? '' : ' told'}`;
}

async function settled(expected: Settlements, settle: (effect: Effect) => Promise<string>) {
  const found: Record<string, string> = {};
  for (const effect of effects) {
    found[effect] = await settle(effect);
  }
  return found as Record<keyof typeof expected, string>;
}

const settlementsOf = ({ none, repeatable, once }: Settlements): Settlements => ({ none, repeatable, once });

/** A server that gives every request the same answer. */
function answering({ status, headers, body = '' }: AnsweredRow): Promise<string> {
  const hasBody = status !== 204 && status !== 304;
  return listening(
    createHttpServer((request, response) => {
      request.resume();
      request.on('end', () => {
        response.writeHead(status, 'as the test says', { 'content-type': 'application/json', ...headers });
        response.end(hasBody ? body : undefined);
      });
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
        if (isWhole(text)) {
          text = '';
          behave(socket);
        }
      });
    }),
  );
}

function isWhole(request: string): boolean {
  const [head = '', body] = request.split('\r\n\r\n');
  return body !== undefined && body.length >= Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
}

function plain(): Server {
  return createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  });
}

function tls(): Server {
  const read = (file: string) => readFileSync(`test/support/tls/${file}.pem`);
  const server = createTlsServer({ key: read('key'), cert: read('certificate') }, (socket) => socket.resume());
  return server.on('tlsClientError', () => {});
}

async function listening(server: Server, protocol = 'http'): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.close();
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') {
      server.closeAllConnections();
    }
  });
  return `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
