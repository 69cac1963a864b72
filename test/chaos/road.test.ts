import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Road, startRoad } from './road.ts';

describe('a road that can be disturbed', () => {
  let server: Server;
  let road: Road;
  /** What the server was told. */
  let heard: string;

  beforeEach(async () => {
    heard = '';
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        heard += chunk;
        socket.write(`re: ${chunk}`);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    road = await startRoad(() => [1, port]);
  });

  afterEach(async () => {
    await road.stop();
    server.close();
  });

  async function dial(): Promise<{ socket: Socket; closed: Promise<unknown>; said: () => string }> {
    const socket = createConnection({ host: '127.0.0.1', port: road.port });
    let said = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      said += chunk;
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await Promise.race([once(socket, 'connect').catch(() => undefined), closed]);
    return { socket, closed, said: () => said };
  }

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await sleep(5);
    }
  }

  test('leads both ways, past a port where nobody listens', async () => {
    const { socket, said } = await dial();
    socket.write('one');
    await until(() => said() === 're: one');
    socket.destroy();
  });

  test('breaks off what stands and what comes', async () => {
    const { closed } = await dial();
    road.trouble({ kind: 'refuse' });
    await closed;
    await (await dial()).closed;
  });

  test('as a black hole delivers nothing, not even when it is over', async () => {
    const before = await dial();
    before.socket.write('one');
    await until(() => before.said() !== '');
    road.trouble({ kind: 'black-hole' });
    const within = await dial();
    before.socket.write('two');
    within.socket.write('three');
    await sleep(50);
    road.heal();
    await Promise.all([before.closed, within.closed]);
    expect(heard).toBe('one');

    const after = await dial();
    after.socket.write('four');
    await until(() => after.said() === 're: four');
    after.socket.destroy();
  });

  test('cuts an answer when everything has been done', async () => {
    road.trouble({ kind: 'cut-answers', share: 1, afterBytes: 4, random: Math.random });
    const { socket, closed, said } = await dial();
    socket.write('one');
    await closed;
    expect([heard, said()]).toEqual(['one', 're: ']);
    expect([road.takeCutAnswers(), road.takeCutAnswers()]).toEqual([1, 0]);
  });

  test('keeps the order of what was on its way when a delay ends', async () => {
    road.trouble({ kind: 'delay', milliseconds: 60 });
    const { socket, said } = await dial();
    socket.write('one');
    await sleep(30);
    road.heal();
    socket.write('two');
    await until(() => heard.length === 6);
    expect(heard).toBe('onetwo');
    await until(() => said().includes('two'));
    socket.destroy();
  });
});
