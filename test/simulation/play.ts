import type { Order } from './crew.ts';
import type { Database } from './database.ts';
import { createMemoryDatabase } from './memory-database.ts';
import { type Outcome, simulate } from './run.ts';
import { sparing } from './shrink.ts';
import { createSqlDatabase } from './sql-database.ts';

const databases = new Map<Order['store'], Promise<Database>>();

/** One database of each kind for all worlds that are played one after the other. */
export function openDatabase(store: Order['store']): Promise<Database> {
  const opened =
    databases.get(store) ?? (store === 'memory' ? Promise.resolve(createMemoryDatabase()) : createSqlDatabase());
  databases.set(store, opened);
  return opened;
}

/** Plays the world of one seed; `write` takes its story, line by line. */
export async function play(
  seed: number,
  { store, sabotage, spared }: Omit<Order, 'seeds'>,
  write?: (line: string) => void,
): Promise<Outcome> {
  return simulate({ seed, database: await openDatabase(store), sabotage, change: sparing(spared), write });
}
