import { hostname } from 'node:os';
import { pid } from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { BridgeError } from '../errors.ts';

/** SQLite's result code for a lock that another connection holds. */
const SQLITE_BUSY = 5;

/**
 * Takes the database file for this process alone: an open write transaction on a side file, which the operating system
 * ends with the process however it dies. Throws `STORE_IN_USE` with the holder's name. Returns the way to let go.
 */
export function lockSqliteFile(file: string): () => void {
  const lock = new DatabaseSync(`${file}.lock`, { timeout: 0 });
  const own = `process ${pid} on ${hostname()}`;

  try {
    lock.exec('create table if not exists holder (name text)');
    lock.exec('begin immediate');
    // Others can read the name only once it is committed, and the lock is free for that instant: so look again.
    while (holderOf(lock) !== own) {
      lock.exec('delete from holder');
      lock.prepare('insert into holder values (?)').run(own);
      lock.exec('commit');
      lock.exec('begin immediate');
    }
  } catch (thrown) {
    const holder = isBusy(thrown) ? holderOf(lock) : undefined;
    lock.close();
    throw isBusy(thrown)
      ? new BridgeError('STORE_IN_USE', `${file} is in use by ${holder ?? 'another process'}`, { cause: thrown })
      : thrown;
  }

  return () => lock.close();
}

function holderOf(lock: DatabaseSync): string | undefined {
  try {
    const name = lock.prepare('select name from holder').get()?.name;
    return typeof name === 'string' ? name : undefined;
  } catch (thrown) {
    if (isBusy(thrown)) {
      return undefined;
    }
    throw thrown;
  }
}

function isBusy(thrown: unknown): boolean {
  return Error.isError(thrown) && 'errcode' in thrown && (Number(thrown.errcode) & 0xff) === SQLITE_BUSY;
}
