import type { Command } from 'commander';
import { DateTime } from 'luxon';
import type { CommandContext, ExitCode } from './commands.ts';

/** What a file holds that a backup was written to, or restored from. */
export interface StoreCopy {
  readonly file: string;
  readonly bytes: number;
  readonly tickets: number;
  readonly links: number;
  readonly openLetters: number;
  readonly lastAt?: number;
  readonly aside?: string;
  readonly applied?: readonly string[];
}

const backup = {
  name: 'backup',
  description:
    'Copy the store (SQLite) into one new file, while the bridge runs. The copy is checked, readable by you alone, and replaces no file: it holds what tickets say.',
  examples: ['bridge backup /var/backups/bridge-2026-11-23.db', 'bridge backup backup.db --json'],
};

const restore = {
  name: 'restore',
  description:
    'Put a backup in the place of the store (SQLite) and bring it up to this version. The bridge must be stopped. What was there is kept beside it. Afterwards the bridge finds by its sweeps and by the marks in both systems what happened since, and does nothing twice.',
  examples: ['bridge restore /var/backups/bridge-2026-11-23.db'],
};

type AddCommand = (
  program: Command,
  described: { readonly name: string; readonly description: string; readonly examples: readonly string[] },
) => Command;

export function addBackup(
  program: Command,
  addCommand: AddCommand,
  { deeds, streams }: CommandContext,
  carryOut: (command: Promise<ExitCode>) => Promise<void>,
): void {
  const told = async (
    copy: Promise<StoreCopy>,
    isJson: boolean,
    tell: (copy: StoreCopy) => string,
  ): Promise<ExitCode> => {
    const found = await copy;
    streams.out(isJson ? `${JSON.stringify(found, null, 2)}\n` : tell(found));
    return 0;
  };

  addCommand(program, backup)
    .argument('<file>', 'where to; must not exist')
    .option('--json', 'write one JSON object instead of text')
    .action((target, { config, json }) =>
      carryOut(told(deeds.backup(config, target), json === true, (copy) => `wrote ${copy.file}\n${contentOf(copy)}`)),
    );
  addCommand(program, restore)
    .argument('<file>', 'a file that `bridge backup` wrote')
    .option('--json', 'write one JSON object instead of text')
    .action((source, { config, json }) =>
      carryOut(told(deeds.restore(config, source), json === true, (copy) => tellRestored(source, copy))),
    );
}

function tellRestored(source: string, copy: StoreCopy): string {
  const { file, aside, applied = [] } = copy;
  const lines = [
    `restored ${file} from ${source}`,
    contentOf(copy).trimEnd(),
    aside === undefined ? 'there was no store before' : `what was there is now ${aside}; delete it when all is well`,
    ...applied.map((name) => `applied ${name}`),
    'Start the bridge: its sweeps look at what changed in both systems since.',
  ];
  return `${lines.join('\n')}\n`;
}

function contentOf({ bytes, tickets, links, openLetters, lastAt }: StoreCopy): string {
  const size = bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
  const last =
    lastAt === undefined
      ? 'nothing happened in it yet'
      : `the last entry is of ${DateTime.fromMillis(lastAt, { zone: 'utc' }).toISO()}`;
  return `${size}, ${tickets} tickets, ${links} of them with an issue, ${openLetters} open dead letters; ${last}\n`;
}
