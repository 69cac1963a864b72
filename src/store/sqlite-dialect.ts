import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SqliteDialect, type SqliteStatement } from 'kysely';

/** Statements differ by the number of rows they carry, so the cache needs an end. */
const CACHED_STATEMENTS = 200;

type Bound = Parameters<StatementSync['all']>;

/** Kysely's SQLite dialect on Node's own SQLite. Transactions take the write lock when they begin. */
export function createSqliteDialect(connection: DatabaseSync): SqliteDialect {
  const cache = new Map<string, SqliteStatement>();

  return new SqliteDialect({
    database: {
      close: () => connection.close(),
      prepare: (text) => {
        const cached = cache.get(text) ?? statementOf(connection, text);
        cache.delete(text);
        cache.set(text, cached);
        const oldest = cache.keys().next().value;
        if (cache.size > CACHED_STATEMENTS && oldest !== undefined) {
          cache.delete(oldest);
        }
        return cached;
      },
    },
  });
}

function statementOf(connection: DatabaseSync, text: string): SqliteStatement {
  const statement = connection.prepare(text === 'begin' ? 'begin immediate' : text);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as Bound)),
    run: (parameters) =>
      isNeedless(text, connection) ? { changes: 0, lastInsertRowid: 0 } : statement.run(...(parameters as Bound)),
    iterate: (parameters) => statement.iterate(...(parameters as Bound)),
  };
}

/** A full disk makes SQLite roll back by itself; failing at that once more would hide the reason. */
function isNeedless(text: string, connection: DatabaseSync): boolean {
  return text === 'rollback' && !connection.isTransaction;
}
