import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of used pieces that may lie about. */
const LITTER = 4 * 1024 * 1024;

type Collector = (options: { readonly type: 'minor' }) => void;

let collector: Collector | undefined;

/**
 * Counts pieces of files that were used up, and has them collected in time. Their bytes lie outside of the heap, where V8
 * sees no reason to collect before there are some sixty megabytes of them; a collection of young things takes a
 * millisecond.
 */
export function createLitterCount(): (bytes: number) => void {
  let litter = 0;
  return (bytes) => {
    litter += bytes;
    if (litter >= LITTER) {
      litter = 0;
      collector ??= exposeCollector();
      collector({ type: 'minor' });
    }
  };
}

function exposeCollector(): Collector {
  setFlagsFromString('--expose-gc');
  const exposed: unknown = runInNewContext('globalThis.gc');
  return typeof exposed === 'function' ? (exposed as Collector) : () => undefined;
}
