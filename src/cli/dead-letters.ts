import { catalogue, type ErrorCode } from '../errors.ts';
import type { DeadLetter, DeadLetterState } from '../store/store.ts';
import type { CommandContext, ExitCode } from './commands.ts';

interface DeadLettersOptions {
  readonly file: string;
  readonly isJson: boolean;
  /** Id or number of a ticket; absent for all. */
  readonly ticket?: string;
  readonly state: DeadLetterState | 'all';
  readonly limit: number;
}

/** Lists what waits for a person. Looks only: a letter is resolved by a later success. */
export const deadLetters = {
  name: 'dead-letters',
  description: 'List what could not be carried, why, and what to do about it. Changes nothing.',
  examples: [
    'bridge dead-letters',
    'bridge dead-letters --ticket 2026112310000042 --state all',
    'bridge dead-letters --json',
  ],
  run: async (options: DeadLettersOptions, { deeds, streams }: CommandContext): Promise<ExitCode> => {
    const { file, isJson, ticket, state, limit } = options;
    const letters = await deeds.deadLetters(file, {
      limit,
      ...(ticket === undefined ? {} : { ticket: { system: 'otrs', id: ticket, key: ticket } }),
      ...(state === 'all' ? {} : { state }),
    });
    streams.out(isJson ? `${JSON.stringify(letters, null, 2)}\n` : toText(letters, limit));
    return 0;
  },
};

function toText(letters: readonly DeadLetter[], limit: number): string {
  if (letters.length === 0) {
    return 'no dead letters\n';
  }

  const cut = letters.length === limit ? `\nOnly the newest ${limit} are shown; --limit shows more.\n` : '';
  return `${letters.map(describe).join('\n')}${cut}`;
}

function describe({ id, at, code, state, ticket, action, message }: DeadLetter): string {
  const about = ticket === undefined ? 'a message' : `ticket ${ticket.key ?? ticket.id} (id ${ticket.id})`;
  const what = action === undefined ? '' : `, ${action.key}`;
  const lines = [
    `${at.toISO()}  ${code}  ${about}${what}  [${state}]`,
    `    ${message.replace(/\s+/g, ' ').trim()}`,
    `    ${helpOf(code)}`,
    `    letter ${id}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** A letter of an older version may carry a code that is no longer known. */
function helpOf(code: string): string {
  return Object.hasOwn(catalogue, code) ? catalogue[code as ErrorCode].help : 'This version does not know the code.';
}
