import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { assessPriority } from '../../src/domain/priority.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { aTicket } from '../support/records.ts';

interface ClauseTexts {
  readonly clause: string;
  readonly quote: string;
  readonly criteria: readonly string[];
  readonly meets: readonly string[];
  readonly nearly: readonly string[];
  readonly denied: readonly string[];
}

const clauses: readonly ClauseTexts[] = parse(
  readFileSync(new URL('./fixtures/priority-clauses.yaml', import.meta.url), 'utf8'),
);
const { priority: policy } = await loadPolicy('mappings');

/** Whether any of the clause's criteria is met, and by which words. */
function verdictsOf(text: string, names: readonly string[]) {
  const { findings } = assessPriority(aTicket({ title: 'Обращение', text }), policy);
  return findings
    .filter(({ criterion }) => names.includes(criterion.name))
    .map(({ criterion, verdict, evidence }) => `${criterion.name}: ${verdict} (${evidence.map(({ quote }) => quote)})`);
}

const yes = expect.arrayContaining([expect.stringContaining(': yes')]);

describe.each(clauses.map((row) => [row.clause, row.quote, row] as const))('%s «%s»', (_clause, _quote, row) => {
  test.each(row.meets.map((text) => [text]))('is met by: %s', (text) => {
    expect(verdictsOf(text, row.criteria)).toEqual(yes);
  });

  test.each([...row.nearly, ...row.denied].map((text) => [text]))('is not met by: %s', (text) => {
    expect(verdictsOf(text, row.criteria)).not.toEqual(yes);
  });

  test('has criteria that the mapping has', () => {
    expect(policy.criteria.map(({ name }) => name)).toEqual(expect.arrayContaining([...row.criteria]));
  });
});

test('every characteristic of the regulation has its texts', () => {
  const wanted = Array.from({ length: 18 }, (_, index) => `R31.${index + 1}`);

  expect([...new Set(clauses.map(({ clause }) => clause))]).toEqual(wanted);
});
