import { textOf } from './rows.ts';

/** Bytes of a letter's or audit entry's details that are kept. */
const LIMIT = 65_536;
/** Characters that stay of each long text when the whole is over the limit. */
const KEPT_OF_LONG_TEXT = 8_192;

/** Details as JSON text of about 64 kB at most. Whatever JSON cannot say is described: keeping a letter never fails. */
export function detailsText(details: Readonly<Record<string, unknown>>): string {
  const whole = textFrom(details, (text) => text);
  if (whole === undefined) {
    return JSON.stringify({ note: 'The details could not be kept: they refer to themselves.' });
  }
  if (Buffer.byteLength(whole) <= LIMIT) {
    return whole;
  }

  const shortened = textFrom(details, cutText);
  if (shortened !== undefined && Buffer.byteLength(shortened) <= LIMIT) {
    return shortened;
  }

  return JSON.stringify({
    note: `The details were ${Buffer.byteLength(whole)} bytes long and were cut.`,
    beginning: whole.slice(0, KEPT_OF_LONG_TEXT).toWellFormed(),
  });
}

/** A message of any length, cut to what a list can show. */
export function messageText(message: string): string {
  return textOf(cutText(message));
}

function textFrom(details: Readonly<Record<string, unknown>>, treat: (text: string) => string): string | undefined {
  try {
    return JSON.stringify(details, (_name, value: unknown) => sayable(value, treat));
  } catch {
    return undefined;
  }
}

function sayable(value: unknown, treat: (text: string) => string): unknown {
  if (typeof value === 'string') {
    return treat(value);
  }
  if (typeof value === 'bigint') {
    return String(value);
  }

  return Error.isError(value) ? { name: value.name, message: treat(value.message) } : value;
}

function cutText(text: string): string {
  return text.length <= KEPT_OF_LONG_TEXT
    ? text
    : `${text.slice(0, KEPT_OF_LONG_TEXT)}… (cut: ${text.length} characters in all)`;
}
