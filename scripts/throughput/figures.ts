import type { Carriage } from './carrying.ts';

/** What the bench found, for people who read it while it runs and for the page that keeps it. */
export interface Figures {
  /** A heading, then rows under these columns. */
  table(title: string, columns: readonly string[]): void;
  row(...cells: readonly string[]): void;
  /** Everything so far, as Markdown. */
  page(): string;
}

export function keepFigures(write: (line: string) => void): Figures {
  const page: string[] = [];
  let widths: readonly number[] = [];

  return {
    table: (title, columns) => {
      widths = columns.map((column, index) => Math.max(column.length, index === 0 ? 40 : 10));
      page.push('', `**${title}**`, '', `| ${columns.join(' | ')} |`, `| --- ${'| --: '.repeat(columns.length - 1)}|`);
      write(`${title}\n  ${aligned(columns, widths)}`);
    },
    row: (...cells) => {
      page.push(`| ${cells.join(' | ')} |`);
      write(`  ${aligned(cells, widths)}`);
    },
    page: () => `${page.join('\n').trim()}\n`,
  };
}

/** The columns of what `carriageCells` makes. */
export const carriageColumns = [
  'Program',
  'tickets/s',
  'of bare durable',
  'processor, ms',
  'calls',
  'memory, MB',
  'lost',
  'doubled',
] as const;

export function carriageCells(name: string, carriage: Carriage, measure: number): readonly string[] {
  const { perSecond, processorMs, calls, megabytes, lost, doubled } = carriage;
  return [
    name,
    whole(perSecond),
    (perSecond / measure).toFixed(2),
    processorMs.toFixed(1),
    calls.toFixed(1),
    whole(megabytes),
    whole(lost),
    whole(doubled),
  ];
}

export function whole(figure: number): string {
  return Math.round(figure).toLocaleString('en');
}

function aligned(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
    .join('  ');
}
