import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach } from '@jest/globals';

/** Does with each request what a test wants; it answers raw bytes or none. */
export type Behaviour = (request: string, socket: Socket) => void;

/** Servers that are stopped after each test, together with whatever else is in `stops`. */
export function rawServers() {
  const stops: (() => unknown)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) {
      await stop();
    }
  });

  const listen = async (behave: Behaviour): Promise<string> => {
    const server: Server = createServer((socket) => {
      let text = '';
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        text += chunk.toString('utf8');
        if (isComplete(text)) {
          behave(text, socket);
          text = '';
        }
      });
      stops.push(() => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => server.close(resolve)));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jira`;
  };
  return { stops, listen };
}

function isComplete(request: string): boolean {
  const [head = '', body = ''] = request.split('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  return request.includes('\r\n\r\n') && Buffer.byteLength(body) >= length;
}

/** A whole answer with a body of JSON, or of what `type` says. */
export const answer = (body: string, status = '200 OK', type = 'application/json', headers = '') =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
