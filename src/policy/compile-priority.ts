import type { Criterion, Requirement } from '../domain/criterion.ts';
import type { PriorityPolicy } from '../domain/priority.ts';
import type { Wording } from '../domain/vocabulary.ts';
import { compileCondition } from './compile-condition.ts';
import { type PhraseCompiler, phraseCompiler } from './phrases.ts';
import type { PriorityMapping } from './priority-schema.ts';
import { stem } from './stem.ts';

type CriterionRow = PriorityMapping['criteria'][number];
type RequirementRow = CriterionRow['when'][number];

/** Valid criteria -> the policy that priorities are judged by. The zone of its moments is that of clock times in texts. */
export function compilePriority(mapping: PriorityMapping, wording: Wording): PriorityPolicy {
  const compiler = phraseCompiler(mapping.words, stem);
  const { negation, read } = mapping;
  return {
    names: mapping.priorities,
    criteria: mapping.criteria
      .filter((row) => isInForce(row, mapping))
      .map((row) => compileCriterion(row, mapping, compiler)),
    defaults: mapping.defaults.map(({ priority, when, ...row }) => ({
      ...row,
      rank: priority,
      when: when.map(compileCondition),
    })),
    otherwise: {
      name: mapping.otherwise.name,
      clause: mapping.otherwise.clause,
      rank: mapping.otherwise.priority,
      triage: mapping.otherwise.triage,
      when: [],
    },
    sources: read.from,
    readAtMost: read.at_most,
    negation: {
      before: compiler.runs(negation.before),
      after: compiler.runs(negation.after),
      supposed: compiler.runs(negation.supposed),
      gap: read.gap,
    },
    ago: mapping.readings.ago,
    morning: minuteOfDay(read.morning),
    zone: wording.moments.zone,
    stem,
    ...(mapping.disagreement === 'note' && mapping.note !== undefined ? { note: { ...mapping.note, wording } } : {}),
  };
}

function minuteOfDay(time: string): number {
  const [hours, minutes] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** Whether the chosen readings put the criterion in force. */
function isInForce({ under }: CriterionRow, { readings }: PriorityMapping): boolean {
  return Object.entries(under ?? {}).every(
    ([reading, accepted]) =>
      accepted === undefined || (accepted as readonly string[]).includes(readings[reading as keyof typeof readings]),
  );
}

function compileCriterion(row: CriterionRow, mapping: PriorityMapping, compiler: PhraseCompiler): Criterion {
  const people = { source: 'people', places: [compiler.runs(mapping.people)] };
  return {
    name: row.name,
    clause: row.clause,
    quote: row.quote,
    rank: row.priority,
    hint: row.hint && mapping.readings.causes === 'hints',
    when: row.when.map(compileRequirement),
    unless: row.unless.map(compileRequirement),
  };

  function compileRequirement(requirement: RequirementRow): Requirement {
    const { phrases, lasts_at_least, people_at_least, property } = requirement;
    if (phrases !== undefined) {
      return { ask: 'phrases', phrases: phrases.map(compiler.phrase) };
    }

    if (lasts_at_least !== undefined) {
      return { ask: 'lasts', minutes: mapping.thresholds[lasts_at_least] };
    }

    return people_at_least !== undefined || property === undefined
      ? { ask: 'people', atLeast: mapping.thresholds.branch_people, words: people }
      : { ask: 'property', condition: compileCondition({ ...requirement, property }) };
  }
}
