import type { Sink } from './document.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A string that is kept is refused beyond this; nothing that is asked for is that long. */
const LONGEST_KEPT = 4_096;

/** The string under way: hands its characters on, or keeps them, with escapes resolved. */
export function createJsonText() {
  let sink: Sink | undefined;
  let isKept = false;
  let parts: Buffer[] = [];
  let keptLength = 0;
  /** An escape that is not complete yet, from its backslash on. */
  let escaped = '';
  /** The next quote of this chunk, so that a text full of escapes is not searched over and over. */
  let known: { readonly chunk: Buffer; readonly quote: number } | undefined;

  const quoteBehind = (chunk: Buffer, at: number) => {
    if (known?.chunk !== chunk || (known.quote >= 0 && known.quote < at)) {
      known = { chunk, quote: chunk.indexOf(QUOTE, at) };
    }
    return known.quote;
  };

  const put = (piece: Buffer): Promise<void> | void => {
    if (piece.length === 0) {
      return;
    }

    if (sink !== undefined) {
      return sink(piece);
    }

    if (isKept) {
      parts.push(Buffer.from(piece));
      keptLength += piece.length;
    }
    if (keptLength > LONGEST_KEPT) {
      throw new SyntaxError('a text that is longer than it may be');
    }
  };

  return {
    begin(target: Sink | 'keep' | 'skip' | undefined) {
      sink = typeof target === 'function' ? target : undefined;
      isKept = target === 'keep';
      parts = [];
      keptLength = 0;
    },
    /** Resolved as a whole, for one character may take two escapes. */
    kept: () => resolve(Buffer.concat(parts).toString('utf8')),
    /** Goes on from `at`; tells where to go on next and whether the string has ended. */
    async take(chunk: Buffer, at: number): Promise<{ readonly next: number; readonly isEnd: boolean }> {
      if (escaped !== '') {
        escaped += String.fromCharCode(chunk[at] ?? 0);
        const length = escaped[1] === 'u' ? 6 : 2;
        if (escaped.length === length) {
          const whole = isKept ? escaped : resolve(escaped);
          escaped = '';
          await put(Buffer.from(whole, 'utf8'));
        }
        return { next: at + 1, isEnd: false };
      }

      const quote = quoteBehind(chunk, at);
      const end = quote < 0 ? chunk.length : quote;
      const backslash = chunk.subarray(at, end).indexOf(BACKSLASH);
      const stop = backslash < 0 ? end : at + backslash;
      await put(chunk.subarray(at, stop));
      if (backslash >= 0) {
        escaped = '\\';
        return { next: stop + 1, isEnd: false };
      }

      return quote < 0 ? { next: end, isEnd: false } : { next: end + 1, isEnd: true };
    },
  };
}

function resolve(text: string): string {
  return String(JSON.parse(`"${text}"`));
}
