import type { DatabaseSync } from 'node:sqlite';

/** Writes of several callers that become durable together: one commit, one wait for the disk. */
export interface GroupCommit {
  /** Resolves when it is the caller's turn; nobody else uses the connection until `pass` is called. */
  turn(): Promise<Turn>;
  /** Resolves when all that was written so far, by anyone, is on the disk. Throws what kept it from getting there. */
  durable(): Promise<void>;
  /** Opens a group if none is open. To be called in one's turn, before a write. */
  join(): void;
  /** To be called in one's turn when a statement failed: SQLite may have undone the whole group with it. */
  failed(thrown: unknown): void;
  /** Commits what is open. */
  end(): Promise<void>;
}

export interface Turn {
  /** Lets the next one in; calling it again does nothing. */
  pass(): void;
}

/** Calls back when a group has been open for long enough. */
export type WhenToCommit = (commit: () => void) => void;

interface Group {
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Waiting for the disk is what a write costs, and the connection can do nothing else meanwhile. So everything that is
 * written until the event loop comes round is committed at once, and each writer is told when that is durable. What was
 * read while a group is open is told no earlier either: nobody acts upon what a power cut could take back.
 */
export function createGroupCommit(connection: DatabaseSync, whenToCommit: WhenToCommit): GroupCommit {
  const waiting: (() => void)[] = [];
  let isTaken = false;
  let group: Group | undefined;

  const turn = async (): Promise<Turn> => {
    if (isTaken) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    isTaken = true;
    let isOver = false;
    return {
      pass: () => {
        if (!isOver) {
          isOver = true;
          const next = waiting.shift();
          isTaken = next !== undefined;
          next?.();
        }
      },
    };
  };

  const settle = (thrown?: unknown) => {
    const ended = group;
    group = undefined;
    if (thrown === undefined) {
      ended?.done.resolve();
    } else {
      ended?.done.reject(thrown);
    }
  };

  const commit = async () => {
    const { pass } = await turn();
    try {
      if (group !== undefined) {
        connection.exec('commit');
        settle();
      }
    } catch (thrown) {
      undo(connection);
      settle(thrown);
    } finally {
      pass();
    }
  };

  return {
    turn,
    durable: async () => group?.done.promise,
    join: () => {
      if (group === undefined) {
        connection.exec('begin immediate');
        const done = Promise.withResolvers<void>();
        // Whoever wrote waits for it; a group in which every write failed has nobody.
        done.promise.catch(() => undefined);
        group = { done };
        whenToCommit(() => void commit());
      }
    },
    failed: (thrown) => {
      if (!connection.isTransaction) {
        settle(thrown);
      }
    },
    end: commit,
  };
}

/** A full disk makes SQLite undo everything by itself; failing at that once more would hide the reason. */
function undo(connection: DatabaseSync): void {
  if (connection.isTransaction) {
    connection.exec('rollback');
  }
}
