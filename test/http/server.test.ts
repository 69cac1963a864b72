import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Door, type DoorSettings, openDoor, SECRET } from './door.ts';

const opened: Door[] = [];

async function listen(settings: DoorSettings = {}): Promise<{ door: Door; port: number }> {
  const door = openDoor(settings);
  opened.push(door);
  return { door, port: Number(new URL(await door.listen()).port) };
}

/** Everything that the server says on a raw connection until it ends it; a reset ends it too. */
async function conversation(port: number, talk: (socket: Socket) => Promise<void>): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk.toString();
  });
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await talk(socket);
  await closed;
  return heard;
}

/** Writes until the other side has had enough; answers with the number of bytes that left. */
async function pour(socket: Socket, chunk: Buffer, bytes: number): Promise<number> {
  while (socket.bytesWritten < bytes && !socket.destroyed) {
    if (!socket.write(chunk)) {
      await new Promise<void>((resolve) => {
        socket.once('drain', resolve).once('close', resolve);
      });
    }
  }

  return socket.bytesWritten;
}

function head(fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ host: 'x', 'content-type': 'application/json', ...fields });
  return `POST /webhooks/otrs HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((door) => door.close()));
});

const HUNDRED_MB = 100 * 1024 * 1024;
const megabyte = Buffer.alloc(1024 * 1024, 'a');

describe('a body of 100 MB', () => {
  const cases: readonly (readonly [what: string, fields: Readonly<Record<string, string>>, status: number])[] = [
    ['with its length named', { 'content-length': String(HUNDRED_MB), 'x-bridge-secret': SECRET }, 413],
    ['in chunks', { 'transfer-encoding': 'chunked', 'x-bridge-secret': SECRET }, 413],
    ['from a stranger', { 'content-length': String(HUNDRED_MB) }, 401],
    ['in chunks from a stranger', { 'transfer-encoding': 'chunked' }, 401],
  ];

  test.each(cases)('%s is cut off early and costs no memory', async (_what, fields, status) => {
    const { port } = await listen({ bodyLimitBytes: 2 * 1024 * 1024 });
    const isChunked = 'transfer-encoding' in fields;
    const chunk = isChunked ? Buffer.concat([Buffer.from('100000\r\n'), megabyte, Buffer.from('\r\n')]) : megabyte;
    const before = process.memoryUsage().arrayBuffers;
    let sent = 0;
    const heard = await conversation(port, async (socket) => {
      await once(socket, 'connect');
      socket.write(head(fields));
      sent = await pour(socket, chunk, HUNDRED_MB);
    });

    expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(sent).toBeLessThan(HUNDRED_MB / 2);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * 1024 * 1024);
  });
});

test('a sender that stops in the middle of a body is told so and cut off', async () => {
  const { port } = await listen({ requestMs: 300 });
  const heard = await conversation(port, async (socket) => {
    socket.write(`${head({ 'content-length': '100', 'x-bridge-secret': SECRET })}{"Event":`);
  });

  expect(heard).toMatch(/^HTTP\/1\.1 408 /);
  expect(heard).toContain('"help":');
});

test('a sender that stops in the middle of the headers is cut off', async () => {
  const { port } = await listen({ requestMs: 300 });
  const heard = await conversation(port, async (socket) => {
    socket.write('POST /webhooks/otrs HTTP/1.1\r\nhost: x\r\n');
  });

  expect(heard).toMatch(/^HTTP\/1\.1 408 /);
});

test('what is no HTTP gets an answer that quotes nothing of it', async () => {
  const { port } = await listen();
  const heard = await conversation(port, async (socket) => {
    socket.write('OTRS_TicketStateSet is no HTTP\r\n\r\n');
  });

  expect(heard).toMatch(/^HTTP\/1\.1 400 /);
  expect(heard).not.toContain('OTRS_TicketStateSet');
});

test('a sender that goes away in the middle of a body leaves the bridge running', async () => {
  const { door, port } = await listen();
  const gone = connect({ host: '127.0.0.1', port });
  gone.write(`${head({ 'content-length': '100', 'x-bridge-secret': SECRET })}{"Event":`);
  await once(gone, 'connect');
  gone.destroy();
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`);

  expect(await answer.json()).toEqual({ alive: true });
  expect(door.app.server.listening).toBe(true);
});

test('a port that another program has is named', async () => {
  const { port } = await listen();
  const second = openDoor({ port });
  opened.push(second);

  await expect(second.listen()).rejects.toMatchObject({
    code: 'ADDRESS_UNAVAILABLE',
    message: `cannot listen on 127.0.0.1:${port}: another program has this port`,
  });
});

describe('a stopping bridge', () => {
  const send = (port: number) =>
    fetch(`http://127.0.0.1:${port}/webhooks/otrs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-bridge-secret': SECRET },
      body: '{}',
    });

  test('answers what it has in hand and takes nothing new in', async () => {
    const accepting = Promise.withResolvers<number>();
    const entered = Promise.withResolvers<void>();
    const { door, port } = await listen({
      accept: () => {
        entered.resolve();
        return accepting.promise;
      },
    });
    const inHand = send(port);
    await entered.promise;
    const closing = door.close();
    const late = await send(port).then(
      (answer) => answer.status,
      () => 'refused',
    );
    accepting.resolve(3);

    expect(await (await inHand).json()).toMatchObject({ accepted: 3 });
    expect([503, 'refused']).toContain(late);
    await closing;
  });

  test('waits no longer than it may', async () => {
    const entered = Promise.withResolvers<void>();
    const { door, port } = await listen({
      shutdownMs: 100,
      requestMs: 60_000,
      accept: () => {
        entered.resolve();
        return new Promise(() => undefined);
      },
    });
    const inHand = send(port).catch((error: unknown) => error);
    await entered.promise;
    await door.close();

    expect(String(await inHand)).toContain('fetch failed');
  });
});
