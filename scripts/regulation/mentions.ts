/** A file that may name clauses; the path counts from the root of the project. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One clause id in one file. */
export interface Mention {
  readonly clause: string;
  readonly path: string;
  readonly count: number;
  /** Line of the first one, counted from 1. */
  readonly line: number;
}

const ID = /R\d+[a-z]?(?:\.\d+)?/g;

/** What may not stand before an id: it would be a part of a word, of a name or of a variable. */
const JOINED_BEFORE = /[\p{L}\p{N}_$.#-]$/u;

/** Nor after it. */
const JOINED_AFTER = /^(?:[\p{L}\p{N}_]|\.\d)/u;

/** Before the second end of a range such as `R52-R54`. */
const RANGE = /R\d+[a-z]?(?:\.\d+)?[-–]$/;

/** Every clause id of the files, in the order of paths. A range names its two ends only. */
export function findMentions(files: readonly SourceFile[]): readonly Mention[] {
  return files
    .toSorted((left, right) => (left.path < right.path ? -1 : 1))
    .flatMap(({ path, text }) => {
      const alone = Iterator.from(text.matchAll(ID)).filter((match) => standsAlone(match, text));
      const found = Map.groupBy(alone, ([clause]) => clause);
      return [...found].map(([clause, matches]) => ({
        clause,
        path,
        count: matches.length,
        line: text.slice(0, matches[0]?.index).split('\n').length,
      }));
    });
}

function standsAlone({ 0: clause, index }: RegExpExecArray, text: string): boolean {
  const before = text.slice(Math.max(0, index - 12), index);
  const after = text.slice(index + clause.length, index + clause.length + 3);
  return !JOINED_AFTER.test(after) && (!JOINED_BEFORE.test(before) || RANGE.test(before));
}
