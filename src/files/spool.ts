import { createHash } from 'node:crypto';
import { type FileHandle, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { BridgeError } from '../errors.ts';
import { createLitterCount } from './collect.ts';

/**
 * A file on the disk that nobody else can open: it loses its name before the first byte is written, so nothing is left
 * of it when it is closed or when the process is killed.
 */
export interface Spool {
  /** Takes the content in, once, and has to be ended. Fails with `SPOOL_UNAVAILABLE`, e.g. when the disk is full. */
  readonly into: Writable;
  /** Bytes that have come in so far. */
  size(): number;
  /** Of what has come in, once `into` has ended. */
  sha256(): string;
  /** The whole content from its beginning; may be called several times. */
  read(): Readable;
  /** A part of the content; shorter at the end. */
  part(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Bytes that stay free on the disk for everybody else. */
const RESERVE = 64 * 1024 * 1024;
const PIECE = 64 * 1024;

/** Throws `SPOOL_UNAVAILABLE` where the folder has no room for `expected` bytes or cannot be written. */
export async function openSpool(expected: number, folder: string = tmpdir()): Promise<Spool> {
  const handle = await create(expected, folder).catch((cause: unknown) => {
    throw unavailable(folder, cause);
  });
  const hash = createHash('sha256');
  let size = 0;
  let digest: string | undefined;
  const leave = createLitterCount();

  const append = async (chunk: Buffer) => {
    for (let written = 0; written < chunk.length; ) {
      const { bytesWritten } = await handle.write(chunk, written, chunk.length - written, size);
      written += bytesWritten;
      size += bytesWritten;
    }
    hash.update(chunk);
    leave(chunk.length);
  };

  const into = new Writable({
    highWaterMark: PIECE,
    write: (chunk: Buffer, _encoding, done) => {
      append(chunk).then(
        () => done(),
        (cause: unknown) => done(unavailable(folder, cause)),
      );
    },
  });
  // Who writes next is told. Between two pieces nobody listens, and a full disk must not end the process.
  into.on('error', () => {});

  return {
    into,
    size: () => size,
    sha256: () => {
      digest ??= hash.digest('hex');
      return digest;
    },
    read: () => Readable.from(piecesOf(handle, size, leave), { objectMode: false, highWaterMark: PIECE }),
    part: (offset, length) => readAt(handle, offset, length),
    close: async () => {
      // What still waits to be written is not wanted any more.
      into.destroy();
      await handle.close();
    },
  };
}

async function create(expected: number, folder: string): Promise<FileHandle> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < expected + RESERVE) {
    throw new Error(`${expected} bytes are expected, and ${bavail * bsize} are free`);
  }

  const own = await mkdtemp(join(folder, 'otrs-jira-bridge-'));
  try {
    return await open(join(own, 'file'), 'wx+', 0o600);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function* piecesOf(handle: FileHandle, size: number, leave: (bytes: number) => void): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < size; ) {
    const piece = await readAt(handle, offset, Math.min(PIECE, size - offset));
    if (piece.length === 0) {
      throw new Error(`the spooled file ends after ${offset} of ${size} bytes`);
    }
    yield piece;
    offset += piece.length;
    leave(piece.length);
  }
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

function unavailable(folder: string, cause: unknown): BridgeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BridgeError('SPOOL_UNAVAILABLE', `a file cannot be kept in ${folder} on its way: ${reason}`, { cause });
}

/** Writes a piece and waits while the other end has no room. Throws what the stream failed with. */
export async function writePiece(into: Writable, piece: Buffer): Promise<void> {
  refuseClosed(into);
  if (!into.write(piece)) {
    await until(into, 'drain');
  }
}

/** Ends the stream and waits for its last byte to arrive. Throws what the stream failed with. */
export async function endPieces(into: Writable): Promise<void> {
  refuseClosed(into);
  const finished = until(into, 'finish');
  into.end();
  await finished;
}

function refuseClosed(into: Writable): void {
  if (into.destroyed) {
    throw closedBy(into);
  }
}

function closedBy({ errored }: Writable): Error {
  return errored ?? new Error('what takes the file in is closed');
}

function until(into: Writable, event: 'drain' | 'finish'): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      into.off(event, arrived).off('error', failed).off('close', closed);
      act();
    };
    const arrived = () => settle(resolve);
    const failed = (error: Error) => settle(() => reject(error));
    const closed = () => failed(closedBy(into));
    into.once(event, arrived).once('error', failed).once('close', closed);
  });
}
