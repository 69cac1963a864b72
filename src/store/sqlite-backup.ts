import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BridgeError } from '../errors.ts';
import { refuseNewer } from './migrate.ts';
import { migrations } from './migrations/list.ts';
import { lockSqliteFile } from './sqlite-lock.ts';

/** What a backup holds. */
export interface BackupContent {
  readonly file: string;
  readonly bytes: number;
  readonly tickets: number;
  readonly links: number;
  readonly openLetters: number;
  /** Epoch milliseconds of the last thing that was written down; absent for a store in which nothing happened. */
  readonly lastAt?: number;
  /** Migrations of this program that it lacks. */
  readonly missing: readonly string[];
}

export interface Restored extends BackupContent {
  /** Where the database is now that was in its place; absent where there was none. */
  readonly aside?: string;
}

const BUSY_TIMEOUT = 5_000;

/**
 * Copies the database as it is at one moment into a new file of its own, while the bridge works on it: readers and writers of
 * SQLite do not wait for each other. The copy is checked before it gets its name, readable by its owner alone, and replaces no
 * file. Throws `BACKUP_REFUSED` and `STORE_UNAVAILABLE`.
 */
export function backupSqlite(from: string, to: string): BackupContent {
  const source = resolve(from);
  const target = resolve(to);
  if (!existsSync(source)) {
    throw new BridgeError('STORE_UNAVAILABLE', `there is no database at ${source}: has the bridge ever run here?`);
  }
  if (existsSync(target)) {
    throw new BridgeError('BACKUP_REFUSED', `${target} exists already and is not overwritten: give another name`);
  }

  const partial = `${target}.partial`;
  try {
    // Left over from a backup that was killed.
    rmSync(partial, { force: true });
    copyWhole(source, partial);
    const content = inspectBackup(partial);
    // Unlike a renaming it fails where the name was taken meanwhile.
    linkSync(partial, target);
    rmSync(partial);
    makeDurable(dirname(target));
    return { ...content, file: target };
  } catch (thrown) {
    rmSync(partial, { force: true });
    throw refused(thrown, `the backup ${target} could not be made`);
  }
}

/**
 * Puts a backup in the place of the database, which is kept beside it. The caller brings the schema up to date. Whenever it is
 * killed, the place holds the one database or the other. Throws `STORE_IN_USE` while a bridge or one of its commands works on the
 * database, `BACKUP_REFUSED` for a file that is no sound backup; nothing is changed then.
 */
export function restoreSqlite(from: string, to: string): Restored {
  const source = resolve(from);
  const target = resolve(to);
  if (!existsSync(source)) {
    throw new BridgeError('BACKUP_REFUSED', `there is no file ${source}`);
  }

  const content = inspectBackup(source);
  const unlock = lockSqliteFile(target);
  const incoming = `${target}.restoring`;
  try {
    rmSync(incoming, { force: true });
    copyWhole(source, incoming);
    const aside = putAside(target);
    renameSync(incoming, target);
    makeDurable(dirname(target));
    return { ...content, file: target, ...(aside === undefined ? {} : { aside }) };
  } catch (thrown) {
    rmSync(incoming, { force: true });
    throw refused(thrown, `${source} could not be put in place`);
  } finally {
    unlock();
  }
}

/** What is in a backup. Throws `BACKUP_REFUSED` for a file that is damaged or no store of the bridge, `STORE_OUTDATED` for one of a
 * newer program. */
export function inspectBackup(file: string): BackupContent {
  const connection = openBackup(file);
  try {
    const damage = textOf(connection.prepare('pragma integrity_check').get()?.integrity_check);
    if (damage !== 'ok') {
      throw new BridgeError('BACKUP_REFUSED', `${file} is damaged: ${damage}`);
    }

    const applied = new Set(
      connection
        .prepare('select name from migration')
        .all()
        .map(({ name }) => textOf(name)),
    );
    refuseNewer(applied);
    const count = (query: string) => Number(connection.prepare(query).get()?.number ?? 0);
    const lastAt = count(
      'select max(at) as number from (select max(last_at) as at from event union all select max(at) from audit)',
    );
    return {
      file,
      bytes: statSync(file).size,
      tickets: count('select count(*) as number from work'),
      links: count('select count(*) as number from link where issue_id is not null'),
      openLetters: count(`select count(*) as number from dead_letter where state = 'open'`),
      ...(lastAt === 0 ? {} : { lastAt }),
      missing: migrations.map(({ name }) => name).filter((name) => !applied.has(name)),
    };
  } catch (thrown) {
    throw refused(thrown, `${file} is no backup of the bridge`);
  } finally {
    connection.close();
  }
}

/** Without a trace beside it, wherever it lies: a backup may be on a disk that cannot be written to. */
function openBackup(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT });
  } catch (thrown) {
    throw refused(thrown, `${file} cannot be opened`);
  }
}

/**
 * Into a new file of its own, with what the journal beside the source holds: of a database that nobody closed, e.g. one that was
 * put aside after a kill, that may be all of it.
 */
function copyWhole(source: string, target: string): void {
  closeSync(openSync(target, 'wx', 0o600));
  const connection = new DatabaseSync(source, { readOnly: true, timeout: BUSY_TIMEOUT });
  try {
    connection.prepare('vacuum into ?').run(target);
  } finally {
    connection.close();
  }
  makeDurable(target);
}

/**
 * Gives the database a second name, the first that is free; it keeps its own until the other one takes it. A journal without its
 * database goes, too: SQLite would write it into whatever comes in the place.
 */
function putAside(file: string): string | undefined {
  if (existsSync(file)) {
    mergeJournal(file);
  }

  const present = ['-wal', '-shm', ''].filter((suffix) => existsSync(`${file}${suffix}`));
  if (present.length === 0) {
    return undefined;
  }

  let number = 1;
  while (existsSync(`${file}.before-restore-${number}`)) {
    number += 1;
  }
  const aside = `${file}.before-restore-${number}`;
  for (const suffix of present) {
    linkSync(`${file}${suffix}`, `${aside}${suffix}`);
  }
  makeDurable(dirname(file));
  for (const suffix of present.filter((each) => each !== '')) {
    rmSync(`${file}${suffix}`);
  }
  return present.includes('') ? aside : undefined;
}

/** Leaves the database in one file. One that is too damaged for that keeps its journal. */
function mergeJournal(file: string): void {
  try {
    const connection = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
    try {
      connection.exec('pragma wal_checkpoint(truncate)');
    } finally {
      connection.close();
    }
  } catch {
    return;
  }

  // SQLite takes the journal away with its last user.
  if (existsSync(`${file}-wal`)) {
    throw new BridgeError(
      'STORE_IN_USE',
      `${file} is open in another process, such as a command of the bridge: end it`,
    );
  }
}

function makeDurable(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function refused(thrown: unknown, what: string): BridgeError {
  return thrown instanceof BridgeError
    ? thrown
    : new BridgeError('BACKUP_REFUSED', `${what}: ${Error.isError(thrown) ? thrown.message : String(thrown)}`, {
        cause: thrown,
      });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
