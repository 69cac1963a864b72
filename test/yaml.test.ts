import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { describeFault, parseYaml, readYaml } from '../src/yaml.ts';
import { growth, NEARLY_LINEAR } from './support/growth.ts';

const rule = z
  .object({
    service: z.string().min(1).describe('Name of the OTRS service.'),
    priority: z.enum(['critical', 'high', 'medium', 'low']).describe('Priority of the issue.'),
    hours: z.number().int().min(1).max(99).default(4).describe('Business hours.'),
    urgent: z.boolean().default(false),
    contact: z.email().optional(),
  })
  .strict();
const schema = z
  .object({
    rules: z.array(rule).min(1),
    names: z.record(z.string(), z.string()).default({}),
    when: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('always') }).strict(),
      z.object({ kind: z.literal('daily'), at: z.iso.time() }).strict(),
    ]),
    people: z.union([z.string(), z.array(z.string())]).optional(),
    code: z
      .string()
      .regex(/^[A-Z]+$/, 'must be capital letters')
      .optional(),
  })
  .strict();

const sound = 'rules:\n  - { service: "NTTM: Доступ", priority: high }\nwhen: { kind: always }\n';

function faultsOf(text: string): readonly string[] {
  const parsed = parseYaml(text, 'rules.yaml', schema);
  return 'faults' in parsed ? parsed.faults.map(describeFault) : [];
}

test('a sound file yields the value with the defaults filled in', () => {
  expect(parseYaml(sound, 'rules.yaml', schema)).toEqual({
    value: {
      rules: [{ service: 'NTTM: Доступ', priority: 'high', hours: 4, urgent: false }],
      names: {},
      when: { kind: 'always' },
    },
  });
});

describe('each defect is reported with its place, what is wrong and what to do', () => {
  const cases: readonly (readonly [defect: string, text: string, fault: string])[] = [
    ['an unknown key', `${sound}naems: {}\n`, 'rules.yaml:4:1 naems: unknown key `naems`, did you mean `names`?'],
    [
      'an unknown key that resembles none',
      `${sound}цвет: синий\n`,
      'rules.yaml:4:1 цвет: unknown key `цвет`. Known here: `rules`, `names`, `when`, `people`, `code`.',
    ],
    [
      'a missing key',
      'rules:\n  - priority: high\nwhen: { kind: always }\n',
      'rules.yaml:2:5 rules[0].service: is missing. Write text here. Name of the OTRS service.',
    ],
    [
      'an empty value',
      'rules:\n  - service:\n    priority: high\nwhen: { kind: always }\n',
      'rules.yaml:2:5 rules[0].service: is empty. Give it text or remove the line. Name of the OTRS service.',
    ],
    [
      'a wrong choice',
      'rules:\n  - { service: x, priority: hihg }\nwhen: { kind: always }\n',
      'rules.yaml:2:29 rules[0].priority: is none of the allowed values, did you mean `high`? Use `critical` or `high` or `medium` or `low`. Priority of the issue.',
    ],
    [
      'text where a number belongs',
      'rules:\n  - { service: x, priority: low, hours: many }\nwhen: { kind: always }\n',
      'rules.yaml:2:41 rules[0].hours: expected a whole number, found text. Business hours.',
    ],
    [
      'a broken number',
      'rules:\n  - { service: x, priority: low, hours: 1.5 }\nwhen: { kind: always }\n',
      'rules.yaml:2:41 rules[0].hours: expected a whole number, found a number. Business hours.',
    ],
    [
      'a number out of range',
      'rules:\n  - { service: x, priority: low, hours: 100 }\nwhen: { kind: always }\n',
      'rules.yaml:2:41 rules[0].hours: is too big. Use at most 99. Business hours.',
    ],
    [
      'a number where text belongs',
      'rules:\n  - { service: 0123, priority: low }\nwhen: { kind: always }\n',
      'rules.yaml:2:16 rules[0].service: expected text, found a number. Put the value in quotes. Name of the OTRS service.',
    ],
    [
      'YAML 1.1 truth',
      'rules:\n  - { service: x, priority: low, urgent: yes }\nwhen: { kind: always }\n',
      'rules.yaml:2:42 rules[0].urgent: expected true or false, found text.',
    ],
    [
      'an empty list',
      'rules: []\nwhen: { kind: always }\n',
      'rules.yaml:1:8 rules: is too short. Number of entries: at least 1.',
    ],
    [
      'a wrong kind',
      'rules:\n  - { service: x, priority: low }\nwhen: { kind: dayly }\n',
      'rules.yaml:3:15 when.kind: is none of the allowed values, did you mean `daily`? Use `always` or `daily`.',
    ],
    [
      'a fault inside one kind',
      'rules:\n  - { service: x, priority: low }\nwhen: { kind: daily, at: noon }\n',
      'rules.yaml:3:26 when.at: is not a time of day (`09:00`).',
    ],
    [
      'a fault inside one alternative',
      `${sound}people: [anna, 5]\n`,
      'rules.yaml:4:16 people[1]: expected text, found a number. Put the value in quotes.',
    ],
    ['a pattern with words of its own', `${sound}code: abc\n`, 'rules.yaml:4:7 code: must be capital letters.'],
    [
      'a bad e-mail address',
      'rules:\n  - { service: x, priority: low, contact: nobody }\nwhen: { kind: always }\n',
      'rules.yaml:2:43 rules[0].contact: is not an e-mail address.',
    ],
    [
      'a doubled key',
      `${sound}when: { kind: always }\n`,
      'rules.yaml:4:1: the key `when` stands in line 3 already. Remove one of the two.',
    ],
    [
      'an open bracket',
      'rules:\n  - { service: x, priority: low\n  - { service: y, priority: low }\nwhen: { kind: always }\n',
      'rules.yaml:3:3: a bracket that opens here or above is not closed. Close it with ] or }.',
    ],
    [
      'a wrong indentation that spoils the lines below',
      'when:\n kind: [always]\n  odd: 1\n\n  worse: 2\nrules: []\n',
      'rules.yaml:3:1: the indentation does not fit the lines above. Align it with the other keys of its section.',
    ],
    ['a tab', 'rules:\n\t- service: x\n', 'rules.yaml:2:1: a tab is used as indentation. Indent with spaces.'],
    [
      'a tab that spoils the lines below',
      'rules:\n  - service: x\n\t- service: y\nwhen: { kind: always }\n',
      'rules.yaml:3:1: a tab is used as indentation. Indent with spaces.',
    ],
    [
      'a key with a letter that only looks right',
      `${sound}pеople: []\n`,
      'rules.yaml:4:1 pеople: unknown key `pеople` (it contains the Cyrillic letter «е»), did you mean `people`?',
    ],
    [
      'a value with a letter that only looks right',
      `${sound}code: ОSS\n`,
      'rules.yaml:4:7 code: must be capital letters. It contains the Cyrillic letter «О».',
    ],
    [
      'a choice with letters that only look right',
      'rules:\n  - { service: x, priority: lоw }\nwhen: { kind: always }\n',
      'rules.yaml:2:29 rules[0].priority: is none of the allowed values, did you mean `low`? It contains the Cyrillic letter «о». Use `critical` or `high` or `medium` or `low`. Priority of the issue.',
    ],
    [
      'an open quote',
      'rules: "abc\n',
      'rules.yaml:2:1: a quote, bracket, comma or space is missing. Close it, or put the whole value in quotes.',
    ],
    ['a list as the document', '- 1\n', 'rules.yaml:1:1: expected a section, found a list.'],
    [
      'an undefined alias',
      `${sound}people: *nobody\n`,
      'rules.yaml:4:9: an alias without a name, or one that is not defined. Put a value that begins with * in quotes.',
    ],
    [
      'a key that is no word',
      `${sound}names: { "1 Критичный": 5 }\n`,
      'rules.yaml:4:25 names["1 Критичный"]: expected text, found a number. Put the value in quotes.',
    ],
  ];

  test.each(cases)('%s', (_defect, text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });

  test('thousands of doubled keys are told in linear time: a file of them must not hold the bridge up', () => {
    const read = (keys: number) => readYaml('k: 1\n'.repeat(keys), 'rules.yaml');

    expect(read(4_000).faults).toHaveLength(3_999);
    expect(growth(read, 4_000)).toBeLessThan(NEARLY_LINEAR);
  });
});

