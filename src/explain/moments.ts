import { DateTime } from 'luxon';
import type { Zone } from '../domain/zone.ts';

/** Moments of one zone, for machines and for people. */
export interface Moments {
  /** ISO 8601 with the zone's offset. */
  readonly iso: (moment: number) => string;
}

export function momentsIn({ name }: Pick<Zone, 'name'>): Moments {
  return {
    iso: (moment) => DateTime.fromMillis(moment, { zone: name }).toISO({ suppressMilliseconds: true }) ?? '',
  };
}

/** `Mon 23.11.2026 10:00`, with seconds where there are any. */
export function forPeople(iso: string): string {
  const moment = DateTime.fromISO(iso, { setZone: true });
  return moment.toFormat(moment.second === 0 ? 'ccc dd.MM.yyyy HH:mm' : 'ccc dd.MM.yyyy HH:mm:ss', { locale: 'en' });
}

/** `2 d 3 h`, `1 h 20 min`, `45 s`: the two largest units; working time is not told in days. */
export function lengthOf(milliseconds: number, largest: 'days' | 'hours' = 'days'): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const parts = [
    [largest === 'days' ? Math.floor(seconds / 86_400) : 0, 'd'],
    [largest === 'days' ? Math.floor(seconds / 3_600) % 24 : Math.floor(seconds / 3_600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return first < 0
    ? '0 min'
    : parts
        .slice(first, first + 2)
        .filter(([count]) => count > 0)
        .map(([count, unit]) => `${count} ${unit}`)
        .join(' ');
}
