import { BridgeError } from '../errors.ts';
import { createLog } from '../log.ts';
import { type BackupContent, backupSqlite, type Restored, restoreSqlite } from '../store/sqlite-backup.ts';
import { loadSettings } from './config.ts';
import { openStore } from './store.ts';

/** `bridge backup`: a copy of the store in one file, also while the bridge runs. */
export async function backup(file: string, target: string): Promise<BackupContent> {
  return backupSqlite(await sqliteFileOf(file, 'pg_dump --format=custom'), target);
}

/** `bridge restore`: a backup in the place of the store, brought up to date; answers with the migrations applied, too. */
export async function restore(
  file: string,
  source: string,
): Promise<Restored & { readonly applied: readonly string[] }> {
  const restored = restoreSqlite(source, await sqliteFileOf(file, 'pg_restore'));
  const { config } = await loadSettings(file);
  const store = openStore(config, createLog(config.log.level));
  return { ...restored, applied: await store.migrate().finally(() => store.close()) };
}

async function sqliteFileOf(file: string, instead: string): Promise<string> {
  const { config } = await loadSettings(file);
  if (config.store.kind !== 'sqlite') {
    throw new BridgeError('BACKUP_REFUSED', `the store is PostgreSQL, which brings its own means: use ${instead}`);
  }

  return config.store.file;
}
