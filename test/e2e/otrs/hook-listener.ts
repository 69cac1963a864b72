import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ReceivedHook {
  readonly at: Date;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came in. */
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The status that the help desk got. */
  readonly answered: number;
}

/** Stands where the bridge would stand and keeps every webhook. */
export interface HookListener {
  readonly url: string;
  readonly hooks: readonly ReceivedHook[];
  /** From now on answer with this status; 202 at first. */
  answerWith(status: number): void;
  /** Resolves with the first hook, past or coming, that fits. Rejects when the time is over, telling what came. */
  waitFor(fits: (hook: ReceivedHook) => boolean, seconds: number): Promise<ReceivedHook>;
  stop(): Promise<void>;
}

/** @param port - A free one unless given: a listener that was stopped can come back at its address. */
export async function startHookListener(port = 0, keep?: (hook: ReceivedHook) => void): Promise<HookListener> {
  const hooks: ReceivedHook[] = [];
  let status = 202;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    const hook = {
      at: new Date(),
      path: request.url ?? '',
      headers: request.headers,
      text,
      body: JSON.parse(text),
      answered: status,
    };
    hooks.push(hook);
    keep?.(hook);
    // The help desk takes an answer without a body for a failure, whatever its status.
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${address.port}`,
    hooks,
    answerWith(next) {
      status = next;
    },
    async waitFor(fits, seconds) {
      const deadline = Date.now() + seconds * 1000;
      for (;;) {
        const found = hooks.find(fits);
        if (found !== undefined) {
          return found;
        }
        if (Date.now() > deadline) {
          throw new Error(
            `No such webhook in ${seconds} s; there came ${hooks.map((hook) => hook.text).join(', ') || 'none'}`,
          );
        }
        await sleep(50);
      }
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export interface Hanging {
  /** How many requests came so far. */
  requests(): number;
  stop(): Promise<void>;
}

/** Stands there like a bridge that takes every request and never answers. */
export async function startHanging(port: number): Promise<Hanging> {
  let requests = 0;
  const server = createServer(() => {
    requests += 1;
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // A test that fails half-way leaves it behind.
  server.unref();
  return {
    requests: () => requests,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
