import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
  test('are at least 90, and free of faults', () => {
    expect(shipped.faults).toEqual([]);
    expect(shipped.examples.length).toBeGreaterThanOrEqual(90);
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

const TERM = /expect\.terms\.reaction: expected 2026-11-23T11:00:00\+03:00, found 2026-11-23T12:00:00\+03:00$/m;

describe('what an example expects of the terms and the information', () => {
  test.each<[string, string, string, RegExp]>([
    ['sla.yaml', 'reaction: { working_hours: 1 }', 'reaction: { working_hours: 2 }', TERM],
    [
      'clock.yaml',
      'request_within_minutes: 15',
      'request_within_minutes: 0',
      /expect\.terms\.status: expected paused, found running$/m,
    ],
    [
      'completeness.yaml',
      'outage: implied',
      'outage: asked',
      /expect\.missing: expected none, found actions, expected-result$/m,
    ],
    ['completeness.yaml', '    letter: draft\n', '    letter: "off"\n', /expect\.letter: expected draft, found none$/m],
    [
      'attachments.yaml',
      'bracket: examples',
      'bracket: exhaustive',
      /expect\.attachments\.permitted: expected отчёт\.docx, found none$/m,
    ],
    [
      'related-systems.yaml',
      'named_by: [ЕИП]',
      'named_by: [ПИЕ]',
      /expect\.related\.named: expected eip, found none$/m,
    ],
  ])('is told where %s changes «%s» to «%s»', async (file, from, to, message) => {
    expect((await failuresAfter(from, to, file)).join('\n')).toMatch(message);
  });

  test('terms in fields and notes are no actions, unless they are named', async () => {
    const at = '2026-11-23T10:00:00+03:00';
    const ticket =
      'ticket: { title: NTTM, text: NTTM не открывается., type: Инцидент, service: "NTTM: Техническая поддержка", state: В работе, priority: 3 Средний }';
    const expected = [
      '{ no_actions: true }',
      '{ actions: ["update:ticket:terms"] }',
      '{ actions: [{ key: "update:issue:terms" }] }',
    ];
    const examples = expected.map(
      (each, index) => `  - { name: "${index}", clause: R56, ${ticket}, expect: ${each} }\n`,
    );
    await rm(join(folder, 'examples'), { recursive: true });
    await mkdir(join(folder, 'examples'));
    await writeFile(join(folder, 'examples', 'a.yaml'), `defaults: { at: ${at} }\nexamples:\n${examples.join('')}`);
    const read = await readExamples(folder);

    expect(read.faults).toEqual([]);
    expect(read.examples.flatMap((each) => failuresOf(each, policy)).map(({ name, found }) => [name, found])).toEqual([
      ['2', 'update:ticket:terms'],
    ]);
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
    [
      'a happening that says nothing',
      `${head}  - { name: a, clause: R50, ${ticket}, happened: [{ at: 2026-11-23T10:00:00Z }], expect: { no_actions: true } }\n`,
      /odd\.yaml:3:\d+ examples\[0\]\.happened\[0\]: has to say what happened/,
    ],
    [
      'a happening without a moment',
      `${head}  - { name: a, clause: R50, ${ticket}, happened: [{ state: В работе }], expect: { no_actions: true } }\n`,
      /odd\.yaml:3:\d+ examples\[0\]\.happened\[0\]\.at: is missing/,
    ],
    [
      'a term without an offset',
      `${head}  - { name: a, clause: R19, ${ticket}, expect: { terms: { reaction: 2026-11-23T10:00:00 } } }\n`,
      /odd\.yaml:3:\d+ examples\[0\]\.expect\.terms\.reaction/,
    ],
    [
      'an unknown stage',
      `${head}  - { name: a, clause: R19, ${ticket}, expect: { terms: { late: [reakcion] } } }\n`,
      /odd\.yaml:3:\d+ examples\[0\]\.expect\.terms\.late\[0\]/,
    ],
    [
      'nothing expected of the terms',
      `${head}  - { name: a, clause: R19, ${ticket}, expect: { terms: {} } }\n`,
      /odd\.yaml:3:\d+ examples\[0\]\.expect\.terms: say what the terms have to be/,
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
