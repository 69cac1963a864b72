/** A line, or a note that one was longer than allowed and is left out. */
export type Line = { readonly text: string } | { readonly tooLong: true };

export interface LineSplitter {
  /** The lines that a piece of text completes. */
  push(piece: string): readonly Line[];
  /** What follows the last line break, if anything does. */
  end(): readonly Line[];
}

/** Cuts pieces of text into lines. Holds back at most `longest` characters, however long a line is. */
export function createLineSplitter(longest: number): LineSplitter {
  let rest = '';
  let isTooLong = false;
  const finish = (text: string): Line => {
    const line: Line = isTooLong || text.length > longest ? { tooLong: true } : { text: text.replace(/\r$/, '') };
    isTooLong = false;
    return line;
  };

  return {
    push: (piece) => {
      const parts = piece.split('\n');
      const last = parts.pop() ?? '';
      const lines = parts.map((part, index) => finish(index === 0 ? rest + part : part));
      rest = lines.length === 0 ? rest + last : last;
      if (rest.length > longest) {
        isTooLong = true;
        rest = '';
      }
      return lines;
    },
    end: () => {
      const lines = rest === '' && !isTooLong ? [] : [finish(rest)];
      rest = '';
      return lines;
    },
  };
}
