import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { createGroupCommit, type GroupCommit, type Turn, type WhenToCommit } from './group-commit.ts';

/** Statements differ by the number of rows they carry, so the cache needs an end. */
const CACHED_STATEMENTS = 200;

type Bound = Parameters<StatementSync['all']>;

/**
 * Kysely on Node's own SQLite. Transactions take the write lock, and what is written before the event loop comes round is
 * committed together, or when else the caller says.
 */
export function createSqliteDialect(connection: DatabaseSync, whenToCommit: WhenToCommit = setImmediate): Dialect {
  return {
    createAdapter: () => new TurnTakingAdapter(),
    createDriver: () => createDriver(connection, whenToCommit),
    createIntrospector: (queries) => new SqliteIntrospector(queries),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Kysely need not guard the one connection: the driver sees to turns, and has to, for it ends them before a commit. */
class TurnTakingAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** One caller's use of the connection, from its turn to its end. */
interface Use extends DatabaseConnection {
  readonly turn: Turn;
  inTransaction: boolean;
}

/** The writes of one transaction can be undone without those of the others in its group. */
const SAVEPOINT = 'one_of_the_group';

function createDriver(connection: DatabaseSync, whenToCommit: WhenToCommit): Driver {
  const group = createGroupCommit(connection, whenToCommit);
  const prepare = rememberStatements(connection);
  const exec = (text: string) => {
    try {
      connection.exec(text);
    } catch (thrown) {
      group.failed(thrown);
      throw thrown;
    }
  };

  return {
    init: async () => undefined,
    acquireConnection: async () => createUse(await group.turn(), group, prepare),
    beginTransaction: async (use) => {
      group.join();
      exec(`savepoint ${SAVEPOINT}`);
      asUse(use).inTransaction = true;
    },
    commitTransaction: async (use) => {
      exec(`release ${SAVEPOINT}`);
      asUse(use).inTransaction = false;
      const durable = group.durable();
      asUse(use).turn.pass();
      await durable;
    },
    rollbackTransaction: async (use) => {
      // Not so if the group failed: then nothing is left to undo.
      if (asUse(use).inTransaction && connection.isTransaction) {
        exec(`rollback to ${SAVEPOINT}; release ${SAVEPOINT}`);
      }
      asUse(use).inTransaction = false;
      // Whoever is told of a failure finds no lock of it any more.
      const closed = group.durable().catch(() => undefined);
      asUse(use).turn.pass();
      await closed;
    },
    releaseConnection: async (use) => asUse(use).turn.pass(),
    destroy: async () => {
      await group.end();
      connection.close();
    },
  };
}

/** Kysely hands back what the driver gave it. */
function asUse(connection: DatabaseConnection): Use {
  return connection as Use;
}

function createUse(turn: Turn, group: GroupCommit, prepare: (text: string) => StatementSync): Use {
  const use: Use = {
    turn,
    inTransaction: false,
    executeQuery: async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> => {
      if (use.inTransaction) {
        return run<Row>(query, group, prepare);
      }

      if (!SelectQueryNode.is(query.query)) {
        group.join();
      }
      const result = attempt(() => run<Row>(query, group, prepare));
      const durable = group.durable();
      turn.pass();
      await durable;
      return result();
    },
    streamQuery: () => {
      throw new Error('rows are read in pages, not as a stream');
    },
  };
  return use;
}

/** Runs it now; what it threw is thrown when the result is asked for. */
function attempt<Result>(work: () => Result): () => Result {
  try {
    const result = work();
    return () => result;
  } catch (thrown) {
    return () => {
      throw thrown;
    };
  }
}

function run<Row>(
  { sql, parameters }: CompiledQuery,
  group: GroupCommit,
  prepare: (text: string) => StatementSync,
): QueryResult<Row> {
  try {
    const statement = prepare(sql);
    if (statement.columns().length > 0) {
      return { rows: statement.all(...(parameters as Bound)) as Row[] };
    }

    const { changes, lastInsertRowid } = statement.run(...(parameters as Bound));
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  } catch (thrown) {
    group.failed(thrown);
    throw thrown;
  }
}

function rememberStatements(connection: DatabaseSync): (text: string) => StatementSync {
  const cache = new Map<string, StatementSync>();

  return (text) => {
    const statement = cache.get(text) ?? connection.prepare(text);
    cache.delete(text);
    cache.set(text, statement);
    const oldest = cache.keys().next().value;
    if (cache.size > CACHED_STATEMENTS && oldest !== undefined) {
      cache.delete(oldest);
    }
    return statement;
  };
}
