import { IANAZone } from 'luxon';

/** A moment's date and time of day on the wall clocks of a zone. */
export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** Milliseconds since midnight. */
  readonly timeOfDay: number;
}

/** Wall clocks of one IANA zone. Moments are epoch milliseconds. */
export interface Zone {
  readonly name: string;
  /** Milliseconds that the wall clock is ahead of UTC. */
  offsetAt(moment: number): number;
  localAt(moment: number): LocalTime;
  yearAt(moment: number): number;
  /** The moment of a date and time of day; a day beyond the month's end counts on into the next month. */
  momentOf(year: number, month: number, day: number, timeOfDay: number): number;
}

const DAY = 86_400_000;

/**
 * An IANA zone for luxon that asks the platform, which is slow, only once about each UTC day that has one offset from end
 * to end.
 */
class SteadyZone extends IANAZone {
  readonly #steady = new Map<number, number>();

  override offset(moment: number): number {
    const day = Math.floor(moment / DAY);
    const known = this.#steady.get(day);
    if (known !== undefined) {
      return known;
    }

    const offset = super.offset(moment);
    if (super.offset(day * DAY) === super.offset((day + 1) * DAY)) {
      this.#steady.set(day, offset);
    }
    return offset;
  }
}

const steadyZones = new Map<string, IANAZone>();

/** The zone of this name for luxon, where many moments are shown or read. One that the platform does not know is invalid. */
export function steadyZone(name: string): IANAZone {
  const zone = steadyZones.get(name) ?? new SteadyZone(name);
  if (zone.isValid) {
    steadyZones.set(name, zone);
  }
  return zone;
}

/** Zones by name: what one of them has learned of its offsets serves all calendars. */
const zones = new Map<string, Zone>();

/** Throws `RangeError` for a zone that the platform does not know; see `isZone`. */
export function createZone(name: string): Zone {
  const zone = zones.get(name) ?? build(name);
  zones.set(name, zone);
  return zone;
}

function build(name: string): Zone {
  const zone = steadyZone(name);
  if (!zone.isValid) {
    throw new RangeError(`there is no time zone «${name}»`);
  }

  const offsetAt = (moment: number): number => zone.offset(moment) * 60_000;

  return {
    name,
    offsetAt,
    localAt: (moment) => {
      const wall = new Date(moment + offsetAt(moment));
      return {
        year: wall.getUTCFullYear(),
        month: wall.getUTCMonth() + 1,
        day: wall.getUTCDate(),
        timeOfDay: modulo(wall.getTime(), DAY),
      };
    },
    yearAt: (moment) => new Date(moment + offsetAt(moment)).getUTCFullYear(),
    momentOf: (year, month, day, timeOfDay) => {
      const wall = Date.UTC(year, month - 1, day) + timeOfDay;
      const guess = wall - offsetAt(wall);
      return wall - offsetAt(guess);
    },
  };
}

/** Whether the platform knows an IANA zone of this name. */
export function isZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
