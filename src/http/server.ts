import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { BridgeError } from '../errors.ts';
import { addHealth, type HealthContext } from './health.ts';
import { readBody } from './read-body.ts';
import { type Refusal, refusalOf, refusalOfConnection, refusals } from './refusals.ts';
import { addWebhooks, refuse, type WebhooksContext } from './webhooks.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly bodyLimitBytes: number;
  /** A request that takes longer to arrive is cut off; one that takes twice as long in all is answered with 503. */
  readonly requestMs: number;
  /** How long `close` waits for requests in hand. */
  readonly shutdownMs: number;
}

export interface HttpServer {
  /** For further routes, before `listen`. */
  readonly app: FastifyInstance;
  /** Resolves with the address, e.g. `http://127.0.0.1:8400`. Throws `ADDRESS_UNAVAILABLE`. */
  listen(): Promise<string>;
  /** Takes no more requests in, answers those in hand, and cuts off what is left when the time is over. */
  close(): Promise<void>;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has this port',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'the bridge’s account may not open this port',
  ENOTFOUND: 'the name of the host is unknown',
};

/** The door of the bridge. Opens no port before `listen`. */
export function createHttpServer(
  options: HttpOptions,
  context: WebhooksContext & Omit<HealthContext, 'patienceMs'>,
): HttpServer {
  const app = createApp(options);
  let stopping = false;

  app.addHook('onRequest', async (_request, reply) => {
    if (stopping) {
      await refuse(reply, refusals.stopping);
    }
  });
  app.addHook('onSend', async (_request, reply) => {
    // A connection that stays open after its last answer would hold up the stop.
    if (stopping) {
      reply.header('connection', 'close');
    }
  });
  app.addHook('onSend', async (request) => {
    if (!request.raw.complete) {
      lingerAtEnd(request.raw.socket);
    }
  });
  app.setErrorHandler((error, request, reply) => {
    context.log.warn({ from: request.ip, err: error }, 'request refused');
    return refuse(reply, refusalOf(error));
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(app, request.url);
    return allowed.length === 0
      ? refuse(reply, refusals.unknownPath)
      : refuse(reply.header('allow', allowed.join(', ')), refusals.wrongMethod);
  });
  addWebhooks(app, context);
  addHealth(app, { ...context, patienceMs: Math.min(5_000, options.requestMs / 2) });

  return {
    app,
    listen: () =>
      app.listen({ host: options.host, port: options.port }).catch((cause: NodeJS.ErrnoException) => {
        const message = `cannot listen on ${options.host}:${options.port}: ${REASONS[cause.code ?? ''] ?? cause.message}`;
        throw new BridgeError('ADDRESS_UNAVAILABLE', message, { cause });
      }),
    close: async () => {
      stopping = true;
      const cut = setTimeout(() => app.server.closeAllConnections(), options.shutdownMs);
      await app.close().finally(() => clearTimeout(cut));
    },
  };
}

function createApp({ bodyLimitBytes, requestMs }: HttpOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestMs,
    // Longer than a slow sender has: whoever is slow is told so, and not that the store is away.
    handlerTimeout: requestMs * 2,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // Node looks for slow senders only this often.
    http: { connectionsCheckingInterval: Math.min(5_000, requestMs / 2), headersTimeout: requestMs },
    clientErrorHandler: (error, socket) => answerRaw(socket, refusalOfConnection(error)),
    frameworkErrors: (error, _request, reply) => refuse(reply, refusalOf(error)),
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/([\w.-]+\+)?json\b/i, ({ headers }, payload, done) => {
    const length = headers['content-length'];
    readBody(payload, length === undefined ? undefined : Number(length), bodyLimitBytes, done);
  });
  return app;
}

/** Long enough for an answer to be read, short enough for a stopping bridge. */
const LINGER_MS = 250;

/**
 * Closing a connection on which unread bytes lie resets it, and a reset throws away the answer that says why. So the
 * socket of a request that was refused half-read is ended at once but closed a moment later; nothing more is read.
 */
function lingerAtEnd(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
  };
}

/** Methods that the address of a request would take. */
function methodsOf(app: FastifyInstance, url: string): readonly string[] {
  const path = url.split('?', 1)[0] ?? '';
  return app.supportedMethods.filter((method) => app.hasRoute({ method, url: path }));
}

/** Answers on a connection whose request never became one. */
function answerRaw(socket: Socket, { status, error, help }: Refusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }

  const body = JSON.stringify({ error, help });
  const head = `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json; charset=utf-8\r\nConnection: close`;
  socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
