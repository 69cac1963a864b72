import { DateTime } from 'luxon';
import pino from 'pino';
import { loadSettings } from '../../src/app/config.ts';
import { openStoreReadOnly } from '../../src/app/store.ts';
import type { Backlog } from '../../src/store/backlog.ts';

/** A look into the store beside the running bridges. */
export interface Records extends AsyncDisposable {
  backlog(): Promise<Backlog>;
  /** What each of the tickets that are not at rest is waiting for. */
  waiting(tickets: readonly string[]): Promise<readonly string[]>;
}

export async function openRecords(configuration: string): Promise<Records> {
  const { config } = await loadSettings(configuration);
  const store = openStoreReadOnly(config, pino({ level: 'silent' }));
  return {
    backlog: () => store.backlog(DateTime.utc()),
    waiting: async (tickets) => {
      const told: string[] = [];
      for (const id of tickets) {
        const { work } = await store.storyMatter({ system: 'otrs', id }, { limit: 1 });
        if (work?.waitingSince !== undefined) {
          const { attempt, dueAt, leaseUntil, waitingFor } = work;
          told.push(`ticket ${id}: ${JSON.stringify({ attempt, dueAt, leaseUntil, waitingFor })}`);
        }
      }
      return told;
    },
    [Symbol.asyncDispose]: () => store.close(),
  };
}
