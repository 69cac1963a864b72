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

/** An id stands alone: neither part of a word nor of a longer number. */
const ID =
  /(?<![\p{L}\p{N}_$.#-])R\d+[a-z]?(?:\.\d+)?(?![\p{L}\p{N}_]|\.\d)|(?<=R\d+[a-z]?(?:\.\d+)?[-–])R\d+[a-z]?(?:\.\d+)?(?![\p{L}\p{N}_])/gu;

/** Every clause id of the files, in the order of paths. A range such as `R52-R54` names its two ends only. */
export function findMentions(files: readonly SourceFile[]): readonly Mention[] {
  return files
    .toSorted((left, right) => (left.path < right.path ? -1 : 1))
    .flatMap(({ path, text }) => {
      const found = Map.groupBy(text.matchAll(ID), ([clause]) => clause);
      return [...found].map(([clause, matches]) => ({
        clause,
        path,
        count: matches.length,
        line: text.slice(0, matches[0]?.index).split('\n').length,
      }));
    });
}
