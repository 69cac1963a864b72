import { BridgeError } from '../errors.ts';

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/i;

const YEARS = { first: 1970, last: 2199 } as const;

/**
 * ISO 8601 with an offset -> epoch milliseconds; seconds may be left out, parts of a millisecond are dropped. Throws
 * `CASE_INVALID`, naming the value by `what`. Written by hand because it runs a million times in a row.
 */
export function parseInstant(text: string, what: string): number {
  const match = INSTANT.exec(text);
  if (match === null) {
    throw invalid(text, what, 'is no moment such as 2026-11-24T10:00:00+03:00');
  }

  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1, 6).map(Number);
  const second = Number(match[6] ?? 0);
  if (match[8] === undefined) {
    throw invalid(text, what, 'has no offset from UTC: write +03:00 or Z after the time, nothing is guessed');
  }

  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const offset = parseOffset(match[8]);
  const isReal = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month >= 1 && month <= 12;
  if (!isReal || hour > 23 || minute > 59 || second > 59 || offset === undefined) {
    throw invalid(text, what, 'does not exist');
  }

  if (year < YEARS.first || year > YEARS.last) {
    throw invalid(text, what, `lies outside the years ${YEARS.first} to ${YEARS.last}`);
  }

  return wall + Number((match[7] ?? '').padEnd(3, '0').slice(0, 3)) - offset;
}

/** Epoch milliseconds -> ISO 8601 with milliseconds and the offset that is given in milliseconds. */
export function showInstant(moment: number, offset: number): string {
  return `${new Date(moment + offset).toISOString().slice(0, -1)}${showOffset(offset)}`;
}

/** `+03:00`. */
export function showOffset(offset: number): string {
  const minutes = Math.abs(Math.round(offset / 60_000));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${offset < 0 ? '-' : '+'}${hours}:${rest}`;
}

/** Milliseconds; undefined for an offset that no clock has. */
function parseOffset(text: string): number | undefined {
  if (text.length === 1) {
    return 0;
  }

  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', ''));
  const sign = text.startsWith('-') ? -1 : 1;
  return hours > 14 || minutes > 59 ? undefined : sign * (hours * 60 + minutes) * 60_000;
}

function invalid(text: string, what: string, reason: string): BridgeError {
  return new BridgeError('CASE_INVALID', `${what} «${text.slice(0, 40)}» ${reason}`);
}
