import { AsyncLocalStorage } from 'node:async_hooks';

export type Fetch = typeof globalThis.fetch;

const through = new AsyncLocalStorage<Fetch>();
let installed: Fetch | undefined;

/**
 * Runs a task whose calls of the global `fetch` go through `fetch` instead; those of everything else in the process do
 * not. jira.js 6.2 calls the global one and can be given neither signal nor time-out, nor be kept from following
 * redirects; 6.3 takes a `fetch` of one’s own, which makes this file needless.
 */
export function fetchThrough<Result>(fetch: Fetch, task: () => Promise<Result>): Promise<Result> {
  install();
  return through.run(fetch, task);
}

/** Looked at each time: tools that watch or fake traffic put a `fetch` of their own there. */
function install(): void {
  if (globalThis.fetch !== installed) {
    const original = globalThis.fetch;
    installed = (...request) => (through.getStore() ?? original)(...request);
    globalThis.fetch = installed;
  }
}
