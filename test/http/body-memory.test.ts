import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { openDoor, SECRET } from './door.ts';

const MEGABYTE = 1024 * 1024;
const SWEEPS = 10;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Bytes outside of the heap when a body of so many megabytes has been read, without those of before. */
async function heldFor(megabytes: number): Promise<number> {
  let held = Number.POSITIVE_INFINITY;
  collect();
  const before = process.memoryUsage().arrayBuffers;
  const door = openDoor({
    bodyLimitBytes: 200 * MEGABYTE,
    requestMs: 60_000,
    accept: async (_system, { body }) => {
      // Pieces that were read and joined are no longer held, only not yet swept up: a thread of its own does that.
      for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
        collect();
        held = Math.min(held, process.memoryUsage().arrayBuffers - before);
        await sleep(20);
      }
      return body.length;
    },
  });
  const sent = request(`${await door.listen()}/webhooks/otrs`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': megabytes * MEGABYTE,
      'x-bridge-secret': SECRET,
    },
  });
  const piece = Buffer.alloc(64 * 1024, 'QUJD');
  for (let at = 0; at < megabytes * 16; at += 1) {
    if (!sent.write(piece)) {
      await new Promise<void>((resolve) => sent.once('drain', resolve));
    }
  }
  sent.end();
  await new Promise<void>((resolve) => sent.once('response', (answer) => answer.resume().once('end', resolve)));
  await door.close();
  return held;
}

test('a large body is held once: each further megabyte of it costs about one, not two', async () => {
  const [small, large] = [await heldFor(16), await heldFor(128)];

  expect(large).toBeGreaterThan(127 * MEGABYTE);
  expect((large - small) / (112 * MEGABYTE)).toBeLessThan(1.4);
});
