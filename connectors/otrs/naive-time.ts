import { DateTime } from 'luxon';
import { BridgeError } from '../../src/errors.ts';

const FORMAT = 'yyyy-MM-dd HH:mm:ss';
const NAIVE = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;

/**
 * A time as OTRS writes it, read in the zone that the configuration names. Throws `ANSWER_UNREADABLE`. In the hour that
 * a zone with summer time repeats each autumn the earlier reading is taken.
 */
export function fromNaive(text: string, zone: string): DateTime {
  const moment = read(text, zone);
  if (moment?.isValid !== true) {
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
  return read(text, 'utc')?.isValid === true;
}

/** A look reads some dozens of them, and luxon takes ten times as long to read by a format. */
function read(text: string, zone: string): DateTime | undefined {
  const parts = NAIVE.exec(text)?.slice(1).map(Number);
  if (parts === undefined) {
    return undefined;
  }

  const [year, month, day, hour, minute, second] = parts;
  return DateTime.fromObject({ year, month, day, hour, minute, second }, { zone });
}

/** The core's form of a moment in a field. */
export function toIso(moment: DateTime): string {
  return moment.toUTC().toISO({ suppressMilliseconds: true }) ?? '';
}
