import type { ExplainedSegment, ExplainedStage } from './explanation.ts';
import { forPeople, lengthOf } from './moments.ts';

/** `telling` draws together what lies between two deadlines or pauses; `all` shows every segment. */
export type Detail = 'telling' | 'all';

interface Due {
  readonly stage: string;
  readonly due: string;
  readonly term: string | undefined;
}

/**
 * The time of the stages as one account: what counted and what did not, with each deadline where it falls. Stages that are
 * counted from the same moment by the same calendar share an account.
 */
export function ledgers(stages: readonly ExplainedStage[], detail: Detail): readonly string[] {
  const counted = stages.filter(({ due }) => due !== undefined);
  const accounts = Map.groupBy(counted, ({ from, calendar }) => `${from} ${calendar}`);
  return [...accounts.values()].flatMap((account) => ledger(account, detail));
}

function ledger(stages: readonly ExplainedStage[], detail: Detail): readonly string[] {
  const [first] = stages;
  if (first?.from === undefined) {
    return [];
  }

  const longest = stages.reduce((left, right) => (right.segments.length > left.segments.length ? right : left), first);
  const dues = stages
    .flatMap(({ stage, due, term }): readonly Due[] => (due === undefined ? [] : [{ stage, due, term }]))
    .toSorted((left, right) => Date.parse(left.due) - Date.parse(right.due));
  const pieces = longest.segments.flatMap((segment) => cutAt(segment, dues));
  const drawn = detail === 'all' ? pieces.map((piece) => [piece]) : drawTogether(pieces, dues);
  const lines = drawn.flatMap((run) => {
    const end = run.at(-1)?.to ?? '';
    const reached = dues.filter(({ due }) => due === end);
    return [
      lineOf(run),
      ...reached.map(({ stage, due, term }) => `      ${forPeople(due)}  ◂ ${stage} due (${term ?? ''})`),
    ];
  });
  return [`  from ${forPeople(first.from)}, calendar ${first.calendar ?? ''}:`, ...lines];
}

/** A segment in which deadlines fall, cut at each of them. */
function cutAt(segment: ExplainedSegment, dues: readonly Due[]): readonly ExplainedSegment[] {
  const inside = new Set(dues.map(({ due }) => due).filter((due) => isInside(due, segment)));
  const ends = [...inside, segment.to];
  return ends.map((to, index) => ({ ...segment, from: ends[index - 1] ?? segment.from, to }));
}

function isInside(due: string, { from, to }: ExplainedSegment): boolean {
  const moment = Date.parse(due);
  return moment > Date.parse(from) && moment < Date.parse(to);
}

/** Runs of segments between deadlines; a pause stands for itself. */
function drawTogether(pieces: readonly ExplainedSegment[], dues: readonly Due[]): readonly ExplainedSegment[][] {
  const runs: ExplainedSegment[][] = [];
  for (const piece of pieces) {
    const last = runs.at(-1)?.at(-1);
    const isNew = last === undefined || isPause(last) || isPause(piece) || dues.some(({ due }) => due === last.to);
    if (isNew) {
      runs.push([piece]);
    } else {
      runs.at(-1)?.push(piece);
    }
  }
  return runs;
}

function isPause({ because }: ExplainedSegment): boolean {
  return /^(paused|closed|not our service)/.test(because);
}

function lineOf(run: readonly ExplainedSegment[]): string {
  const from = run[0]?.from ?? '';
  const to = run.at(-1)?.to ?? '';
  const counted = run.filter((segment) => segment.counted).reduce((sum, segment) => sum + msOf(segment), 0);
  const because = [...new Set(run.toSorted(countedFirst).map((segment) => segment.because))].join(', ');
  const share = counted === 0 ? 'nothing counts' : lengthOf(counted, 'hours');
  return `    ${counted === 0 ? '·' : '+'} ${forPeople(from)} – ${forPeople(to)}  ${share.padEnd(14)}  ${because}`;
}

function countedFirst(left: ExplainedSegment, right: ExplainedSegment): number {
  return Number(right.counted) - Number(left.counted);
}

function msOf({ from, to }: ExplainedSegment): number {
  return Date.parse(to) - Date.parse(from);
}
