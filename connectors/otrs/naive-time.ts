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

/** Whether a text is a time as OTRS writes it. */
export function isNaive(text: string): boolean {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) && DateTime.fromFormat(text, FORMAT).isValid;
}

/** The core's form of a moment in a field. */
export function toIso(moment: DateTime): string {
  return moment.toUTC().toISO({ suppressMilliseconds: true }) ?? '';
}
