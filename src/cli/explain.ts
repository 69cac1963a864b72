import type { Command } from 'commander';
import { DateTime } from 'luxon';
import { BridgeError } from '../errors.ts';
import { render } from '../explain/render.ts';
import type { CommandContext, ExitCode } from './commands.ts';
import { parseInstant } from './instant.ts';

/** What commander makes of the flags. */
export interface ExplainOptions {
  readonly config: string;
  readonly mappings?: string;
  readonly file?: string;
  readonly save?: string;
  readonly at?: string;
  readonly json?: boolean;
  readonly all?: boolean;
}

/** Says why a ticket is treated as it is: every rule, every stage, every pause, and what would follow. */
export const explain = {
  name: 'explain',
  description:
    'Explain what the rules decide about a ticket and why: each rule that was looked at, each stage of Table 4 with the time that counted, and what would follow. Writes nothing in OTRS and JIRA.',
  examples: [
    'bridge explain 2026112310000042',
    'bridge explain OSSTTMB2B-7 --json',
    'bridge explain 2026112310000042 --at 2026-11-23T12:00+03:00',
    'bridge explain 42 --save ticket.json',
    'bridge explain --file ticket.json --mappings new-mappings',
  ],
  run: async (
    ticket: string | undefined,
    options: ExplainOptions,
    { deeds, streams, signal }: CommandContext,
  ): Promise<ExitCode> => {
    const { config, mappings, file, save, at, json, all } = options;
    if ((ticket === undefined) === (file === undefined)) {
      throw new BridgeError(
        'CASE_INVALID',
        ticket === undefined ? 'name a ticket, or its facts with --file' : 'give either a ticket or --file, not both',
      );
    }
    if (file !== undefined && save !== undefined) {
      throw new BridgeError('CASE_INVALID', '--save writes what was read live; with --file there is nothing to save');
    }

    const explanation = await deeds.explain(
      config,
      {
        ...(ticket === undefined ? {} : { ticket }),
        ...(file === undefined ? {} : { file }),
        ...(save === undefined ? {} : { save }),
        ...(mappings === undefined ? {} : { mappings }),
        ...(at === undefined ? {} : { at: DateTime.fromMillis(parseInstant(at, '--at'), { zone: 'utc' }) }),
      },
      signal,
    );
    streams.out(
      json === true
        ? `${JSON.stringify(explanation, null, 2)}\n`
        : render(explanation, all === true ? 'all' : 'telling'),
    );
    return 0;
  },
};

export function addExplainOptions(command: Command): Command {
  return command
    .argument('[ticket]', 'ticket number, the id from its address, or the key of its issue')
    .option('--file <file>', 'facts as JSON instead of a live ticket; nothing is connected to')
    .option('--save <file>', 'also write what was read live, for --file of another time (it holds personal data)')
    .option('--at <moment>', 'as it was at a moment, e.g. 2026-11-23T12:00+03:00')
    .option('--mappings <folder>', 'the folder of mappings, instead of the one that the configuration names')
    .option('--all', 'also list every criterion of which the ticket says nothing')
    .option('--json', 'write one JSON object instead of text');
}
