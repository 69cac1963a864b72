import { Command, CommanderError, Option, type OutputConfiguration } from 'commander';
import type { Finding } from '../connector.ts';
import type { Policy } from '../domain/decide.ts';
import type { StoryRequest, ToldMatter } from '../domain/story.ts';
import type { SlaPolicy } from '../domain/table-4.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { ExplainRequest } from '../explain/request.ts';
import type { LetterOffice } from '../flow/letters/office.ts';
import type { StoredSnapshot } from '../store/store.ts';
import { addBackup, type StoreCopy } from './backup.ts';
import { check } from './check.ts';
import { addDeadLetters } from './dead-letters/dead-letters.ts';
import { addDeadlinesOptions, deadlines } from './deadlines.ts';
import { addExplainOptions, explain } from './explain.ts';
import { describeFailure } from './failure.ts';
import { harmless } from './harmless.ts';
import { addMappings } from './mappings.ts';
import { addMigrateOptions, migrate } from './migrate.ts';
import { otrsSetupGuide } from './otrs-setup-guide.ts';
import { serve } from './serve.ts';
import { addStoryOptions, story } from './story.ts';
import { toWholeNumber } from './words.ts';

/** A webhook to wait for: that of a change which a person makes to the ticket meanwhile. */
export interface RoundTripRequest {
  readonly ticket: string;
  readonly seconds: number;
  /** Told what a person has to do now. */
  readonly ask: (text: string) => void;
}

/** What the commands can have done; `file` is the configuration file. */
export interface Deeds {
  /** Runs the bridge until the signal says stop, and resolves when everything has been put away. */
  serve(file: string, signal: AbortSignal): Promise<void>;
  /** Asks everything that the configuration names how it is. */
  check(file: string, signal: AbortSignal, trip?: RoundTripRequest): Promise<readonly Finding[]>;
  /** The same from files alone: configuration, mappings and their examples. */
  checkOffline(file: string): Promise<readonly Finding[]>;
  /** Brings the store up to date; resolves with the names of the migrations that were applied. */
  migrate(file: string): Promise<readonly string[]>;
  /** Creates queues, exchanges and policies with the rights of an administrator; one line for each. */
  setUpBroker(file: string, administrator: string): Promise<readonly string[]>;
  /** Opens the place where dead letters are dealt with; works while the bridge runs. Whoever looks changes nothing. */
  letters<Result>(
    file: string,
    access: 'look' | 'change',
    work: (office: LetterOffice) => Promise<Result>,
  ): Promise<Result>;
  /** Why the rules decide about a ticket as they do. */
  explain(file: string, request: ExplainRequest, signal: AbortSignal): Promise<Explanation>;
  /** What is on record about a ticket; works while the bridge runs. */
  story(file: string, request: StoryRequest): Promise<ToldMatter>;
  /** Copies the store into a new file; works while the bridge runs. */
  backup(file: string, target: string): Promise<StoreCopy>;
  /** Puts a backup in the place of the store. */
  restore(file: string, source: string): Promise<StoreCopy>;
  /** Table 4 of a folder of mappings, or else of the one that the configuration names. */
  sla(file: string, mappings: string | undefined): Promise<SlaPolicy>;
  /** The rules of a folder of mappings, or else of the one that the configuration names. */
  rules(file: string, mappings: string | undefined): Promise<{ readonly folder: string; readonly policy: Policy }>;
  /** What an administrator of OTRS has to create, for scripts and for people. Holds no secret. */
  otrsGuide(file: string): Promise<{ readonly guide: object; readonly markdown: string }>;
  /** Writes the web service that OTRS imports, secret included, for the owner's eyes only. */
  writeOtrsWebService(file: string, target: string): Promise<void>;
  /** The last facts of every ticket; works while the bridge runs. */
  snapshots(file: string): AsyncIterable<StoredSnapshot>;
}

