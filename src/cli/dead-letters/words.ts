import type { DateTime } from 'luxon';
import { catalogue, type ErrorCode } from '../../errors.ts';
import type { DeadLetter, Resolution } from '../../store/store.ts';
import { onOneLine } from '../words.ts';

/** What people type of an id; the whole of it is in the JSON. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

export function aboutOf({ ticket, action }: Pick<DeadLetter, 'ticket' | 'action'>): string {
  const about = ticket === undefined ? 'a message' : `ticket ${ticket.key ?? ticket.id} (id ${ticket.id})`;
  return action === undefined ? about : `${about}, ${action.key}`;
}

/** A letter of an older version may carry a code that is no longer known. */
export function helpOf(code: string): string {
  return Object.hasOwn(catalogue, code) ? catalogue[code as ErrorCode].help : 'This version does not know the code.';
}

/** Local time of the machine, to the second, with its offset: other commands and the tickets have the zone of the terms. */
export function shortTime(moment: DateTime): string {
  return moment.toLocal().toFormat('yyyy-MM-dd HH:mm:ss ZZ');
}

const ENDS: Readonly<Record<NonNullable<Resolution['how']>, string>> = {
  carried: 'the action took effect',
  replaced: 'the rules want something else by now',
  readable: 'the ticket can be looked at again',
  ended: 'the work on the ticket is over',
  unwanted: 'it was replayed, and nothing was left to do',
  revised: 'an edited revision took its place',
  delivered: 'the message was taken in',
  discarded: 'discarded',
};

/** How the letter stands, e.g. `open, replay ordered by petrova.2l at …`. */
export function standingOf({ state, resolution, order }: DeadLetter): string {
  if (resolution !== undefined) {
    const { how, by, at, reason } = resolution;
    const end = how === undefined || how === 'discarded' ? '' : `: ${ENDS[how]}`;
    return `${state} by ${by} at ${shortTime(at)}${end}${reason === undefined ? '' : ` (${onOneLine(reason)})`}`;
  }

  const what = order?.as === 'recorded' ? 'replay as recorded' : 'replay';
  return order === undefined ? state : `${state}, ${what} ordered by ${order.by} at ${shortTime(order.at)}`;
}

/** A table with its columns aligned; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => String(row[column] ?? '').length)),
  );
  const line = (cells: readonly (string | number)[]) =>
    cells
      .map((cell, column) =>
        typeof cell === 'number' ? String(cell).padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return `${[line(head), ...rows.map(line)].join('\n')}\n`;
}

/** Text further in. */
export function indented(text: string, by = '    '): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `${by}${line}`))
    .join('\n');
}
