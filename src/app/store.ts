import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { openPostgresStore } from '../store/postgres.ts';
import {
  openSqliteStore,
  openSqliteStoreForOperator,
  openSqliteStoreReadOnly,
  type ReadOnlyStore,
} from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import type { AppConfig } from './config.ts';

/** Opens the store that the configuration names. SQLite refuses a second process (`STORE_IN_USE`). */
export function openStore({ store, ticket_system: ticketSystem }: AppConfig, log: Logger): Store {
  return store.kind === 'sqlite'
    ? openSqliteStore({ file: store.file, ticketSystem, log })
    : openPostgresStore({ url: store.url, poolSize: store.pool_size, ticketSystem, log });
}

/** Opens the store for looking, also while the bridge runs on it. Throws `STORE_UNAVAILABLE`. */
export function openStoreReadOnly(config: AppConfig, log: Logger): ReadOnlyStore {
  return openStoreToLook(config, log);
}

/** The same for those who need methods that read and that no other looker needs. */
export function openStoreToLook(config: AppConfig, log: Logger): Store {
  const { store, ticket_system: ticketSystem } = config;
  return store.kind === 'sqlite'
    ? openSqliteStoreReadOnly({ file: store.file, ticketSystem, log })
    : openStore(config, log);
}

/** Opens the store for acts of an operator, also while the bridge runs on it. Throws `STORE_UNAVAILABLE`. */
export function openStoreForOperator(config: AppConfig, log: Logger): Store {
  const { store, ticket_system: ticketSystem } = config;
  return store.kind === 'sqlite'
    ? openSqliteStoreForOperator({ file: store.file, ticketSystem, log })
    : openStore(config, log);
}

/** A SQLite file is created by the first `bridge serve`. */
export function isStoreYetToCome({ store }: AppConfig): boolean {
  return store.kind === 'sqlite' && !existsSync(store.file);
}
