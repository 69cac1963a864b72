import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadPolicy } from '../../src/policy/load.ts';
import { readExamples } from '../../src/replay/examples.ts';
import { describeFault, type Fault, faultsOf } from '../../src/yaml.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'odd-'));
  await cp('mappings', folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
  .concat(
    ['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => {
      const below = String.fromCharCode(97 + index);
      return `${name}: &${name} [${Array(9).fill(`*${below}`).join(', ')}]`;
    }),
  )
  .join('\n');

const nested = (depth: number) => `a: ${'['.repeat(depth)}${']'.repeat(depth)}\n`;

/** What lies in the place of a file, and what is said about it. */
const odd: readonly (readonly [string, (place: string) => Promise<unknown> | unknown, RegExp])[] = [
  ['a tab', (place) => writeFile(place, 'a:\n\tb: 1\n'), /:2:1: a tab is used as indentation/],
  ['anchors that multiply', (place) => writeFile(place, bomb), /:\d+:\d+: aliases multiply without end/],
  ['an alias of nothing', (place) => writeFile(place, 'a: *nothing\n'), /:1:4: an alias/],
  ['a key twice', (place) => writeFile(place, 'a: 1\na: 2\n'), /:2:1: the key `a` stands in line 1 already/],
  ['a key twice among Windows lines', (place) => writeFile(place, 'a: 1\r\na: 2\r\n'), /:2:1: the key `a`/],
  ['a key twice after a byte order mark', (place) => writeFile(place, '\uFEFFa: 1\na: 2\n'), /:2:1: the key `a`/],
  ['a list for a section', (place) => writeFile(place, '- a\n- b\n'), /:1:\d+: expected a section, found a list/],
  ['a word for a section', (place) => writeFile(place, 'привет\n'), /:1:\d+: expected a section, found text/],
  ['unknown keys', (place) => writeFile(place, 'приоритет: 1\n'), /:1:1 (приоритет: unknown key|kind: is missing)/],
  ['nothing', (place) => writeFile(place, ''), /:1:1/],
  ['nothing but comments', (place) => writeFile(place, '# пусто\n'), /:1:1/],
  ['two documents', (place) => writeFile(place, 'a: 1\n---\nb: 1\n'), /:\d+:\d+: the file holds several documents/],
  [
    'a quote that is not closed',
    (place) => writeFile(place, 'a: "b\n'),
    /:\d+:\d+: a quote, bracket, comma or space is missing/,
  ],
  ['an unknown tag', (place) => writeFile(place, 'a: !!js/function x\n'), /:1:\d+/],
  ['very deep nesting', (place) => writeFile(place, nested(100_000)), /:1:\d+: the sections are nested too deeply/],
  [
    'another encoding',
    (place) => writeFile(place, Buffer.from([0x61, 0x3a, 0x20, 0x31, 0x0a, 0x62, 0x3a, 0xcf, 0xf0])),
    /:2:3: the file is not UTF-8/,
  ],
  ['UTF-16', (place) => writeFile(place, Buffer.from('\uFEFFa: 1\n', 'utf16le')), /:1:1: the file is not UTF-8/],
  ['zeros', (place) => writeFile(place, Buffer.alloc(1_000)), /:\d+:\d+/],
  [
    'a huge file',
    (place) => writeFile(place, `# ${'x'.repeat(3_000_000)}\n`),
    /:1:1: the file is too long: 3000003 bytes/,
  ],
  ['a folder', (place) => mkdir(place), /:1:1: this is a folder and not a file/],
  ['a link to itself', (place) => symlink(place, place), /:1:1: the link leads back to itself/],
  ['a link to nowhere', (place) => symlink('/nowhere/at/all.yaml', place), /:1:1: the file is missing/],
  ['a named pipe', (place) => execFileSync('mkfifo', [place]), /:1:1: this is a folder and not a file/],
];

async function put(name: string, make: (place: string) => Promise<unknown> | unknown): Promise<void> {
  await rm(join(folder, name), { recursive: true, force: true });
  await make(join(folder, name));
}

async function faultsOfRules(): Promise<readonly Fault[]> {
  return loadPolicy(folder).then(() => [], faultsOf);
}

const shown = (faults: readonly Fault[]) => faults.map(describeFault).join('\n');

describe.each(['status.yaml', 'calendars/ru-2026.yaml'])('in the place of %s', (name) => {
  test.each(odd)('%s is told with file, line and column', async (_, make, message) => {
    await put(name, make);
    const faults = shown(await faultsOfRules());

    expect(faults).toContain(`${name}:`);
    expect(faults).toMatch(message);
  });
});

describe('in the place of a file of examples', () => {
  test.each(odd)('%s is told with file, line and column', async (_, make, message) => {
    await put('examples/odd.yaml', make);
    const faults = shown((await readExamples(folder)).faults);

    expect(faults).toContain('examples/odd.yaml:');
    expect(faults).toMatch(message);
  });
});

describe('values that are not what they seem', () => {
  test.each<[string, string, string, string, RegExp]>([
    [
      'a day that does not exist',
      'calendars/ru-2026.yaml',
      '2026-12-31',
      '2026-02-30',
      /ru-2026\.yaml:\d+:\d+ days_off\[\d+\].*: a date that exists/,
    ],
    [
      'a word for a number',
      'priority.yaml',
      'hang_minutes: 10',
      'hang_minutes: десять',
      /priority\.yaml:\d+:\d+ thresholds\.hang_minutes: expected a number, found text/,
    ],
    [
      'a number for a word',
      'closure.yaml',
      'closed_state: Закрыто',
      'closed_state: 5',
      /closure\.yaml:\d+:\d+ closed_state: expected text, found a number/,
    ],
    [
      'yes for a word',
      'closure.yaml',
      'solution_from_comment: never',
      'solution_from_comment: yes',
      /closure\.yaml:\d+:\d+ solution_from_comment: is none of the allowed values/,
    ],
    [
      'not a number',
      'priority.yaml',
      'hang_minutes: 10',
      'hang_minutes: .nan',
      /priority\.yaml:\d+:\d+ thresholds\.hang_minutes/,
    ],
    [
      'infinity',
      'priority.yaml',
      'hang_minutes: 10',
      'hang_minutes: .inf',
      /priority\.yaml:\d+:\d+ thresholds\.hang_minutes/,
    ],
    [
      'a note without its text',
      'priority.yaml',
      'disagreement: record',
      'disagreement: note\nnote2: {}',
      /priority\.yaml:\d+:\d+ note2: unknown key/,
    ],
    [
      'an unknown placeholder in the note',
      'priority.yaml',
      'Основание: {criteria.quotes}.',
      'Основание: {criteria.quote}.',
      /priority\.yaml:\d+:\d+ note\.text: unknown placeholder \{criteria\.quote\}/,
    ],
  ])('%s', async (_, file, from, to, message) => {
    const text = await readFile(join(folder, file), 'utf8');
    expect(text).toContain(from);
    await writeFile(join(folder, file), text.replace(from, to));

    expect(shown(await faultsOfRules())).toMatch(message);
  });

  test('a key of the prototype changes nothing', async () => {
    await writeFile(join(folder, 'status.yaml'), '__proto__: { states: [] }\nconstructor: 1\n');

    expect(shown(await faultsOfRules())).toMatch(/status\.yaml:\d+:\d+/);
  });
});
