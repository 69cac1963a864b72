import { registerHooks } from 'node:module';

/** Loaded into a bridge before the program: it then believes that no earlier call was left without an answer. */
const PLACE = '/src/flow/doubts.ts';
const LOOK_UP = 'await store.doubtful(ticket)';

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(PLACE)) {
      return loaded;
    }

    const source = String(loaded.source);
    if (!source.includes(LOOK_UP)) {
      throw new Error(`there is no «${LOOK_UP}» in ${PLACE}: the sabotage has to follow the code`);
    }
    return { ...loaded, source: source.replace(LOOK_UP, '[] as Intent[]') };
  },
});
