import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from '@jest/globals';
import { Kysely, sql } from 'kysely';
import { isContract, type Migration, migrations } from '../../src/store/migrations/list.ts';
import { createSqliteDialect } from '../../src/store/sqlite-dialect.ts';

const queries = new Kysely<unknown>({ dialect: createSqliteDialect(new DatabaseSync(':memory:')) });

/** What the version before can leave alone: it neither reads nor fills it. */
const ADDS = [
  /^create table /,
  /^create index /,
  /^alter table \w+ add column \w+ \w+( not null default \S+| default \S+)?$/,
  /^(update|insert into) /,
];

/** Statements that would hurt a program of the version before. Tables of its own are nobody else's business. */
function harmfulOf({ statements }: Pick<Migration, 'statements'>): readonly string[] {
  const texts = statements.map((each) => each.compile(queries).sql.replace(/\s+/g, ' ').trim().toLowerCase());
  const own = texts.flatMap((text) => /^create table (\w+)/.exec(text)?.[1] ?? []);
  const isOwn = (text: string) => own.includes(/^create unique index \w+ on (\w+)/.exec(text)?.[1] ?? '');
  return texts.filter((text) => !ADDS.some((pattern) => pattern.test(text)) && !isOwn(text));
}

describe('the steps of the schema', () => {
  test.each(
    migrations
      .slice(1)
      .filter(({ name }) => !isContract(name))
      .map((each) => [each.name, each] as const),
  )('%s only adds, so that instances of the version before go on working', (_, migration) => {
    expect(harmfulOf(migration)).toEqual([]);
  });

  test('are numbered in their order', () => {
    const names = migrations.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(names.every((name, index) => name.startsWith(`${String(index + 1).padStart(4, '0')}-`))).toBe(true);
  });

  test.each([
    ['takes a column away', sql`alter table work drop column urgent_at`],
    ['takes a table away', sql`drop table snapshot`],
    ['renames a column', sql`alter table work rename column due_at to wanted_at`],
    ['wants what older instances do not fill', sql`alter table work add column mood text not null`],
    ['forbids what older instances write', sql`create unique index one_event on event (ticket, kind)`],
  ])('a step that %s would be found', (_, statement) => {
    expect(harmfulOf({ statements: [statement] })).toHaveLength(1);
  });
});
