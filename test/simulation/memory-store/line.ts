import type { Tables, Work } from './tables.ts';

type Order = 'urgent' | 'due';

interface Place {
  readonly at: number;
  readonly ticket: string;
}

/** Who is next by each order, the first one last; and those that were claimed, or were when their turn came. */
interface Line extends Readonly<Record<Order, Place[]>> {
  readonly held: Set<Work>;
}

/** Beside the tables, for a copy of those is a backup: whatever was set back is lined up anew. */
const lines = new WeakMap<Tables, Line>();

/** To be called when the row's moments have changed. A place that is not true any more is passed over when its turn comes. */
export function lineUp(tables: Tables, row: Work): void {
  const line = lineOf(tables);
  for (const order of ['urgent', 'due'] as const) {
    const at = row[order];
    if (at !== undefined) {
      insert(line[order], { at, ticket: row.ticket });
    }
  }
}

/** Takes those out of the line that are due and free, at most so many, as for a claim. */
export function nextInLine(tables: Tables, order: Order, limit: number, moment: number): readonly Work[] {
  const line = lineOf(tables);
  for (const row of [...line.held].filter((each) => isFree(each, moment))) {
    line.held.delete(row);
    lineUp(tables, row);
  }

  const places = line[order];
  const next = new Set<Work>();
  while (next.size < limit && (places.at(-1)?.at ?? Number.POSITIVE_INFINITY) <= moment) {
    const place = places.pop();
    const row = tables.work.get(place?.ticket ?? '');
    if (row !== undefined && row[order] === place?.at) {
      line.held.add(row);
      if (isFree(row, moment)) {
        next.add(row);
      }
    }
  }
  return [...next];
}

function lineOf(tables: Tables): Line {
  const known = lines.get(tables);
  if (known !== undefined) {
    return known;
  }

  const line: Line = { urgent: [], due: [], held: new Set() };
  lines.set(tables, line);
  for (const row of tables.work.values()) {
    lineUp(tables, row);
  }
  return line;
}

function isFree({ lease }: Work, moment: number): boolean {
  return lease === undefined || lease <= moment;
}

function insert(places: Place[], place: Place): void {
  let from = 0;
  for (let to = places.length; from < to; ) {
    const middle = (from + to) >>> 1;
    if (isBefore(place, places[middle])) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  places.splice(from, 0, place);
}

function isBefore({ at, ticket }: Place, other: Place | undefined): boolean {
  return other !== undefined && (at < other.at || (at === other.at && ticket < other.ticket));
}
