/** Characters of base64 as they come -> the bytes that are complete so far. */
export function createDecoder(): (piece: Buffer) => Buffer {
  let rest = '';
  return (piece) => {
    const text = rest + piece.toString('latin1').replaceAll(/\s/g, '');
    const whole = text.length - (text.length % 4);
    rest = text.slice(whole);
    return Buffer.from(text.slice(0, whole), 'base64');
  };
}

/** Bytes that make whole groups of four characters, so that encoded pieces can be put together. */
const PIECE = 48 * 1024;

/** Bytes in pieces of any size -> their base64 as text. */
export async function* encoded(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = all.length - (all.length % 3);
    for (let at = 0; at < whole; at += PIECE) {
      yield Buffer.from(all.toString('base64', at, Math.min(at + PIECE, whole)), 'latin1');
    }
    rest = Buffer.from(all.subarray(whole));
  }
  if (rest.length > 0) {
    yield Buffer.from(rest.toString('base64'), 'latin1');
  }
}

export function encodedLength(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
