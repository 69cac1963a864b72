import type { Command } from 'commander';
import type { CommandContext, ExitCode } from './commands.ts';
import { mappingsDiff } from './mappings-diff.ts';
import { mappingsExport } from './mappings-export.ts';
import { mappingsTest } from './mappings-test.ts';
import { toWholeNumber } from './words.ts';

type Add = (
  program: Command,
  described: { readonly name: string; readonly description: string; readonly examples: readonly string[] },
) => Command;

/** `bridge mappings …`: trying rules before they are in force. */
export function addMappings(
  program: Command,
  add: Add,
  context: CommandContext,
  carryOut: (command: Promise<ExitCode>) => Promise<void>,
): void {
  const group = program.command('mappings').description('Try rules before they are in force. Changes nothing.');
  const folder = [
    '--mappings <folder>',
    'the folder of mappings, instead of the one that the configuration names',
  ] as const;

  add(group, mappingsTest)
    .option(...folder)
    .option('--json', 'write one JSON object instead of a list')
    .action((options) => carryOut(mappingsTest.run(options, context)));
  add(group, mappingsDiff)
    .argument('<folder>', 'the folder with the other mappings')
    .option(...folder)
    .option('--file <file>', 'take the facts from this file, one JSON object a line, instead of the store')
    .option('--at <moment>', 'decide as of this moment, instead of that at which each ticket was last looked at')
    .option('--limit <number>', 'how many tickets to name for each kind of change', toWholeNumber(0, 10_000), 5)
    .option('--json', 'write one JSON object instead of text')
    .action((other, options) => carryOut(mappingsDiff.run({ ...options, other }, context)));
  add(group, mappingsExport)
    .requiredOption('--file <file>', 'the file to write')
    .action((options) => carryOut(mappingsExport.run(options, context)));
}
