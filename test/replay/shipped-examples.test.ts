import { describe, expect, test } from '@jest/globals';
import { readClauses } from '../../scripts/regulation/read-project.ts';
import { decide } from '../../src/domain/decide.ts';
import { readExamples } from '../../src/replay/examples.ts';
import { mismatchesOf, type Outcome } from '../../src/replay/expectations.ts';
import { shippedPolicy as policy } from '../support/policy.ts';

/** Clauses that no example can show, and why. */
const unshown: Readonly<Record<string, string>> = {};

const { examples } = await readExamples('mappings');
const outcomes = examples.map(({ facts, at }): Outcome => ({ facts, policy, at, decision: decide(facts, policy, at) }));

test('every clause that is implemented has an example', async () => {
  const { chapters } = await readClauses('.');
  const implemented = chapters.flatMap(({ clauses }) => clauses).filter(({ status }) => status === 'implemented');
  const shown = new Set(examples.flatMap(({ clause }) => clause.split(', ')));

  expect(implemented.map(({ id }) => id).filter((id) => !shown.has(id) && unshown[id] === undefined)).toEqual([]);
  expect(Object.keys(unshown).filter((id) => shown.has(id))).toEqual([]);
});

describe('every example can fail', () => {
  test.each(examples.map((example) => [`${example.name} (${example.clause})`, example] as const))(
    '%s: another ticket comes to something else',
    (_, { expect: expected }) => {
      const tellsApart = (name: string) =>
        outcomes.some((outcome) => mismatchesOf({ [name]: expected[name] }, outcome).length > 0);

      expect(Object.keys(expected).filter((name) => !tellsApart(name))).toEqual([]);
    },
  );

  test('a rule that has to be silent is one that speaks elsewhere', () => {
    const spoken = new Set(outcomes.flatMap(({ decision }) => decision.because.map(({ rule }) => rule)));
    const silent = examples.flatMap(({ expect: { no_reasons: rules } }) => (Array.isArray(rules) ? rules : []));

    expect(silent.filter((rule) => !spoken.has(rule))).toEqual([]);
  });
});
