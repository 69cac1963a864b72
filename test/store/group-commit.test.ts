import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Kysely, sql } from 'kysely';
import { createSqliteDialect } from '../../src/store/sqlite-dialect.ts';

interface Sample {
  readonly sample: { readonly id: number; readonly text: string };
}

describe('writes that come together', () => {
  let folder: string;
  let connection: DatabaseSync;
  let queries: Kysely<Sample>;
  let commits: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bridge-group-'));
    connection = new DatabaseSync(join(folder, 'bridge.db'));
    connection.exec('pragma journal_mode = wal; create table sample (id integer primary key, text text) strict');
    const exec = connection.exec.bind(connection);
    commits = 0;
    connection.exec = (text) => {
      commits += text === 'commit' ? 1 : 0;
      exec(text);
    };
    queries = new Kysely<Sample>({ dialect: createSqliteDialect(connection) });
  });

  afterEach(async () => {
    await queries.destroy();
    rmSync(folder, { recursive: true });
  });

  const insert = (id: number, text = 'текст') => queries.insertInto('sample').values({ id, text }).execute();
  const idsOnDisk = () => {
    const other = new DatabaseSync(join(folder, 'bridge.db'), { readOnly: true });
    const rows = other.prepare('select id from sample order by id').all();
    other.close();
    return rows.map(({ id }) => id);
  };

  test('are committed once, and none is told before', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => index);
    const told = await Promise.all(
      ids.map(async (id) => {
        await insert(id);
        return idsOnDisk().includes(id);
      }),
    );

    expect(told).toEqual(ids.map(() => true));
    expect(commits).toBe(1);
  });

  test('are committed once although each is a transaction of several steps', async () => {
    const transactions = [1, 3, 5].map((id) =>
      queries.transaction().execute(async (transaction) => {
        await transaction.insertInto('sample').values({ id, text: 'первый' }).execute();
        await transaction
          .insertInto('sample')
          .values({ id: id + 1, text: 'второй' })
          .execute();
      }),
    );
    await Promise.all(transactions);

    expect(idsOnDisk()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(commits).toBe(1);
  });

  test('are kept although one among them fails, and of that one nothing is left', async () => {
    const failing = queries.transaction().execute(async (transaction) => {
      await transaction.insertInto('sample').values({ id: 2, text: 'до ошибки' }).execute();
      await transaction.insertInto('sample').values({ id: 2, text: 'занято' }).execute();
    });
    const all = await Promise.allSettled([insert(1), failing, insert(3), insert(3), insert(4)]);

    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
    expect(idsOnDisk()).toEqual([1, 3, 4]);
  });

  test('are all told of it when the commit fails, and nobody is told otherwise', async () => {
    connection.exec(
      `pragma foreign_keys = on;
       create table child (id integer primary key, sample integer references sample (id) deferrable initially deferred)`,
    );
    const orphan = sql`insert into child values (1, 99)`.execute(queries);
    const all = await Promise.allSettled([insert(1), orphan, insert(2)]);

    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(idsOnDisk()).toEqual([]);
    await insert(5);
    expect(idsOnDisk()).toEqual([5]);
  });

  test('are all told of it when the disk is full in the middle', async () => {
    connection.exec('pragma max_page_count = 4');
    const all = await Promise.allSettled([insert(1), insert(2, 'x'.repeat(100_000)), insert(3)]);

    expect(all.slice(0, 2).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(idsOnDisk()).toEqual(all[2]?.status === 'fulfilled' ? [3] : []);
  });

  test('are not seen by a reader before they are on the disk', async () => {
    const writing = insert(1);
    const rows = await queries.selectFrom('sample').select('id').execute();

    expect(rows).toEqual([{ id: 1 }]);
    expect(idsOnDisk()).toEqual([1]);
    await writing;
  });

  test('leave no lock behind when they fail', async () => {
    await insert(1);
    await expect(insert(1)).rejects.toThrow(/UNIQUE/);
    const other = new DatabaseSync(join(folder, 'bridge.db'), { timeout: 0 });
    other.exec("insert into sample values (7, 'другой процесс')");
    other.close();

    expect(idsOnDisk()).toEqual([1, 7]);
  });
});
