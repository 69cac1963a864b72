import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { Kysely } from 'kysely';
import { DateTime } from 'luxon';
import pino from 'pino';
import { openSqliteStore } from '../../src/store/sqlite.ts';
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

test('a disk that is full refuses events, loses none that were taken, and takes more when there is room again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-full-'));
  const file = join(folder, 'bridge.db');
  const program = join(import.meta.dirname, 'small-disk-process.ts');
  // A limit for the size of files is the next best thing to a small disk, and needs no rights.
  const limited = ['-c', 'ulimit -S -f 6000; exec "$@"', 'sh', process.execPath, program, file];
  const service = spawn('sh', limited, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: service.stdout })[Symbol.asyncIterator]();
  const untilLine = async (pattern: RegExp) => {
    for (let read = 0; ; read += 1) {
      const { value, done } = await lines.next();
      const match = done === true ? undefined : pattern.exec(value);
      if (match !== undefined && match !== null) {
        return { match, read };
      }
      if (done === true) {
        throw new Error(`it ended before it said ${pattern}`);
      }
    }
  };

  try {
    const { read: taken } = await untilLine(/^refused (.*)$/);
    expect(taken).toBeGreaterThan(20);
    expect((await untilLine(/^refused (.*)$/)).match[1]).toBe('STORE_UNAVAILABLE');

    spawnSync('prlimit', ['--pid', String(service.pid), '--fsize=unlimited']);
    const { match } = await untilLine(/^taken (\d+)$/);
    expect(Number(match[1])).toBe(taken);
  } finally {
    service.kill('SIGKILL');
    await once(service, 'exit');
  }

  const store = openSqliteStore({ file, ticketSystem: 'otrs', log: pino({ level: 'silent' }) });
  const kept = await store.claim('worker', 1_000_000, 60_000, DateTime.utc());
  expect(kept.length).toBeGreaterThan(20);
  expect(new Set(kept.map(({ ticket }) => Number(ticket.id)))).toEqual(
    new Set(Array.from({ length: kept.length }, (_, index) => index + 1)),
  );
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
