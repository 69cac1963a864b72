import { AsyncLocalStorage } from 'node:async_hooks';

export type Fetch = typeof globalThis.fetch;

const through = new AsyncLocalStorage<Fetch>();
let isInstalled = false;

/**
 * Runs a task whose calls of the global `fetch` go through `fetch` instead; those of everything else in the process do
 * not. jira.js 6.2 calls the global one and can be given neither signal nor time-out, nor be kept from following
 * redirects; 6.3 takes a `fetch` of one’s own, which makes this file needless.
 */
export function fetchThrough<Result>(fetch: Fetch, task: () => Promise<Result>): Promise<Result> {
  install();
  return through.run(fetch, task);
}

function install(): void {
  if (!isInstalled) {
    const original = globalThis.fetch;
    globalThis.fetch = (...request) => (through.getStore() ?? original)(...request);
    isInstalled = true;
  }
}
