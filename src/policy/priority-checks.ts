import type { Condition } from '../domain/condition.ts';
import { foldWord } from '../domain/russian.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import { compileCondition } from './compile-condition.ts';
import { faultOfPhrase, faultOfRun, groupsOf } from './phrases.ts';
import type { PriorityMapping } from './priority-schema.ts';
import { checkReachability, conflictIn, covers as coversAll } from './reachability.ts';

type Path = readonly (string | number)[];
type Criterion = PriorityMapping['criteria'][number];
type Requirement = Criterion['when'][number];

/** What the schema of the priorities cannot see: names that lead nowhere and criteria that can never decide. */
export function checkPriority(mapping: PriorityMapping, source: YamlFile): readonly Fault[] {
  const at = (path: Path, message: string, help: string) => source.fault(path, 'value', message, help);
  return [
    ...mapping.criteria.flatMap((row, index) => [
      ...brokenPhrases(row, mapping).map(([path, fault]) =>
        at(['criteria', index, ...path], fault, 'Correct the phrase, or add the group under `words`.'),
      ),
      ...unfounded(row).map((fault) =>
        at(['criteria', index, 'when'], fault, 'Add `phrases` that say what the number is about, or a `property`.'),
      ),
      ...contradictions(row).map(([path, fault]) =>
        at(['criteria', index, ...path], fault, 'Remove one of the two: the criterion could never be met.'),
      ),
      ...shadowed(row, index, mapping).map((fault) =>
        at(['criteria', index, 'name'], fault, 'Remove this criterion, or ask for something less in it.'),
      ),
    ]),
    ...checkReachability('defaults', mapping.defaults, source),
    ...unnamedRanks(mapping).map(([path, fault]) =>
      at(path, fault, 'Add a row with this rank under `priorities`, or use a rank that stands there.'),
    ),
    ...brokenWords(mapping).map(([path, fault]) => at(path, fault, 'Correct or remove it.')),
  ];
}

type Found = readonly [path: Path, fault: string];

function brokenPhrases(row: Criterion, { words }: PriorityMapping): readonly Found[] {
  return (['when', 'unless'] as const).flatMap((list) =>
    row[list].flatMap((requirement, index) =>
      (requirement.phrases ?? []).flatMap((phrase, position): readonly Found[] => {
        const fault = faultOfPhrase(phrase, words);
        return fault === undefined ? [] : [[[list, index, 'phrases', position], fault]];
      }),
    ),
  );
}

/** A number alone proves nothing: «10 minutes» must be minutes of something. */
function unfounded({ when }: Criterion): readonly string[] {
  return when.some(({ phrases, property }) => phrases !== undefined || property !== undefined)
    ? []
    : ['the criterion has neither phrases nor a property of the ticket'];
}

function contradictions(row: Criterion): readonly Found[] {
  const excluded = row.unless.flatMap((requirement, index): readonly Found[] => {
    const implied = row.when.find((each) => implies(each, requirement));
    return implied === undefined
      ? []
      : [[['unless', index], 'whatever meets `when` also meets this, so the criterion can never be met']];
  });
  const questions = row.when.flatMap((requirement, index) => {
    const condition = questionOf(requirement);
    return condition === undefined ? [] : [{ condition, index }];
  });
  const conflict = questions[conflictIn(questions.map(({ condition }) => condition)) ?? questions.length];
  return conflict === undefined
    ? excluded
    : [
        ...excluded,
        [
          ['when', conflict.index],
          `\`${conflict.condition.property}\` cannot meet this and an earlier condition at once`,
        ],
      ];
}

/** The question about a property of the ticket; undefined for what is looked for in texts. */
function questionOf({ property, ...tests }: Requirement): Condition | undefined {
  return property === undefined ? undefined : compileCondition({ property, ...tests });
}

/**
 * A criterion that is met only when a higher one is met as well never decides. Criteria of a chosen reading cast no
 * shadow: choosing another reading must not make the mapping invalid.
 */
function shadowed(row: Criterion, index: number, mapping: PriorityMapping): readonly string[] {
  if (row.hint) {
    return [];
  }

  const earlier = mapping.criteria.find((other, position) => {
    const isHigher = other.priority < row.priority || (other.priority === row.priority && position < index);
    return position !== index && isHigher && !other.hint && other.under === undefined && covers(other, row);
  });
  return earlier === undefined
    ? []
    : [`never decides: whatever meets it also meets «${earlier.name}», which has at least its priority`];
}

/** Of equal priority, only the same criterion written twice is a fault: narrower ones name other clauses. */
function covers(wide: Criterion, narrow: Criterion): boolean {
  const isMet = wide.when.every((wanted) => narrow.when.some((each) => implies(each, wanted)));
  const isRefuted = !wide.unless.every((exception) => narrow.unless.some((each) => implies(exception, each)));
  const isSame = narrow.when.every((wanted) => wide.when.some((each) => implies(each, wanted)));
  return isMet && !isRefuted && (wide.priority < narrow.priority || isSame);
}

/** Whether a ticket that meets `narrow` meets `wide` for certain. */
function implies(narrow: Requirement, wide: Requirement): boolean {
  if (narrow.phrases !== undefined && wide.phrases !== undefined) {
    const known = wide.phrases.map(foldPhrase);
    return narrow.phrases.every((phrase) => known.includes(foldPhrase(phrase)));
  }

  const known = questionOf(narrow);
  const asked = questionOf(wide);
  if (known !== undefined && asked !== undefined) {
    return coversAll([asked], [known]);
  }

  return JSON.stringify(narrow) === JSON.stringify(wide);
}

function foldPhrase(phrase: string): string {
  return foldWord(phrase).trim().replaceAll(/\s+/g, ' ');
}

function unnamedRanks({ priorities, criteria, defaults, otherwise }: PriorityMapping): readonly Found[] {
  const uses: readonly (readonly [Path, number])[] = [
    ...criteria.map((row, index) => [['criteria', index, 'priority'], row.priority] as const),
    ...defaults.map((row, index) => [['defaults', index, 'priority'], row.priority] as const),
    [['otherwise', 'priority'], otherwise.priority],
  ];
  const missing = uses
    .filter(([, rank]) => !priorities.some((row) => row.rank === rank))
    .map(([path, rank]): Found => [path, `there is no priority with rank ${rank}`]);
  const repeated = priorities.flatMap((row, index): readonly Found[] =>
    priorities.findIndex(({ rank }) => rank === row.rank) === index
      ? []
      : [[['priorities', index, 'rank'], `rank ${row.rank} is given twice`]],
  );
  return [...missing, ...repeated];
}

function brokenWords({ words, negation, people, criteria }: PriorityMapping): readonly Found[] {
  const lists: readonly (readonly [Path, readonly string[]])[] = [
    ...Object.entries(words).map(([group, members]) => [['words', group], members] as const),
    ...Object.entries(negation).map(([list, members]) => [['negation', list], members] as const),
    [['people'], people],
  ];
  const broken = lists.flatMap(([path, members]) =>
    members.flatMap((member, index): readonly Found[] => {
      const fault = faultOfRun(member);
      return fault === undefined ? [] : [[[...path, index], fault]];
    }),
  );
  const used = new Set(
    criteria.flatMap(({ when, unless }) =>
      [...when, ...unless].flatMap(({ phrases = [] }) => phrases.flatMap((phrase) => groupsOf(phrase))),
    ),
  );
  const unused = Object.keys(words)
    .filter((group) => !used.has(group))
    .map((group): Found => [['words', group], `no phrase uses the group «${group}»`]);
  return [...broken, ...unused];
}
