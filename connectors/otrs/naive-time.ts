import { DateTime } from 'luxon';
import { BridgeError } from '../../src/errors.ts';

const FORMAT = 'yyyy-MM-dd HH:mm:ss';

/**
 * A time as OTRS writes it, read in the zone that the configuration names. Throws `ANSWER_UNREADABLE`. In the hour that
 * a zone with summer time repeats each autumn the earlier reading is taken.
 */
export function fromNaive(text: string, zone: string): DateTime {
  const moment = DateTime.fromFormat(text, FORMAT, { zone });
  if (!moment.isValid) {
    throw new BridgeError('ANSWER_UNREADABLE', `OTRS wrote «${text}» where a time like 2026-01-31 23:59:59 belongs`);
  }

  return moment;
}

/** The moment as OTRS wants it in a search; parts of a second are dropped. */
export function toNaive(moment: DateTime, zone: string): string {
  return moment.setZone(zone).toFormat(FORMAT);
}
