import type { Answers } from './contract.ts';

/** Where the sandbox may answer something else than the real help desk, and why. */
export interface Difference {
  readonly what: string;
  readonly reason: string;
  /** Steps that it is about. */
  readonly steps: RegExp;
  /** Takes what differs away from an answer of either. */
  readonly without: (answer: unknown) => unknown;
}

/** A step whose answers differ although all listed differences are taken away. */
export interface Deviation {
  readonly step: string;
  /** Lines of the two answers: `-` of the real one, `+` of the sandbox. */
  readonly lines: readonly string[];
}

export interface Comparison {
  readonly deviations: readonly Deviation[];
  /** Listed differences without which every step would be the same: they do not occur any more. */
  readonly idle: readonly string[];
}

export function compareAnswers(real: Answers, sandbox: Answers, differences: readonly Difference[]): Comparison {
  const steps = [...new Set([...Object.keys(real), ...Object.keys(sandbox)])];
  const occurring = new Set<string>();
  const deviations: Deviation[] = [];
  for (const step of steps) {
    const listed = differences.filter((each) => each.steps.test(step));
    const differ = (left: readonly Difference[]) =>
      JSON.stringify(reduced(real[step], left)) !== JSON.stringify(reduced(sandbox[step], left));
    if (differ(listed)) {
      deviations.push({ step, lines: linesThatDiffer(reduced(real[step], listed), reduced(sandbox[step], listed)) });
    }
    for (const each of listed) {
      if (differ(listed.filter((other) => other !== each))) {
        occurring.add(each.what);
      }
    }
  }
  return { deviations, idle: differences.map(({ what }) => what).filter((what) => !occurring.has(what)) };
}

function reduced(answer: unknown, differences: readonly Difference[]): unknown {
  return differences.reduce((left, { without }) => without(left), answer);
}

/** Most lines that tell of one step. */
const MOST_LINES = 20;

function linesThatDiffer(real: unknown, sandbox: unknown): readonly string[] {
  const [left, right] = [real, sandbox].map((each) => (JSON.stringify(each, undefined, 1) ?? 'nothing').split('\n'));
  const only = (lines: readonly string[] = [], others: readonly string[] = []) => {
    const left = new Map<string, number>();
    for (const line of others) {
      left.set(line, (left.get(line) ?? 0) + 1);
    }
    return lines.filter((line) => {
      const count = left.get(line) ?? 0;
      left.set(line, count - 1);
      return count <= 0;
    });
  };
  const lines = [...only(left, right).map((line) => `- ${line}`), ...only(right, left).map((line) => `+ ${line}`)];
  return lines.length > 0 ? lines.slice(0, MOST_LINES) : ['the same lines in another order'];
}
