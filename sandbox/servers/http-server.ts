import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** An HTTP server of 127.0.0.1 that can go down for a while. */
export interface SandboxServer {
  readonly port: number;
  /** Every connection so far. */
  readonly sockets: readonly Socket[];
  /** Refuses connections until `up`, on the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
}

/** Serves on the port, or with 0 on any free one. What `answer` throws closes the connection without an answer. */
export async function startServer(
  wanted: number,
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>,
): Promise<SandboxServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(wanted);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    sockets,
    up: () => listen(port),
    down: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
