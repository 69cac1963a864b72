import { describe, expect, test } from '@jest/globals';
import { type Clauses, clausesSchema } from '../../scripts/regulation/clauses-schema.ts';
import { coverageFaults } from '../../scripts/regulation/coverage.ts';
import { findMentions, type SourceFile } from '../../scripts/regulation/mentions.ts';
import { regulationPage } from '../../scripts/regulation/page.ts';
import { readClauses, readNamingFiles } from '../../scripts/regulation/read-project.ts';

/** Ids that the scan of this very file must not take for clauses. */
const id = (number: number | string) => `R${number}`;

const listOf = (...clauses: readonly object[]): Clauses =>
  clausesSchema.parse({
    chapters: [{ title: 'Хранение', clauses: clauses.map((clause) => ({ quote: 'слова', ...clause })) }],
    gaps: [],
  });

const source = (text: string, path = 'src/domain/rule.ts'): SourceFile => ({ path, text });
const proof = (text: string): SourceFile => ({ path: 'test/domain/rule.test.ts', text });
const faultsOf = (list: Clauses, ...files: readonly SourceFile[]) => coverageFaults(list, findMentions(files));

describe('mentions of clauses', () => {
  test.each<[string, string, readonly string[]]>([
    ['alone', `clause: ${id(1)}`, [id(1)]],
    ['with a letter and a number', `(${id('2a')}, ${id('3.10')})`, [id('2a'), id('3.10')]],
    ['at the end of a sentence', `см. ${id(4)}.`, [id(4)]],
    ['in quotes', `'${id(5)}'`, [id(5)]],
    ['both ends of a range', `${id(6)}-${id(8)}, ${id('9.1')}–${id('9.3')}`, [id(6), id(8), id('9.1'), id('9.3')]],
    ['unless they are a part of a word', `USER${1} R${2}D2 A-R${3} Р${4} $R${5}`, []],
  ])('are found %s', (_how, text, expected) => {
    expect(findMentions([source(text)]).map(({ clause }) => clause)).toEqual(expected);
  });

  test('are counted per file, with the line of the first, in the order of paths', () => {
    const text = `\n${id(1)}\n${id(1)}`;

    const files = [source(text, 'src/b.ts'), source(id(1), 'src/a.ts')];

    expect(findMentions(files)).toEqual([
      { clause: id(1), path: 'src/a.ts', count: 1, line: 1 },
      { clause: id(1), path: 'src/b.ts', count: 2, line: 2 },
    ]);
    expect(findMentions(files.toReversed())).toEqual(findMentions(files));
  });
});

describe('the list of clauses and the project', () => {
  test('agree where an implemented clause has a source and a test', () => {
    expect(faultsOf(listOf({ id: id(1), status: 'implemented' }), source(id(1)), proof(id(1)))).toEqual([]);
  });

  test.each<[string, string, readonly SourceFile[], readonly string[]]>([
    ['implemented', 'no test', [source(id(1))], [`${id(1)} is marked implemented, and no test names it`]],
    ['implemented', 'no source', [proof(id(1))], [`${id(1)} is marked implemented, and no source names it`]],
    ['assisted', 'no source', [proof(id(1))], [`${id(1)} is marked assisted, and no source names it`]],
    ['assisted', 'a source and no test', [source(id(1))], []],
    ['planned', 'nothing', [], []],
    ['out of scope', 'nothing', [], []],
  ])('a clause marked %s with %s', (status, _what, files, expected) => {
    expect(faultsOf(listOf({ id: id(1), status }), ...files)).toEqual(expected);
  });

  test('a clause that the list does not know is told with its place', () => {
    expect(faultsOf(listOf({ id: id(1), status: 'planned' }), source(`\n// ${id(99)}`))).toEqual([
      `src/domain/rule.ts:2 names ${id(99)}, which is no clause of the list`,
    ]);
  });

  test('a clause that stands twice, and a gap about none, are told', () => {
    const twice = listOf({ id: id(1), status: 'planned' }, { id: id(1), status: 'planned' });

    expect(faultsOf(twice)).toContain(`${id(1)} stands twice in the list of clauses`);
    expect(faultsOf({ ...twice, gaps: [{ clauses: [id(7)], says: 'a', does: 'b' }] })).toContain(
      `a gap names ${id(7)}, which is no clause of the list`,
    );
  });

  test.each([
    ['an id that is none', { id: 'п. 1', status: 'planned', quote: 'слова' }],
    ['an unknown status', { id: id(1), status: 'done', quote: 'слова' }],
    ['a clause without words and without a note', { id: id(1), status: 'planned' }],
  ])('the list does not take %s', (_what, clause) => {
    const list = { chapters: [{ title: 'Хранение', clauses: [clause] }], gaps: [] };

    expect(clausesSchema.safeParse(list).success).toBe(false);
  });
});

test('a row shows the clause, its words, its status and the files with the number of mentions', () => {
  const list = {
    ...listOf({ id: id(1), status: 'assisted', quote: 'да | нет', note: 'A note.' }),
    gaps: [{ clauses: [id(1)], says: 'Says nothing.', does: 'Does nothing.' }],
  };
  const mentions = findMentions([source(id(1), 'mappings/rule.yaml'), proof(`${id(1)} ${id(1)}`)]);
  const page = regulationPage(list, mentions);

  expect(page).toContain('1 clauses: 0 implemented, 1 assisted, 0 planned, 0 out of scope.');
  expect(page).toContain(
    `| ${id(1)} | «да \\| нет»<br>A note. | assisted | [rule.yaml](../mappings/rule.yaml) 1 | [domain/rule.test.ts](../test/domain/rule.test.ts) 2 |`,
  );
  expect(page).toContain(`| ${id(1)} | Says nothing. | Does nothing. |`);
});

describe('the list of the project', () => {
  test('has every clause of the regulation, in order', async () => {
    const { chapters } = await readClauses('.');
    const ids = chapters.flatMap(({ clauses }) => clauses.map((clause) => clause.id));
    const numbers = [
      ...Array.from({ length: 56 }, (_, index) => index + 1),
      ...Array.from({ length: 21 }, (_, index) => index + 60),
    ];
    const parts = Array.from({ length: 18 }, (_, index) => id(`31.${index + 1}`));
    const wanted = numbers.flatMap((number) => {
      const own = id(number);
      return number === 31 ? [own, ...parts] : [28, 49, 51].includes(number) ? [own, `${own}a`] : [own];
    });

    expect(ids).toEqual(wanted);
  });

  test('agrees with the project', async () => {
    expect(coverageFaults(await readClauses('.'), findMentions(await readNamingFiles('.')))).toEqual([]);
  });
});
