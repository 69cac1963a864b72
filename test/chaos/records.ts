import { DateTime } from 'luxon';
import pino from 'pino';
import { loadSettings } from '../../src/app/config.ts';
import { openStoreReadOnly } from '../../src/app/store.ts';
import type { Backlog } from '../../src/store/backlog.ts';

/** A look into the store beside the running bridges. */
export interface Records extends AsyncDisposable {
  backlog(): Promise<Backlog>;
}

export async function openRecords(configuration: string): Promise<Records> {
  const { config } = await loadSettings(configuration);
  const store = openStoreReadOnly(config, pino({ level: 'silent' }));
  return {
    backlog: () => store.backlog(DateTime.utc()),
    [Symbol.asyncDispose]: () => store.close(),
  };
}
