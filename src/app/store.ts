import type { Logger } from 'pino';
import { openPostgresStore } from '../store/postgres.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import type { AppConfig } from './config.ts';

/** Opens the store that the configuration names. SQLite refuses a second process (`STORE_IN_USE`). */
export function openStore({ store, ticket_system: ticketSystem }: AppConfig, log: Logger): Store {
  return store.kind === 'sqlite'
    ? openSqliteStore({ file: store.file, ticketSystem, log })
    : openPostgresStore({ url: store.url, poolSize: store.pool_size, ticketSystem, log });
}
