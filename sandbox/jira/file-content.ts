import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { PartSink } from './multipart.ts';

/** The bytes of a file, or as much as the sandbox keeps of them. */
export interface FileContent {
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Undefined for a large file that came in from outside: only its size and hash are kept. */
  open(): Readable | undefined;
}

/** Larger files that come in are hashed and measured, not kept. */
const MOST_KEPT_BYTES = 4 * 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;

/** Content that is in memory. */
export function contentOf(bytes: Buffer): FileContent {
  return {
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    open: () => Readable.from(bytes.length === 0 ? [] : [bytes]),
  };
}

/**
 * Content of any size that is made while it is read: `head`, then numbered lines of text, so that a block that is lost
 * or swapped changes the hash.
 */
export function generatedContent(size: number, head: Buffer = Buffer.alloc(0)): FileContent {
  let sha256: string | undefined;
  return {
    size,
    get sha256() {
      sha256 ??= hashOf(blocks(size, head));
      return sha256;
    },
    open: () => Readable.from(blocks(size, head)),
  };
}

function* blocks(size: number, head: Buffer): Generator<Buffer> {
  const start = head.subarray(0, size);
  if (start.length > 0) {
    yield start;
  }

  const filler = Buffer.alloc(BLOCK_BYTES, `${'.'.repeat(63)}\n`);
  for (let at = start.length; at < size; at += BLOCK_BYTES) {
    const block = Buffer.from(filler.subarray(0, Math.min(BLOCK_BYTES, size - at)));
    block.write(String(at));
    yield block;
  }
}

function hashOf(parts: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest('hex');
}

/** Takes a file in without keeping more of it than a few megabytes. */
export function createIntake(): PartSink & { content(): FileContent } {
  const hash = createHash('sha256');
  let kept: Buffer[] | undefined = [];
  let size = 0;
  let content: FileContent | undefined;
  return {
    write: (bytes) => {
      hash.update(bytes);
      size += bytes.length;
      if (size > MOST_KEPT_BYTES) {
        kept = undefined;
      }
      // A copy: the view would keep the whole buffer of the socket alive.
      kept?.push(Buffer.from(bytes));
    },
    end: () => {
      const bytes = kept === undefined ? undefined : Buffer.concat(kept);
      content = {
        size,
        sha256: hash.digest('hex'),
        open: () => (bytes === undefined ? undefined : Readable.from(bytes.length === 0 ? [] : [bytes])),
      };
    },
    content: () => content ?? contentOf(Buffer.alloc(0)),
  };
}