test('all faults are reported at once, in the order of the lines', () => {
  const faults = faultsOf(
    'rules:\n  - { priority: top, hours: 0 }\n  - { service: x }\nwhen: { kind: never }\nwhat: 1\n',
  );

  expect(faults.map((fault) => fault.split(': ')[0])).toEqual([
    'rules.yaml:2:5 rules[0].service',
    'rules.yaml:2:17 rules[0].priority',
    'rules.yaml:2:29 rules[0].hours',
    'rules.yaml:3:5 rules[1].priority',
    'rules.yaml:4:15 when.kind',
    'rules.yaml:5:1 what',
  ]);
});

test('an empty file is told what is missing', () => {
  expect(faultsOf('')).toEqual([
    'rules.yaml:1:1 rules: is missing. Write a list here.',
    'rules.yaml:1:1 when: is missing. Write a section here.',
  ]);
});

test('aliases that multiply are refused instead of filling the memory', () => {
  const levels = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`);
  const [first] = faultsOf(`a0: &a0 x\n${levels.join('\n')}\n`);

  expect(first).toContain('multiply without end');
});

test('faults of the YAML itself quote nothing of the file', () => {
  expect(faultsOf('rules: }hunter2\n').join()).not.toContain('hunter2');
});

test('no text, however broken, is more than a list of faults that lie within it', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...'rules: |- > {}[]&*!%@`"\'#:?,\n\t\r '.split(''),
      'rules:\n  - ',
      'when: ',
      '*a',
      '&a ',
      '---\n',
      '<<: ',
    ),
    fc.string({ unit: 'grapheme', maxLength: 5 }),
  );
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

  fc.assert(
    fc.property(text, (broken) => {
      const parsed = parseYaml(broken, 'rules.yaml', schema);
      const lines = broken.split(/\r\n|\n|\r/).length;
      for (const fault of 'faults' in parsed ? parsed.faults : []) {
        expect(fault.line).toBeGreaterThanOrEqual(1);
        expect(fault.line).toBeLessThanOrEqual(lines);
        expect(fault.column).toBeGreaterThanOrEqual(1);
        expect(describeFault(fault)).not.toMatch(/\n|undefined|\[object/);
      }
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ['is missing', 'a.yaml:1:2 x: is missing. Write it.'],
  ['Not a zone. Write UTC.', 'a.yaml:1:2 x: Not a zone. Write UTC. Write it.'],
  ['did you mean `y`?', 'a.yaml:1:2 x: did you mean `y`? Write it.'],
])('a fault that says «%s» is shown in whole sentences', (message, shown) => {
  expect(describeFault({ file: 'a.yaml', line: 1, column: 2, path: 'x', message, help: 'Write it.' })).toBe(shown);
});
