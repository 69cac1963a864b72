import { sql } from 'kysely';
import { BridgeError } from '../errors.ts';
import type { Database, Queries } from './database.ts';
import { isContract, migrations } from './migrations/list.ts';

/** Tries that a migration has which running instances got in the way of. */
const TRIES = 10;

/**
 * Applies what the database lacks, all or nothing, one process at a time; answers with the names. Throws
 * `STORE_OUTDATED` if a newer program has migrated it beyond what this one can use.
 *
 * Instances go on working meanwhile, and lock tables in another order than the steps do: where that ends in a deadlock and
 * the migration is the one that is undone, it begins anew.
 */
export async function migrate(database: Database): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await applyMissing(database);
    } catch (thrown) {
      if (database.faultOf(thrown) !== 'conflict' || attempt === TRIES) {
        throw thrown;
      }
    }
  }
}

function applyMissing(database: Database): Promise<readonly string[]> {
  return database.migrateAlone(async (transaction) => {
    await sql`create table if not exists migration (name text primary key)`.execute(transaction);
    const applied = await appliedNames(transaction);
    refuseNewer(applied);

    const missing = migrations.filter(({ name }) => !applied.has(name));
    for (const { name, statements, afterwards } of missing) {
      for (const statement of statements) {
        await statement.execute(transaction);
      }
      await afterwards?.(transaction, database.ticketSystem);
      await transaction.insertInto('migration').values({ name }).execute();
    }
    return missing.map(({ name }) => name);
  });
}

/**
 * Throws `STORE_OUTDATED` unless the database has the schema of this program, or that of a newer one that has only added
 * to it; warns of risky settings.
 */
export async function verify(database: Database): Promise<void> {
  const applied = await appliedNames(database.queries).catch((thrown: unknown) => {
    if (database.faultOf(thrown) === 'schema') {
      throw new BridgeError('STORE_OUTDATED', 'the database is empty: it has no table of the bridge yet', {
        cause: thrown,
      });
    }
    throw thrown;
  });
  refuseNewer(applied);

  const missing = migrations.filter(({ name }) => !applied.has(name)).map(({ name }) => name);
  if (missing.length > 0) {
    throw new BridgeError('STORE_OUTDATED', `the database lacks ${missing.join(', ')}`, { details: { missing } });
  }

  await database.warnOfLosses();
}

async function appliedNames(queries: Queries): Promise<ReadonlySet<string>> {
  const rows = await queries.selectFrom('migration').select('name').orderBy('name').execute();
  return new Set(rows.map(({ name }) => name));
}

/** Throws `STORE_OUTDATED` for a schema that only a newer program can use, or that another line of versions made. */
export function refuseNewer(applied: ReadonlySet<string>): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...applied].filter((name) => !known.has(name));
  const isBehind = migrations.some(({ name }) => !applied.has(name));
  const fatal = isBehind ? unknown : unknown.filter(isContract);
  if (fatal.length > 0) {
    throw new BridgeError(
      'STORE_OUTDATED',
      `the database is newer than this program, which does not know ${fatal.join(', ')}: run the newer version, or restore a backup from before its migration`,
      { details: { unknown } },
    );
  }
}
