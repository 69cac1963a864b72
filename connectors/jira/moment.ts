import { DateTime } from 'luxon';

/** JIRA takes a date and time in this form only: with milliseconds, and without a colon in the offset. */
const FORMAT = "yyyy-MM-dd'T'HH:mm:ss.SSSZZZ";

/** A field's moment in JIRA's form; what is no moment goes as it is, for JIRA to refuse with its reason. */
export function toWireMoment(text: string): string {
  const moment = DateTime.fromISO(text, { zone: 'utc' });
  return moment.isValid ? moment.toFormat(FORMAT) : text;
}

/** JIRA's moment as fields hold it: ISO 8601 in UTC, whole seconds. */
export function fromWireMoment(text: string): string {
  const moment = DateTime.fromISO(text, { zone: 'utc' });
  return moment.isValid ? moment.startOf('second').toISO({ suppressMilliseconds: true }) : text;
}
