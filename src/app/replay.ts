import { createLog } from '../log.ts';
import type { StoredSnapshot } from '../store/store.ts';
import { loadSettings } from './config.ts';
import { openStoreReadOnly } from './store.ts';

const PAGE = 200;

/** The stored facts of all tickets, page by page; works while the bridge runs. */
export async function* storedSnapshots(file: string): AsyncGenerator<StoredSnapshot> {
  const { config } = await loadSettings(file);
  const store = openStoreReadOnly(config, createLog(config.log.level));
  try {
    let after = '';
    for (;;) {
      const page = await store.snapshots({ after, limit: PAGE });
      yield* page;
      const last = page.at(-1);
      if (last === undefined) {
        return;
      }
      after = last.ticket.id;
    }
  } finally {
    await store.close();
  }
}
