import type { Pause } from './term.ts';

type GivenPause = { readonly from: number; readonly to?: number | undefined; readonly knownSince?: number | undefined };

/** Since when a pause that has not ended is known; undefined if all have. */
export function openPauseOf(pauses: readonly GivenPause[]): number | undefined {
  const begins = pauses.filter(({ to }) => to === undefined).map(({ from, knownSince = from }) => knownSince);
  return begins.length === 0 ? undefined : Math.min(...begins);
}

/** Pauses as they stand now: an open one ends now. Throws `RangeError` for an open pause if now is not known. */
export function pausesUntil(pauses: readonly GivenPause[], now: number | undefined): readonly Pause[] {
  return pauses.map(({ from, to = now, knownSince }) => {
    if (to === undefined) {
      throw new RangeError('a pause has no end, and it is not said what time it is now');
    }
    return { from, to, knownSince };
  });
}
