import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { openSqliteStore, openSqliteStoreForOperator } from '../../src/store/sqlite.ts';
import { backupSqlite, restoreSqlite } from '../../src/store/sqlite-backup.ts';
import type { Store } from '../../src/store/store.ts';
import { begin, event, issue, now, ticket } from './promises/sample.ts';

const log = pino({ level: 'silent' });
let folder: string;
let file: string;
let copy: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-backup-'));
  file = join(folder, 'bridge.db');
  copy = join(folder, 'backup.db');
  store = openSqliteStore({ file, ticketSystem: 'otrs', log });
  await store.migrate();
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const refusal = (message: string | RegExp) =>
  expect.objectContaining({ code: 'BACKUP_REFUSED', message: expect.stringMatching(message) });
const thrownBy = (act: () => unknown): unknown => {
  try {
    act();
    return undefined;
  } catch (thrown) {
    return thrown;
  }
};
/** A bridge that was killed: nobody closed its database, and what it took in lies in the journal. */
const killAtWork = async (events: number) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'accepting-process.ts'), file]);
  for await (const piece of child.stdout.setEncoding('utf8')) {
    if (String(piece).split('\n').includes(String(events))) {
      child.kill('SIGKILL');
    }
  }
  await (child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined);
};
const ticketsIn = (database: string) => {
  const inside = new DatabaseSync(database, { readOnly: true });
  try {
    return Number(inside.prepare('select count(*) as tickets from work').get()?.tickets);
  } finally {
    inside.close();
  }
};
const reopen = () => {
  store = openSqliteStore({ file, ticketSystem: 'otrs', log });
};

