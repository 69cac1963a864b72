import { DateTime } from 'luxon';
import type { Ref, SystemName } from '../domain/ticket.ts';

/** A moment out of the database, in UTC. */
export function momentOf(milliseconds: number): DateTime {
  return DateTime.fromMillis(milliseconds, { zone: 'utc' });
}

export function refOf(system: SystemName, id: string, key: string | null): Ref {
  return key === null ? { system, id } : { system, id, key };
}

/** Text that both databases keep alike: PostgreSQL refuses NUL, and lone surrogates are not UTF-8. */
export function textOf(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

export function optionalTextOf(text: string | undefined): string | null {
  return text === undefined ? null : textOf(text);
}

/** Rows that fit into one statement: SQLite binds 32766 parameters, and no row has twenty columns. */
const ROWS_PER_STATEMENT = 500;

export function* inChunks<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    yield rows.slice(start, start + ROWS_PER_STATEMENT);
  }
}
