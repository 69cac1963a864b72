import type { Command } from 'commander';
import { createTable4, type SlaPolicy } from '../domain/table-4.ts';
import { BridgeError, toBridgeError } from '../errors.ts';
import type { CommandContext, ExitCode } from './commands.ts';
import { answerOf, detailsOf, tableOf } from './deadline-answer.ts';
import { createCaseReader } from './deadline-case.ts';
import { createLineSplitter, type Line } from './split-lines.ts';

/** What commander makes of the flags. */
export interface DeadlinesOptions {
  readonly config: string;
  readonly mappings?: string;
  readonly stdin?: boolean;
  readonly json?: boolean;
  readonly details?: boolean;
  readonly priority?: string;
  readonly registered?: string;
  readonly complete?: string;
  readonly pause?: readonly string[];
  readonly workaround?: string;
  readonly withdrawn?: string;
  readonly now?: string;
}

const LONGEST_LINE = 1_000_000;

/** Computes Table 4 by itself, without either system. */
export const deadlines = {
  name: 'deadlines',
  description:
    'Compute the deadlines of Table 4 for one case, or for one case a line with --stdin. Every moment needs an offset from UTC.',
  examples: [
    'bridge deadlines --priority 3 --registered 2026-11-24T10:00+03:00',
    'bridge deadlines --priority 1 --registered 2026-11-23T09:00+03:00 --complete 2026-11-23T10:00+03:00 --pause 2026-11-23T10:40+03:00/2026-11-23T12:10+03:00 --details',
    'bridge deadlines --stdin < cases.ndjson',
    `echo '{"priority":4,"registered":"2026-12-01T15:00+03:00"}' | bridge deadlines --stdin`,
  ],
  run: async (options: DeadlinesOptions, context: CommandContext): Promise<ExitCode> => {
    const policy = await context.deeds.sla(options.config, options.mappings);
    return options.stdin === true ? answerLines(options, policy, context) : answerFlags(options, policy, context);
  },
};

export function addDeadlinesOptions(command: Command): Command {
  return command
    .option('--mappings <folder>', 'the folder of mappings, instead of the one that the configuration names')
    .option('--stdin', 'read cases as JSON, one a line, and answer each on a line of its own')
    .option('--json', 'write one JSON object instead of a table')
    .option('--details', 'add clause, warnings and each segment of counted and uncounted time')
    .option('--priority <number>', '1 to 4, or its name in OTRS')
    .option('--registered <moment>', 'when the ticket was registered, e.g. 2026-11-24T10:00+03:00')
    .option('--complete <moment>', 'T0, when its information was complete; the registration if it is left out')
    .option('--pause <from/to>', 'waiting for the requester; without <to> it lasts until --now; repeatable', collect)
    .option('--workaround <moment>', 'when a workaround was given')
    .option('--withdrawn <moment>', 'when the workaround failed')
    .option('--now <moment>', 'the moment to look from: for an open pause and for what is late');
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function answerFlags(options: DeadlinesOptions, policy: SlaPolicy, { streams }: CommandContext): ExitCode {
  const { priority, registered, complete, workaround, withdrawn, now, pause = [] } = options;
  const pauses = pause.map((text) => {
    const [from, to, ...more] = text.split('/');
    if (more.length > 0) {
      throw new BridgeError('CASE_INVALID', `--pause «${text}» is no pair <from>/<to>`);
    }
    return { from, ...(to === undefined || to === '' ? {} : { to }) };
  });
  const given = { priority, registered, complete, workaround, withdrawn, now, pauses };
  const { ticket } = createCaseReader(policy)(given);
  const result = createTable4(policy).deadlines(ticket);
  if (options.json === true) {
    streams.out(
      `${JSON.stringify(options.details === true ? detailsOf(result, policy) : answerOf(result), null, 2)}\n`,
    );
  } else {
    streams.out(tableOf(result, options.details === true));
  }
  return 0;
}

/** One answer per line, as the lines come; a bad case is answered by its error, and the rest go on. */
async function answerLines(
  { details }: DeadlinesOptions,
  policy: SlaPolicy,
  { streams, signal }: CommandContext,
): Promise<ExitCode> {
  const answer = createAnswerer(policy, details === true);
  const splitter = createLineSplitter(LONGEST_LINE);
  const say = async (lines: readonly Line[]) => {
    if (lines.length > 0) {
      streams.out(lines.map((line) => `${answer(line)}\n`).join(''));
      await streams.drained();
    }
  };

  try {
    for await (const piece of streams.input()) {
      await say(splitter.push(piece));
    }
    await say(splitter.end());
    return 0;
  } catch (thrown) {
    if (signal.aborted) {
      return 1;
    }
    throw thrown;
  }
}

/** A line of JSON -> the line that answers it, an error included. Throws nothing. */
export function createAnswerer(policy: SlaPolicy, isDetailed: boolean): (line: Line) => string {
  const read = createCaseReader(policy);
  const table = createTable4(policy);

  return (line) => {
    let id: string | number | undefined;
    try {
      const given = read(parse(line));
      id = given.id;
      const result = table.deadlines(given.ticket);
      const answer = isDetailed ? detailsOf(result, policy) : answerOf(result);
      return JSON.stringify(id === undefined ? answer : { id, ...answer });
    } catch (thrown) {
      const { message } = toBridgeError(thrown);
      return JSON.stringify(id === undefined ? { error: message } : { id, error: message });
    }
  };
}

function parse(line: Line): unknown {
  if ('tooLong' in line) {
    throw new BridgeError('CASE_INVALID', `the line is longer than ${LONGEST_LINE} characters`);
  }

  if (line.text.trim() === '') {
    throw new BridgeError('CASE_INVALID', 'the line is empty');
  }

  try {
    return JSON.parse(line.text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new BridgeError('CASE_INVALID', 'the line is no JSON', { cause });
  }
}
