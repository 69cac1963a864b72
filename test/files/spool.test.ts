import type { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { endPieces, openSpool, writePiece } from '../../src/files/spool.ts';

const PIECE = Buffer.alloc(16_000);

/** `once` of Node would listen to errors as well. */
const closed = (into: Writable) => new Promise<void>((resolve) => into.once('close', resolve));

describe('a file on its way that breaks off', () => {
  test('ends nothing but itself when it is closed while pieces wait to be written', async () => {
    const spool = await openSpool(100_000);
    let failures = 0;
    spool.into.once('error', () => {
      failures += 1;
    });
    await writePiece(spool.into, PIECE);
    await writePiece(spool.into, PIECE);

    await Promise.all([closed(spool.into), spool.close()]);

    expect(failures).toBe(0);
  });

  test('ends nothing but itself when the disk fails between two pieces, and the next piece is told', async () => {
    const spool = await openSpool(100_000);
    await writePiece(spool.into, PIECE);

    spool.into.destroy(new Error('no space left on device'));
    await closed(spool.into);

    await expect(writePiece(spool.into, PIECE)).rejects.toThrow('no space left on device');
    await spool.close();
  });

  test('is not waited for when the disk has failed behind its last piece', async () => {
    const spool = await openSpool(100_000);
    await writePiece(spool.into, PIECE);

    spool.into.destroy(new Error('no space left on device'));
    await closed(spool.into);

    await expect(endPieces(spool.into)).rejects.toThrow('no space left on device');
    await spool.close();
  });
});
