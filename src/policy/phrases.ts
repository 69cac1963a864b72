import { LONGEST_RUN, type Phrase, type Run, type Word } from '../domain/phrase.ts';
import { foldWord, readText, type Stem } from '../domain/russian.ts';

/** Groups of words by name, as the mapping has them. */
export type WordGroups = Readonly<Record<string, readonly string[]>>;

export interface PhraseCompiler {
  phrase(source: string): Phrase;
  runs(members: readonly string[]): readonly Run[];
}

const PART = /\{(?<group>[^{}]*)\}|\[(?<run>[^[\]]*)\]|(?<word>[^\s{}[\]]+)|(?<stray>[{}[\]])/gu;

/** What is wrong with a phrase; undefined if it can be searched for. */
export function faultOfPhrase(source: string, groups: WordGroups): string | undefined {
  for (const { groups: part = {} } of source.matchAll(PART)) {
    if (part.stray !== undefined) {
      return `the bracket ${part.stray} has no partner`;
    }

    if (part.group !== undefined && !Object.hasOwn(groups, part.group)) {
      return `there is no group of words «${part.group}»`;
    }

    const words = part.run ?? part.word;
    const fault = words === undefined ? undefined : faultOfRun(words);
    if (fault !== undefined) {
      return fault;
    }
  }

  return undefined;
}

/** What is wrong with words side by side, e.g. a member of a group. */
export function faultOfRun(words: string): string | undefined {
  if (/[{}[\]]/.test(words)) {
    return 'groups and brackets cannot be nested';
  }

  if (words.trim().split(/\s+/).length > LONGEST_RUN) {
    return `«${words}» has more than ${LONGEST_RUN} words side by side`;
  }

  return /[\p{L}\p{N}%]/u.test(words) ? undefined : `«${words}» has no word to look for`;
}

/** The groups that a phrase uses. */
export function groupsOf(source: string): readonly string[] {
  return Array.from(source.matchAll(PART), ({ groups }) => groups?.group).filter((group) => group !== undefined);
}

/** What was compiled from the same words is the same object, in every policy: a text is searched for it once. */
const compiledRuns = new WeakMap<Stem, Map<string, readonly Run[]>>();

/** Turns valid phrases into what texts are searched for. Groups are compiled once. */
export function phraseCompiler(groups: WordGroups, stem: Stem): PhraseCompiler {
  const known = compiledRuns.get(stem) ?? new Map<string, readonly Run[]>();
  compiledRuns.set(stem, known);
  const runs = (members: readonly string[]): readonly Run[] => {
    const key = members.join('\n');
    const compiled = known.get(key) ?? members.map(run);
    known.set(key, compiled);
    return compiled;
  };
  const compiled = new Map(Object.entries(groups).map(([group, members]) => [group, runs(members)]));
  return {
    runs,
    phrase: (source) => ({
      source,
      places: Array.from(source.matchAll(PART), ({ groups: part = {} }) =>
        part.group === undefined ? runs([part.run ?? part.word ?? '']) : (compiled.get(part.group) ?? []),
      ),
    }),
  };

  function run(words: string): Run {
    return words
      .split(/\s+/)
      .filter((piece) => piece !== '')
      .flatMap((piece): readonly Word[] =>
        piece.endsWith('*')
          ? [{ prefix: foldWord(piece.slice(0, -1)) }]
          : readText('', piece, stem).tokens.map(({ stem, word }) =>
              piece.startsWith('=') ? { stem, form: word } : { stem },
            ),
      );
  }
}
