import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const FIRST = 20_000;
const LAST = 31_999;
/** Each process looks in a part of its own, since a port that is found is free for a while before it is used. */
const PART = 1_000;
const begin = FIRST + (process.pid % ((LAST + 1 - FIRST) / PART)) * PART;
const given = new Set<number>();

/**
 * A TCP port of 127.0.0.1 that nobody listens on and that was not given before. It lies below the range from which the
 * kernel serves outgoing connections, so that a server which is down for a while finds its port free again.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(begin, begin + PART);
    if (!given.has(port)) {
      given.add(port);
      if (await isFree(port)) {
        return port;
      }
    }
  }

  throw new Error(`No free port between ${begin} and ${begin + PART - 1} on 127.0.0.1 after 100 attempts.`);
}

/** Whether nobody listens on the TCP port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
