import { DateTime } from 'luxon';
import { fromNaive } from './naive-time.ts';
import type { WireTicket } from './wire.ts';

/**
 * What the clock of OTRS said when it gave the ticket: the ticket tells its age in seconds by that clock. Where it does
 * not, it was changed by then at the latest.
 */
export function clockBehind(
  { Created, Age, Changed }: Pick<WireTicket, 'Created' | 'Age' | 'Changed'>,
  zone: string,
): DateTime {
  const changed = fromNaive(Changed, zone);
  const shown = /^\d+$/.test(Age) ? fromNaive(Created, zone).plus({ seconds: Number(Age) }) : changed;
  return DateTime.max(shown, changed) ?? changed;
}
