import { createZone, type Zone } from './zone.ts';

/** A run of time that is open or closed throughout, and why. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
  /** Why: `round the clock`, `working hours`, `outside the window`, `weekend` or the name of the day off. */
  readonly because: string;
}

/**
 * When time counts. Moments are epoch milliseconds; open time is counted in milliseconds from an origin of the
 * calendar's own, so only differences mean anything.
 */
export interface Calendar {
  readonly name: string;
  readonly zone: Zone;
  /** Open time up to the moment. */
  openBefore(moment: number): number;
  /** The earliest moment up to which there is so much open time; undefined if the calendar ends before. */
  momentAt(open: number): number | undefined;
  /** The first year from one moment to another that the calendar does not cover. Without `to`: from then on. */
  uncoveredYear(from: number, to?: number): number | undefined;
  /** Years from one moment to another whose days off are not decreed yet. */
  provisionalYears(from: number, to: number): readonly number[];
  /** From one moment to another without gaps, in order. */
  stretches(from: number, to: number): readonly Stretch[];
  /** The open window of a date; undefined on a day without one or outside the covered years. */
  windowOf(year: number, month: number, day: number): { readonly from: number; readonly to: number } | undefined;
}

/** Clock A: every instant counts (R12). */
export function createRoundTheClock(name: string, zoneName: string): Calendar {
  const zone = createZone(zoneName);
  return {
    name,
    zone,
    openBefore: (moment) => moment,
    momentAt: (open) => open,
    uncoveredYear: () => undefined,
    provisionalYears: () => [],
    stretches: (from, to) => (from < to ? [{ from, to, isOpen: true, because: 'round the clock' }] : []),
    windowOf: (year, month, day) => ({
      from: zone.momentOf(year, month, day, 0),
      to: zone.momentOf(year, month, day + 1, 0),
    }),
  };
}
