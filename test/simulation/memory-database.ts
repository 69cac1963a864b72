import type { Database } from './database.ts';
import { createMemoryStore } from './memory-store/memory-store.ts';
import { emptyTables, type Tables } from './memory-store/tables.ts';

/** The quick one: a model of the store that the conformance suite holds to the same promises. */
export function createMemoryDatabase(): Database {
  let tables: Tables = emptyTables();
  let kept: Tables = emptyTables();

  return {
    open: () => createMemoryStore(() => tables, 'otrs'),
    clear: () => {
      tables = emptyTables();
    },
    keep: () => {
      kept = structuredClone(tables);
    },
    restore: () => {
      tables = structuredClone(kept);
    },
    work: () => [...tables.work.values()],
    doubts: () =>
      [...tables.intents].flatMap(([ticket, own]) =>
        [...own].flatMap(([key, { state }]) => (state === 'sending' ? [{ ticket, key }] : [])),
      ),
    letters: () =>
      tables.letters.flatMap(({ ticket = '', actionKey: key, state }) => (state === 'open' ? [{ ticket, key }] : [])),
    owners: () => new Map([...tables.memories].flatMap(([ticket, { issue }]) => (issue ? [[issue.id, ticket]] : []))),
    numberOf: (event) => tables.events.get(event)?.turn,
    setLease: (ticket, until) => {
      const work = tables.work.get(ticket);
      if (work !== undefined) {
        work.lease = until;
      }
    },
  };
}
