import type { Row } from './play.ts';

const HEADS = ['profile', 'scenario', 'blows', 'events', 'effects', 'lost', 'doubled', 'disorder', 'letters', 'rest'];
const WIDTHS = [10, 38, 5, 6, 7, 4, 7, 8, 7, 7];

const line = (cells: readonly string[]) =>
  cells
    .map((cell, at) => (at < 2 ? cell.padEnd(WIDTHS[at] ?? 0) : cell.padStart(WIDTHS[at] ?? 0)))
    .join('  ')
    .trimEnd();

function cellsOf(row: Row): readonly string[] {
  const { lost, doubled, disordered } = row;
  const counts = [row.struck, row.events, row.effects, lost.length, doubled.length, disordered.length, row.deadLetters];
  const rest = row.restMs === undefined ? 'never' : `${(row.restMs / 1000).toFixed(1)} s`;
  return [row.profile, row.scenario, ...counts.map(String), rest];
}

export const printTable = {
  /** As soon as it is known, with what went wrong. */
  row: (row: Row) => {
    console.log(line(cellsOf(row)));
    for (const what of ['lost', 'doubled', 'disordered', 'restless'] as const) {
      if (row[what].length > 0) {
        console.log(`    ${what}: ${row[what].slice(0, 10).join(', ')}`);
      }
    }
  },
  all: (rows: readonly Row[]) => {
    console.log(`\n${line(HEADS)}`);
    for (const row of rows) {
      console.log(line(cellsOf(row)));
    }
  },
};
