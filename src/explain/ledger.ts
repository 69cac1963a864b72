import type { ExplainedSegment, ExplainedStage } from './explanation.ts';
import { forPeople, lengthOf } from './moments.ts';

/**
 * The time of the stages as one account: what counted and what did not, with each deadline where it falls. Stages that are
 * counted from the same moment by the same calendar share an account; time that does not count is drawn together.
 */
export function ledgers(stages: readonly ExplainedStage[]): readonly string[] {
  const counted = stages.filter(({ due }) => due !== undefined);
  const accounts = Map.groupBy(counted, ({ from, calendar }) => `${from} ${calendar}`);
  return [...accounts.values()].flatMap((account) => ledger(account));
}

function ledger(stages: readonly ExplainedStage[]): readonly string[] {
  const [first] = stages;
  const longest = stages.reduce(
    (left, right) => (right.segments.length > left.segments.length ? right : left),
    stages[0] as ExplainedStage,
  );
  if (first?.from === undefined) {
    return [];
  }

  const dues = stages.flatMap(({ stage, due, term }) => (due === undefined ? [] : [{ stage, due, term }]));
  const lines = drawTogether(longest.segments).flatMap((segment) => {
    const within = dues.filter(({ due }) => isWithin(due, segment));
    return [
      lineOf(segment),
      ...within.map(({ stage, due, term }) => `      ${forPeople(due)}  ◂ ${stage} due (${term})`),
    ];
  });
  return [`  from ${forPeople(first.from)}, calendar ${first.calendar ?? ''}:`, ...lines];
}

function isWithin(due: string, { from, to }: ExplainedSegment): boolean {
  const moment = Date.parse(due);
  return moment > Date.parse(from) && moment <= Date.parse(to);
}

/** Evenings, week-ends and holidays in a row make one line. */
function drawTogether(segments: readonly ExplainedSegment[]): readonly ExplainedSegment[] {
  const drawn: ExplainedSegment[] = [];
  for (const segment of segments) {
    const last = drawn.at(-1);
    if (last !== undefined && !last.counted && !segment.counted && !isPause(last) && !isPause(segment)) {
      const reasons = new Set([...last.because.split(', '), segment.because]);
      drawn[drawn.length - 1] = { ...last, to: segment.to, because: [...reasons].join(', ') };
    } else {
      drawn.push(segment);
    }
  }
  return drawn;
}

function isPause({ because }: ExplainedSegment): boolean {
  return /^(paused|closed|not our service)/.test(because);
}

function lineOf({ from, to, counted, because }: ExplainedSegment): string {
  const length = lengthOf(Date.parse(to) - Date.parse(from));
  return `    ${counted ? '+' : '·'} ${forPeople(from)} – ${forPeople(to)}  ${counted ? length.padEnd(9) : '—'.padEnd(9)}  ${because}`;
}
