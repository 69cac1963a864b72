import type { Command } from 'commander';
import type { CommandContext, ExitCode } from '../commands.ts';
import { toWholeNumber } from '../words.ts';
import { edit } from './edit.ts';
import { exportLetters } from './export.ts';
import { discard, restore } from './fates.ts';
import { addFilter, addState } from './filter.ts';
import { groups } from './groups.ts';
import { jobs } from './jobs.ts';
import { list } from './list.ts';
import { replay } from './replay.ts';
import { show } from './show.ts';

type Add = (
  program: Command,
  described: { readonly name: string; readonly description: string; readonly examples: readonly string[] },
  options?: { readonly isDefault?: boolean },
) => Command;

type CarryOut = (command: Promise<ExitCode>) => Promise<void>;

const JSON_OPTION = ['--json', 'write JSON instead of text'] as const;
const WHO_OPTION = ['--as <name>', 'who does it, for the audit, instead of your login name'] as const;
const ID = 'the letter: its id or the beginning of it';
const MOST = 10_000;

/** `bridge dead-letters …`: what waits for a person, and what he can do about it. */
export function addDeadLetters(program: Command, add: Add, context: CommandContext, carryOut: CarryOut): void {
  const group = program
    .command('dead-letters')
    .description('Find, understand, mend and replay what could not be carried. Works while the bridge runs.');
  addLookers(group, add, context, carryOut);
  addActs(group, add, context, carryOut);

  add(group, jobs)
    .option('--limit <number>', 'how many at most', toWholeNumber(1, MOST), 10)
    .option('--watch [id]', 'write a line whenever this job, or else the newest, gets on, until it ends')
    .option('--stop <id>', 'begin no further batch of this job')
    .option('--resume <id>', 'go on with this job, one letter first; what failed is tried again')
    .option('--with-new', 'with --resume: also take letters of its filter that came since')
    .option(...WHO_OPTION)
    .option(...JSON_OPTION)
    .action((options) => carryOut(jobs.run(options, context)));
}

function addLookers(group: Command, add: Add, context: CommandContext, carryOut: CarryOut): void {
  addState(addFilter(add(group, list, { isDefault: true })))
    .option('--limit <number>', 'how many at most', toWholeNumber(1, MOST), 100)
    .option('--after <id>', 'go on after this letter, with which a page ended')
    .option('--json', 'write one JSON array instead of text')
    .action((options) => carryOut(list.run(options, context)));
  addState(addFilter(add(group, groups)))
    .option('--limit <number>', 'how many at most', toWholeNumber(1, MOST), 50)
    .option('--json', 'write one JSON array instead of text')
    .action((options) => carryOut(groups.run(options, context)));
  add(group, show)
    .argument('<id>', ID)
    .option(...JSON_OPTION)
    .action((id, options) => carryOut(show.run(id, options, context)));
  addState(addFilter(add(group, exportLetters)))
    .option('--csv', 'write a table for people instead of JSON lines')
    .option('--file <file>', 'write into this new file, readable for its owner alone')
    .action((options) => carryOut(exportLetters.run(options, context)));
}

function addActs(group: Command, add: Add, context: CommandContext, carryOut: CarryOut): void {
  addBulk(addFilter(add(group, replay).argument('[id]', ID)))
    .option('--recorded', 'exactly the action of the letter, whatever the rules say now')
    .option('--now', 'of an edited revision: as things are now, not as it was edited')
    .option('--dry-run', 'show the calls that would be made, and send nothing')
    .option('--wait <seconds>', 'wait for what comes of it', toWholeNumber(1, 3600))
    .action((id, options) => carryOut(replay.run(id, options, context)));
  add(group, edit)
    .argument('<id>', ID)
    .option('--set <path=value...>', 'set a value, e.g. comment.text=Готово or fields.closure_code=Решено')
    .option('--file <file>', 'take the edited action, or the body of the message, from this file')
    .option('--reason <text>', 'why, for the audit')
    .option('--replay', 'replay the revision at once')
    .option(...WHO_OPTION)
    .option(...JSON_OPTION)
    .action((id, options) => carryOut(edit.run(id, options, context)));
  addBulk(addFilter(add(group, discard).argument('[id]', ID)))
    .requiredOption('--reason <text>', 'why')
    .action((id, options) => carryOut(discard.run(id, options, context)));
  add(group, restore)
    .argument('<id>', ID)
    .option(...WHO_OPTION)
    .option(...JSON_OPTION)
    .action((id, options) => carryOut(restore.run(id, options, context)));
}

function addBulk(command: Command): Command {
  return command
    .option('--all', 'all open letters')
    .option('--rate <number>', 'of a job: letters within a minute', toWholeNumber(1, MOST), 300)
    .option('--watch', 'of a job: wait for its end, and write how it gets on')
    .option(...WHO_OPTION)
    .option(...JSON_OPTION);
}
