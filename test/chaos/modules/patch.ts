import { registerHooks } from 'node:module';

/** What a module of the bridge says, and what it is to say instead. */
export interface Patch {
  /** End of the module's address, e.g. `/src/flow/doubts.ts`. */
  readonly place: string;
  readonly from: string | RegExp;
  readonly to: string;
}

/** Changes modules while they are loaded, in this process only. Throws where there is nothing to change any more. */
export function patch({ place, from, to }: Patch): void {
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(place)) {
        return loaded;
      }

      const source = String(loaded.source);
      const patched = source.replace(from, to);
      if (patched === source) {
        throw new Error(`${place} does not say «${from}» any more: test/chaos/modules has to follow the code`);
      }
      return { ...loaded, source: patched };
    },
  });
}
