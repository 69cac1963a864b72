/** Bytes as base64, in pieces. */
export async function* toBase64(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = Buffer.concat([rest, chunk]);
    const whole = all.length - (all.length % 3);
    rest = all.subarray(whole);
    yield all.subarray(0, whole).toString('base64');
  }
  yield rest.toString('base64');
}

/** Pieces of base64 -> bytes; without a piece, what is left. What the real one cannot decode it leaves out. */
export function fromBase64(): (piece?: string) => Buffer {
  let rest = '';
  return (piece) => {
    const all = (rest + (piece ?? '')).replaceAll(/[^A-Za-z0-9+/]/g, '');
    const whole = piece === undefined ? all.length : all.length - (all.length % 4);
    rest = all.slice(whole);
    return Buffer.from(all.slice(0, whole), 'base64');
  };
}