describe('a backup of the store', () => {
  test('holds what was committed when it was made, while the bridge goes on writing', async () => {
    const claim = await begin(store);
    await store.remember(claim, { issue: issue('10042') });
    const made = backupSqlite(file, copy);
    await store.accept([event('later', ticket('43'))], now);

    expect(made).toMatchObject({ file: copy, tickets: 1, links: 1, openLetters: 0, missing: [] });
    expect(made.lastAt).toBe(now.toMillis());
    const inside = new DatabaseSync(copy, { readOnly: true });
    expect(inside.prepare('select ticket from work').all()).toEqual([{ ticket: '42' }]);
    inside.close();
  });

  test('is one file for its owner alone, with nothing beside it', () => {
    backupSqlite(file, copy);

    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(['-wal', '-shm', '-journal', '.partial'].filter((suffix) => existsSync(`${copy}${suffix}`))).toEqual([]);
  });

  test('replaces no file, and what a killed one left is no hindrance', () => {
    writeFileSync(copy, 'dear');
    expect(thrownBy(() => backupSqlite(file, copy))).toEqual(refusal('exists already'));
    expect(readFileSync(copy, 'utf8')).toBe('dear');

    const other = join(folder, 'other.db');
    writeFileSync(`${other}.partial`, 'half of it');
    expect(backupSqlite(file, other).tickets).toBe(0);
  });

  test('that cannot be written leaves nothing behind', () => {
    const nowhere = join(folder, 'missing', 'backup.db');
    expect(thrownBy(() => backupSqlite(file, nowhere))).toEqual(refusal('could not be made'));
    expect(thrownBy(() => backupSqlite(join(folder, 'no.db'), copy))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(existsSync(copy)).toBe(false);
  });
});

describe('restoring a backup', () => {
  test('brings back what was there, and keeps what was in its place', async () => {
    await begin(store, '42');
    backupSqlite(file, copy);
    await begin(store, '43');
    await store.close();

    const restored = restoreSqlite(copy, file);
    reopen();
    expect(await store.ticketNamed('42')).toBeDefined();
    expect(await store.ticketNamed('43')).toBeUndefined();
    expect(restored).toMatchObject({ file, aside: `${file}.before-restore-1`, tickets: 1 });
    await store.close();
    expect(restoreSqlite(restored.aside ?? '', file)).toMatchObject({ tickets: 2, aside: `${file}.before-restore-2` });
    reopen();
    expect(await store.ticketNamed('43')).toBeDefined();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('is refused while a bridge runs on the store', () => {
    backupSqlite(file, copy);
    expect(thrownBy(() => restoreSqlite(copy, file))).toMatchObject({ code: 'STORE_IN_USE' });
  });

  test('refuses what is damaged, no store, or of a newer program, and changes nothing', async () => {
    await begin(store);
    backupSqlite(file, copy);
    const newer = join(folder, 'newer.db');
    backupSqlite(file, newer);
    const change = new DatabaseSync(newer);
    change.exec(`insert into migration (name) values ('9999-from-the-future-contract')`);
    change.close();
    const damaged = join(folder, 'damaged.db');
    const bytes = readFileSync(copy);
    bytes.fill(0xff, 4096, 12_288);
    writeFileSync(damaged, bytes);
    const text = join(folder, 'text.db');
    writeFileSync(text, 'Это не база');
    await store.close();

    expect(thrownBy(() => restoreSqlite(newer, file))).toMatchObject({
      code: 'STORE_OUTDATED',
      message: expect.stringContaining('9999-from-the-future-contract'),
    });
    expect(thrownBy(() => restoreSqlite(damaged, file))).toEqual(refusal('damaged'));
    expect(thrownBy(() => restoreSqlite(text, file))).toEqual(refusal('text.db'));
    expect(thrownBy(() => restoreSqlite(join(folder, 'none.db'), file))).toEqual(refusal('there is no file'));
    reopen();
    expect(await store.ticketNamed('42')).toBeDefined();
    expect(existsSync(`${file}.before-restore-1`)).toBe(false);
  });

  test('works from a file that cannot be written to, onto a place where no store was', async () => {
    await begin(store);
    backupSqlite(file, copy);
    chmodSync(copy, 0o400);
    const fresh = join(folder, 'fresh.db');

    expect(restoreSqlite(copy, fresh)).not.toHaveProperty('aside');
    const restored = openSqliteStore({ file: fresh, ticketSystem: 'otrs', log });
    expect(await restored.ticketNamed('42')).toBeDefined();
    await restored.close();
  });

  test('and back to what a killed bridge left takes its journal along', async () => {
    backupSqlite(file, copy);
    await store.close();
    await killAtWork(20);
    const { aside = '' } = restoreSqlite(copy, file);
    expect(ticketsIn(file)).toBe(0);

    const { tickets } = restoreSqlite(aside, file);
    expect(tickets).toBeGreaterThanOrEqual(20);
    expect(ticketsIn(file)).toBe(tickets);
  }, 30_000);

  test('from a file whose journal lies beside it brings all of it', async () => {
    await store.close();
    await killAtWork(20);
    const place = join(folder, 'elsewhere.db');

    const { tickets } = restoreSqlite(file, place);
    expect(ticketsIn(place)).toBe(tickets);
  }, 30_000);

  test('where only a journal is left of the database, nothing of it gets into what is restored', async () => {
    backupSqlite(file, copy);
    await store.close();
    await killAtWork(20);
    expect(existsSync(`${file}-wal`)).toBe(true);
    rmSync(file);

    expect(restoreSqlite(copy, file)).not.toHaveProperty('aside');
    reopen();
    expect(ticketsIn(file)).toBe(0);
    expect(existsSync(`${file}.before-restore-1-wal`)).toBe(true);
  }, 30_000);

  test('killed at any step leaves the one database or the other, whole', async () => {
    backupSqlite(file, copy);
    await begin(store, '43');
    await store.close();
    const program = join(import.meta.dirname, 'restoring-process.ts');
    const found: number[] = [];
    for (let step = 1, isKilled = true; isKilled; step += 1) {
      const { signal } = spawnSync(process.execPath, [program, copy, file, String(step)]);
      isKilled = signal === 'SIGKILL';
      found.push(ticketsIn(file));
    }
    expect(found.length).toBeGreaterThan(2);
    expect(found).toEqual([...found.slice(0, -1).map(() => 1), 0]);
  }, 60_000);

  test('is refused while a command of the bridge works on the store: what it does would be put aside', async () => {
    backupSqlite(file, copy);
    await store.close();
    const operator = openSqliteStoreForOperator({ file, ticketSystem: 'otrs', log });
    await operator.accept([event('later', ticket('43'))], now);

    expect(thrownBy(() => restoreSqlite(copy, file))).toMatchObject({ code: 'STORE_IN_USE' });
    await operator.close();
    expect(restoreSqlite(copy, file)).toMatchObject({ tickets: 0 });
  });
});
