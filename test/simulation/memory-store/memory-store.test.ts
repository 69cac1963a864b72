import { describePromises } from '../../store/conformance.ts';
import { createMemoryStore } from './memory-store.ts';
import { emptyTables } from './tables.ts';

describePromises('the store in memory that the simulation plays with', async () => {
  const tables = emptyTables();
  const open = () => createMemoryStore(() => tables, 'otrs');
  const store = open();
  return { store, other: open(), execute: () => Promise.reject(new Error('there is no SQL')), close: store.close };
});
