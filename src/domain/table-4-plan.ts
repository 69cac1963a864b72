import type { Calendar } from './calendar.ts';
import type { Branch, Stage } from './stage.ts';
import type { Term } from './term.ts';

/** The row of Table 4 for one priority, compiled. */
export interface PriorityTargets {
  readonly number: number;
  /** Name of the priority in OTRS. */
  readonly name: string;
  readonly clause: string;
  readonly calendar: Calendar;
  /** Whether the row's terms are written with «+» (R19, R21). */
  readonly counting: 'added' | 'from_start';
  readonly terms: Readonly<Record<Stage, WordedTerm>> & { readonly resolutionIfWorkaround?: WordedTerm | undefined };
}

export interface WordedTerm {
  readonly words: string;
  readonly term: Term;
}

/** How the ambiguous clauses are read. `mappings/sla.yaml` explains each. */
export interface Readings {
  readonly reactionStartsAt: 'registration' | 't0';
  readonly reactionPauses: 'counted_out' | 'ignored';
  readonly plus: 'norm' | 't0' | 'actual';
  readonly workaroundBase: 'norm' | 'delivery';
  readonly lateWorkaround: 'switches' | 'ignored';
  readonly priorityRaised: 'new_chain' | 'retroactive';
}

export interface PlannedStage {
  readonly name: Branch;
  readonly clause: string;
  readonly words: string;
  readonly term: Term;
  /** `norm`: the stage's own deadline; `done`: the moment it was done, or its deadline while it is not. */
  readonly startsAt: 't0' | { readonly after: Stage; readonly by: 'norm' | 'done' };
}

/** What each deadline of a row is counted from and for how long, by the readings of R19 and R20. */
export function createPlan(row: PriorityTargets, readings: Readings): readonly PlannedStage[] {
  const { reaction, diagnosis, workaround, resolution, resolutionIfWorkaround } = row.terms;
  const isStacked = row.counting === 'added' && readings.plus === 'norm';
  const isChained = row.counting === 'added' && readings.plus === 'actual';
  const afterReaction = isStacked ? sum(reaction, diagnosis) : diagnosis;
  const afterDiagnosis = isStacked ? sum(afterReaction, workaround) : workaround;
  const afterWorkaround = isStacked ? sum(afterDiagnosis, resolution) : resolution;
  const stage = (name: Stage, worded: WordedTerm, after: Stage): PlannedStage => ({
    name,
    clause: row.clause,
    ...worded,
    startsAt: isChained ? { after, by: 'done' } : 't0',
  });

  return [
    { name: 'reaction', clause: row.clause, ...reaction, startsAt: 't0' },
    stage('diagnosis', afterReaction, 'reaction'),
    stage('workaround', afterDiagnosis, 'diagnosis'),
    stage('resolution', afterWorkaround, 'workaround'),
    ...(resolutionIfWorkaround === undefined
      ? []
      : [branch(row, resolutionIfWorkaround, afterDiagnosis, isChained, readings)]),
  ];
}

/** «Или +4 суток, если было предоставлено временное решение». */
function branch(
  row: PriorityTargets,
  own: WordedTerm,
  workaround: WordedTerm,
  isChained: boolean,
  { workaroundBase }: Readings,
): PlannedStage {
  const named = { name: 'resolutionIfWorkaround', clause: row.counting === 'added' ? 'R20' : row.clause } as const;
  if (row.counting === 'from_start') {
    return { ...named, ...own, startsAt: 't0' };
  }

  if (workaroundBase === 'delivery') {
    return { ...named, ...own, startsAt: { after: 'workaround', by: 'done' } };
  }

  return isChained
    ? { ...named, ...own, startsAt: { after: 'workaround', by: 'norm' } }
    : { ...named, ...sum(workaround, own), startsAt: 't0' };
}

/** Throws `RangeError` for terms that are no lengths of time: a month cannot be added to hours. */
function sum(first: WordedTerm, second: WordedTerm): WordedTerm {
  if (first.term.kind !== 'open' || second.term.kind !== 'open') {
    throw new RangeError(`«${first.words}» and «${second.words}» cannot be added`);
  }

  return {
    words: `${first.words} + ${second.words}`,
    term: { kind: 'open', ms: first.term.ms + second.term.ms },
  };
}