/** Where the words go; a line break is added by the caller. */
export interface Streams {
  /** Standard input in pieces of text. */
  readonly input: () => AsyncIterable<string>;
  /** Resolves when `out` may go on without words piling up in memory. */
  readonly drained: () => Promise<void>;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

export interface CommandContext {
  readonly version: string;
  readonly deeds: Deeds;
  readonly streams: Streams;
  readonly signal: AbortSignal;
  /** Login name of whoever runs the command, for the audit. */
  readonly login: string;
  /** The program that he edits texts with; absent where none is set. */
  readonly editor: string | undefined;
}

/** What a command came to: 0 good, 1 findings or faults, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

/** Reads the command line (without the program's own name), does what it says and answers with the exit code. */
export async function runCommand(words: readonly string[], given: CommandContext): Promise<ExitCode> {
  const { version } = given;
  const streams = harmless(given.streams);
  const context = { ...given, streams };
  let exitCode: ExitCode = 0;
  const carryOut = async (command: Promise<ExitCode>) => {
    exitCode = await command;
  };
  const program = createProgram(streams, version);

  addCommand(program, serve).action(({ config }) => carryOut(serve.run({ file: config }, context)));
  addCommand(program, check)
    .option('--json', 'write one JSON object instead of a list')
    .addOption(
      new Option('--offline', 'look at files alone: the configuration, the rules and their examples').conflicts(
        'roundTrip',
      ),
    )
    .option('--round-trip <ticket>', 'wait for the webhook of a change that a person makes to this ticket in OTRS now')
    .option('--wait <seconds>', 'how long to wait for it', toWholeNumber(1, 3600), 120)
    .action(({ config, json, offline, roundTrip: ticket, wait: seconds }) =>
      carryOut(
        check.run(
          {
            file: config,
            isJson: json === true,
            reach: offline === true ? 'files' : 'all',
            ...(ticket === undefined ? {} : { trip: { ticket, seconds } }),
          },
          context,
        ),
      ),
    );
  addMigrateOptions(addCommand(program, migrate)).action(({ config, brokerAdmin }) =>
    carryOut(migrate.run({ file: config, ...(brokerAdmin === undefined ? {} : { brokerAdmin }) }, context)),
  );

  addDeadlinesOptions(addCommand(program, deadlines)).action((options) => carryOut(deadlines.run(options, context)));

  addExplainOptions(addCommand(program, explain)).action((ticket, options) =>
    carryOut(explain.run(ticket, options, context)),
  );

  addStoryOptions(addCommand(program, story)).action((ticket, options) =>
    carryOut(story.run(ticket, options, context)),
  );

  addDeadLetters(program, addCommand, context, carryOut);

  addBackup(program, addCommand, context, carryOut);

  addMappings(program, addCommand, context, carryOut);

  addCommand(program.command('otrs').description('Help with OTRS.'), otrsSetupGuide)
    .option('--json', 'write one JSON object instead of Markdown')
    .option('--web-service <file>', 'also write the web service to import into this file; it holds the secret')
    .action((options) => carryOut(otrsSetupGuide.run(options, context)));

  try {
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      return thrown.exitCode === 0 ? 0 : 2;
    }

    streams.error(`${describeFailure(thrown)}\n`);
    return 1;
  }
}

function createProgram({ out, error }: Streams, version: string): Command {
  const output: OutputConfiguration = { writeOut: out, writeErr: error };

  return new Command('bridge')
    .description('Carries tickets between OTRS and JIRA by the rules of the support regulation.')
    .version(version, '--version', 'write the version')
    .configureOutput(output)
    .showHelpAfterError('Run `bridge --help` for what it can do.')
    .exitOverride()
    .addHelpText('after', '\nExit codes: 0 all is well, 1 findings or faults, 2 the command line was not understood.');
}

interface Described {
  readonly name: string;
  readonly description: string;
  readonly examples: readonly string[];
}

function addCommand(
  program: Command,
  { name, description, examples }: Described,
  { isDefault = false }: { readonly isDefault?: boolean } = {},
): Command {
  const lines = examples.map((example) => `  $ ${example}`);

  return program
    .command(name, { isDefault })
    .description(description)
    .option('--config <file>', 'the configuration file', 'config/bridge.yaml')
    .addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
    .allowExcessArguments(false);
}
