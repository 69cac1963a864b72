import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { Kysely } from 'kysely';
import { createSqliteDialect } from '../../src/store/sqlite-dialect.ts';

test('a full disk is told as such, although SQLite has rolled back by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-full-'));
  const connection = new DatabaseSync(join(folder, 'bridge.db'));
  connection.exec('create table sample (text text)');
  connection.exec('pragma max_page_count = 3');
  const queries = new Kysely<{ sample: { text: string } }>({ dialect: createSqliteDialect(connection) });
  const filling = queries.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('sample')
      .values({ text: 'x'.repeat(100_000) })
      .execute();
  });

  await expect(filling).rejects.toThrow(/database or disk is full/);
  await queries.destroy();
  rmSync(folder, { recursive: true, force: true });
});
