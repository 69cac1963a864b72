import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadPolicy } from '../../src/policy/load.ts';
import { describeExampleFailure, failuresOf, readExamples } from '../../src/replay/examples.ts';
import { describeFault } from '../../src/yaml.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'examples-'));
  await cp('mappings', folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const shipped = await readExamples('mappings');
const policy = await loadPolicy('mappings');

describe('the shipped examples', () => {
  test('are at least 25, and free of faults', () => {
    expect(shipped.faults).toEqual([]);
    expect(shipped.examples.length).toBeGreaterThanOrEqual(25);
  });

  test.each(shipped.examples.map((example) => [`${example.name} (${example.clause})`, example] as const))(
    '%s',
    (_, example) => {
      expect(failuresOf(example, policy).map(describeExampleFailure)).toEqual([]);
    },
  );
});

async function failuresAfter(from: string, to: string, file = 'priority.yaml'): Promise<readonly string[]> {
  const place = join(folder, file);
  const text = await readFile(place, 'utf8');
  expect(text).toContain(from);
  await writeFile(place, text.replace(from, to));
  const changed = await loadPolicy(folder);
  const { examples } = await readExamples(folder);
  return examples.flatMap((example) => failuresOf(example, changed)).map(describeExampleFailure);
}

describe('a change of the rules', () => {
  test('is told by the examples that no longer hold, with file, line, expected and found', async () => {
    const failures = await failuresAfter('hang_minutes: 10', 'hang_minutes: 20');

    expect(failures).toEqual([
      expect.stringMatching(
        /examples\/priority\.yaml:\d+:\d+ «Система зависает на 10 минут и дольше» \(R31\.5\) expect\.priority: expected 1 Критичный, found 3 Средний \(no-criterion-is-met\)$/,
      ),
    ]);
  });

  test('that opens another kind of issue is told by the property that differs', async () => {
    const failures = await failuresAfter('type: Дефект', 'type: Ошибка', 'escalation.yaml');

    expect(failures[0]).toMatch(/expect\.actions\[0\]: expected draft\.type "Дефект", found "Ошибка"$/);
  });

  test('that drops a rule is told by the action that is missing', async () => {
    const failures = await failuresAfter('is: ["1"]', 'is: ["2"]', 'escalation.yaml');

    expect(failures.join('\n')).toMatch(/expect\.actions: expected 1 action\(s\), found no action/);
    expect(failures.join('\n')).toMatch(/expect\.reasons\[0\]: expected handed-over-by-field \(R50\), found /);
  });
});

const head = 'defaults: { at: 2026-11-23T10:00:00+03:00 }\nexamples:\n';
const ticket = 'ticket: { title: a, text: b }';

describe('a file of examples with a fault', () => {
  test.each<[string, string, RegExp]>([
    [
      'an unknown expectation',
      `${head}  - { name: a, clause: R50, ${ticket}, expect: { prioriti: x } }\n`,
      /odd\.yaml:3:\d+ examples\[0\]\.expect\.prioriti: unknown key `prioriti`, did you mean `priority`/,
    ],
    [
      'nothing expected',
      `${head}  - { name: a, clause: R50, ${ticket}, expect: {} }\n`,
      /odd\.yaml:3:\d+ examples\[0\]\.expect: an example has to expect/,
    ],
    [
      'a clause that is none',
      `${head}  - { name: a, clause: п. 5, ${ticket}, expect: { no_actions: true } }\n`,
      /odd\.yaml:3:\d+ examples\[0\]\.clause/,
    ],
    [
      'a ticket without a text',
      `${head}  - { name: a, clause: R50, ticket: { title: a }, expect: { no_actions: true } }\n`,
      /odd\.yaml:3:\d+ examples\[0\]\.ticket\.text: is missing/,
    ],
    [
      'a day that does not exist',
      `${head}  - { name: a, clause: R50, at: 2026-02-30T10:00:00Z, ${ticket}, expect: { no_actions: true } }\n`,
      /odd\.yaml:3:\d+ examples\[0\]\.at: is no moment/,
    ],
    [
      'no moment',
      `examples:\n  - { name: a, clause: R50, ${ticket}, expect: { no_actions: true } }\n`,
      /odd\.yaml:2:\d+ examples\[0\]\.at: the moment of the decision is missing/,
    ],
    [
      'the same name twice',
      `${head}${`  - { name: a, clause: R50, ${ticket}, expect: { no_actions: true } }\n`.repeat(2)}`,
      /odd\.yaml:4:\d+ examples\[1\]\.name: example 1 has this name/,
    ],
    [
      'no_actions: false',
      `${head}  - { name: a, clause: R50, ${ticket}, expect: { no_actions: false } }\n`,
      /odd\.yaml:3:\d+ examples\[0\]\.expect\.no_actions/,
    ],
    ['a list for a section', `${head}  - []\n`, /odd\.yaml:3:\d+ examples\[0\]/],
    ['no examples', 'examples: []\n', /odd\.yaml:1:\d+ examples/],
    [
      'an unknown key in the defaults',
      `defaults: { ticket: { titel: a } }\nexamples:\n  - { name: a, clause: R50, ${ticket}, expect: { no_actions: true } }\n`,
      /odd\.yaml:1:\d+ defaults\.ticket\.titel: unknown key/,
    ],
  ])('%s is told with its position', async (_, text, message) => {
    await writeFile(join(folder, 'examples', 'odd.yaml'), text);
    const { faults } = await readExamples(folder);

    expect(faults.map(describeFault).join('\n')).toMatch(message);
  });
});

test('a folder without examples has none', async () => {
  await rm(join(folder, 'examples'), { recursive: true });

  expect(await readExamples(folder)).toEqual({ examples: [], faults: [] });
});
