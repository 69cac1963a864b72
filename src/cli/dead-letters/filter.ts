import { type Command, Option } from 'commander';
import { DateTime } from 'luxon';
import { BridgeError } from '../../errors.ts';
import type { DeadLetterState, LetterFilter } from '../../store/store.ts';
import { parseInstant } from '../instant.ts';

/** What commander makes of the options that choose letters. */
export interface FilterOptions {
  readonly ticket?: string;
  readonly code?: string;
  readonly fingerprint?: string;
  readonly system?: string;
  readonly since?: string;
  readonly until?: string;
  readonly text?: string;
}

export function addFilter(command: Command): Command {
  return command
    .option('--ticket <id>', 'only those of the ticket with this number, or with this id from its address')
    .option('--code <code>', 'only those with this error code')
    .option('--fingerprint <digits>', 'only those of this group; `groups` shows them')
    .option('--system <name>', 'only faults of this system: otrs, jira or an adjacent one')
    .option('--since <moment>', 'only those that failed last at or after this moment')
    .option('--until <moment>', 'only those that failed last before this moment')
    .option('--text <words>', 'only those whose message, ticket number or action has these words');
}

export function addState(command: Command): Command {
  return command.addOption(
    new Option('--state <state>', 'which ones').choices(['open', 'resolved', 'discarded', 'all']).default('open'),
  );
}

export function filterOf(options: FilterOptions, state: DeadLetterState | 'all' = 'open'): LetterFilter {
  const { ticket, code, fingerprint, system, since, until, text } = options;
  refuseUnusable({ ticket, code, fingerprint, system, text });
  return {
    ...(state === 'all' ? {} : { state }),
    // The number is also tried as an id.
    ...(ticket === undefined ? {} : { ticket: { system: 'otrs', id: ticket, key: ticket } }),
    ...(code === undefined ? {} : { code: code.toUpperCase() }),
    ...(fingerprint === undefined ? {} : { fingerprint: fingerprint.toLowerCase() }),
    ...(system === undefined ? {} : { system }),
    ...(since === undefined ? {} : { since: toMoment(since, '--since') }),
    ...(until === undefined ? {} : { until: toMoment(until, '--until') }),
    ...(text === undefined ? {} : { text }),
  };
}

const LONGEST = 1_000;

/** A variable of a script that is not set makes an empty text, which would be found in every letter. */
function refuseUnusable(texts: Readonly<Record<string, string | undefined>>): void {
  for (const [name, text] of Object.entries(texts)) {
    if (text?.trim() === '') {
      throw new BridgeError('CASE_INVALID', `--${name} is empty: say what it is to be, or leave it out`);
    }
    if (text !== undefined && text.length > LONGEST) {
      throw new BridgeError('CASE_INVALID', `--${name} has ${text.length} characters; it may have ${LONGEST}`);
    }
  }
}

/** In bulk nothing is done by mistake: a filter has to be given, or `--all`. */
export function bulkFilterOf(options: FilterOptions & { readonly all?: boolean }): LetterFilter {
  const filter = filterOf(options);
  if (Object.keys(filter).length === 1 && options.all !== true) {
    throw new BridgeError(
      'CASE_INVALID',
      'name a letter, or choose letters with --fingerprint, --code, --ticket and the like, or say --all',
    );
  }
  return filter;
}

function toMoment(text: string, option: string): DateTime {
  return DateTime.fromMillis(parseInstant(text, option), { zone: 'utc' });
}
