import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DateTime } from 'luxon';
import { decide, type Policy } from '../domain/decide.ts';
import type { Facts } from '../domain/facts.ts';
import { readMappingText, shownName } from '../policy/mapping-text.ts';
import { checkYaml, type Fault, readYaml, type YamlFile } from '../yaml.ts';
import { type WholeExample, wholeExamplesSchema } from './examples-schema.ts';
import { type Mismatch, mismatchesOf } from './expectations.ts';
import { factsOf } from './facts-file.ts';
import { withHappenings } from './happened.ts';

export interface Example {
  readonly name: string;
  readonly clause: string;
  readonly facts: Facts;
  readonly at: DateTime;
  readonly expect: Readonly<Record<string, unknown>>;
  /** `file:line:column` of a part of the example. */
  readonly placeOf: (path: readonly (string | number)[]) => string;
}

export interface Failure extends Mismatch {
  readonly name: string;
  readonly clause: string;
  readonly place: string;
}

/** Every `.yaml` of the folder `examples/` of the mappings; none where there is no such folder. Throws nothing. */
export async function readExamples(
  mappings: string,
): Promise<{ readonly examples: readonly Example[]; readonly faults: readonly Fault[] }> {
  const folder = join(mappings, 'examples');
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .map((name) => readFile(join(folder, name))),
  );
  return {
    examples: files.flatMap(({ examples }) => examples),
    faults: files.flatMap(({ faults }) => faults),
  };
}

/** How the decision differs from what the example expects; nothing if it does not. */
export function failuresOf({ name, clause, facts, at, expect, placeOf }: Example, policy: Policy): readonly Failure[] {
  const outcome = { facts, policy, at, decision: decide(facts, policy, at) };
  return mismatchesOf(expect, outcome).map((each) => ({
    ...each,
    name,
    clause,
    place: placeOf(['expect', ...each.path]),
  }));
}

/** A failure as one line: place, example, what was expected and what was found. */
export function describeExampleFailure({ place, name, clause, path, expected, found }: Failure): string {
  const what = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return `${place} «${name}» (${clause}) expect${what}: expected ${expected}, found ${found}`;
}

async function readFile(
  place: string,
): Promise<{ readonly examples: readonly Example[]; readonly faults: readonly Fault[] }> {
  const read = await readMappingText(place);
  if ('fault' in read) {
    return { examples: [], faults: [read.fault] };
  }

  const source = readYaml(read.text, shownName(place));
  const parsed = checkYaml(source, wholeExamplesSchema, withDefaults(source.data));
  if ('faults' in parsed) {
    return { examples: [], faults: parsed.faults };
  }

  const faults = parsed.value.examples.flatMap((each, index, all) => faultsOfExample(each, index, all, source));
  return faults.length > 0
    ? { examples: [], faults }
    : { examples: parsed.value.examples.map((each, index) => toExample(each, index, source)), faults: [] };
}

function faultsOfExample(
  { name, at }: WholeExample,
  index: number,
  all: readonly WholeExample[],
  source: YamlFile,
): readonly Fault[] {
  const first = all.findIndex((other) => other.name === name);
  return [
    ...(first === index
      ? []
      : [
          source.fault(
            ['examples', index, 'name'],
            'value',
            `example ${first + 1} has this name already`,
            'Say what is special about this one.',
          ),
        ]),
    ...(at === undefined
      ? [
          source.fault(
            ['examples', index, 'at'],
            'value',
            'the moment of the decision is missing',
            'Write `at` here or under `defaults`, e.g. 2026-11-23T10:00:00+03:00.',
          ),
        ]
      : []),
  ];
}

function toExample(whole: WholeExample, index: number, source: YamlFile): Example {
  const { name, clause, expect, at, happened, ...written } = whole;
  const seenAt = at === undefined ? {} : { at };
  const ticket =
    happened === undefined || at === undefined ? written.ticket : withHappenings(written.ticket, happened, at);
  const facts = factsOf({ ...written, ...seenAt, ticket });
  return {
    name,
    clause,
    facts,
    at: at ?? facts.ticket.changedAt,
    expect,
    placeOf: (path) => {
      const { file, line, column } = source.fault(['examples', index, ...path], 'value', '', '');
      return `${file}:${line}:${column}`;
    },
  };
}

/** Lays each example over the defaults of its file; sections are joined, lists are not. */
function withDefaults(data: unknown): unknown {
  if (!isSection(data) || !isSection(data.defaults) || !Array.isArray(data.examples)) {
    return data;
  }

  const { at, ticket, issue, link, happened } = data.defaults;
  const examples = data.examples.map((each: unknown) => {
    if (!isSection(each)) {
      return each;
    }
    const present = Object.entries({ issue, link }).filter(([key]) => each[key] !== undefined);
    return layOver(
      {
        ...(at === undefined ? {} : { at }),
        ...(ticket === undefined ? {} : { ticket }),
        ...(happened === undefined ? {} : { happened }),
        ...Object.fromEntries(present),
      },
      each,
    );
  });
  return { ...data, examples };
}

function layOver(below: unknown, above: unknown): unknown {
  if (!isSection(below) || !isSection(above)) {
    return above === undefined ? below : above;
  }

  const keys = [...Object.keys(below), ...Object.keys(above)];
  return Object.fromEntries(keys.map((key) => [key, layOver(below[key], above[key])]));
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
