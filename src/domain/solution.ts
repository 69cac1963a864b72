import { foldWord } from './russian.ts';
import { fill } from './template.ts';

/** What can be wrong with words that stand as the solution. */
export const solutionFaults = [
  'says_nothing',
  'same_as_title',
  'only_resolution',
  'too_short',
  'reason_too_short',
] as const;

export type SolutionFault = (typeof solutionFaults)[number];

/** When a solution is «short but informative» (R54), and when it is a reason for what cannot be done (R53, R69). */
export interface SolutionRules {
  /** Characters. */
  readonly minLength: number;
  readonly notTitle: boolean;
  /** Words that say nothing by themselves, such as «готово». */
  readonly bare: readonly string[];
  readonly reasonMinLength: number;
  readonly reasonNotResolution: boolean;
  /** How each fault is told to people; `{minimum}` is the length that was asked for. */
  readonly why: Readonly<Record<SolutionFault, string>>;
}

/** What the words are held against. */
export interface SolutionContext {
  readonly title: string;
  readonly resolution: string | undefined;
  readonly needsReason: boolean;
}

/** Why these words are no solution; undefined if they are one. */
export function faultOfSolution(
  solution: string,
  { title, resolution, needsReason }: SolutionContext,
  rules: SolutionRules,
): SolutionFault | undefined {
  const words = wordsOf(solution);
  const bare = new Set(rules.bare.flatMap(wordsOf));
  if (words.every((word) => bare.has(word))) {
    return 'says_nothing';
  }

  if (rules.notTitle && words.join(' ') === wordsOf(title).join(' ')) {
    return 'same_as_title';
  }

  const length = Array.from(solution.trim().replaceAll(/\s+/g, ' ')).length;
  if (needsReason) {
    const named = new Set([...bare, ...wordsOf(resolution ?? '')]);
    if (rules.reasonNotResolution && words.every((word) => named.has(word))) {
      return 'only_resolution';
    }

    return length < rules.reasonMinLength ? 'reason_too_short' : undefined;
  }

  return length < rules.minLength ? 'too_short' : undefined;
}

/** The fault as people read it. */
export function tellFault(fault: SolutionFault, rules: SolutionRules): string {
  const minimum = fault === 'reason_too_short' ? rules.reasonMinLength : rules.minLength;
  return fill(rules.why[fault], { minimum: String(minimum) });
}

function wordsOf(text: string): readonly string[] {
  return foldWord(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}
