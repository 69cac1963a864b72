import { findLetter } from '../../flow/letters/office.ts';
import type { DeadLetter, DeadLetterState } from '../../store/store.ts';
import type { CommandContext, ExitCode } from '../commands.ts';
import { onOneLine } from '../words.ts';
import { type FilterOptions, filterOf } from './filter.ts';
import { aboutOf, helpOf, shortId, shortTime, standingOf } from './words.ts';

export interface ListOptions extends FilterOptions {
  readonly config: string;
  readonly state: DeadLetterState | 'all';
  readonly limit: number;
  /** The letter that the page before ended with. */
  readonly after?: string;
  readonly json?: boolean;
}

/** Lists what waits for a person. */
export const list = {
  name: 'list',
  description: 'List what could not be carried, why, and what to do about it, the newest first. Changes nothing.',
  examples: [
    'bridge dead-letters list',
    'bridge dead-letters list --ticket 2026112310000042 --state all',
    'bridge dead-letters list --code REFUSED --system otrs --since 2026-11-27T02:00+03:00 --json',
    'bridge dead-letters list --text "код закрытия" --limit 20 --after 3f2a9c1d',
  ],
  run: (options: ListOptions, { deeds, streams }: CommandContext): Promise<ExitCode> =>
    deeds.letters<ExitCode>(options.config, 'look', async (office) => {
      const { limit, after, state, json } = options;
      const letters = await office.store.deadLetters({
        ...filterOf(options, state),
        // One more than is shown tells whether there are more.
        limit: limit + 1,
        ...(after === undefined ? {} : { after: await findLetter(office, after) }),
      });
      streams.out(json === true ? `${JSON.stringify(letters.slice(0, limit), null, 2)}\n` : toText(letters, limit));
      return 0;
    }),
};

function toText(found: readonly DeadLetter[], limit: number): string {
  const letters = found.slice(0, limit);
  const last = letters.at(-1);
  if (last === undefined) {
    return 'no dead letters\n';
  }

  const more = `\nOnly ${limit} are shown; --after ${shortId(last.id)} goes on, --limit shows more.\n`;
  return `${letters.map(describe).join('\n')}${found.length > limit ? more : ''}`;
}

function describe(letter: DeadLetter): string {
  const { id, at, code, message, fingerprint, times, firstAt } = letter;
  const often = times > 1 ? `, failed ${times} times since ${shortTime(firstAt)}` : '';
  const lines = [
    `${shortTime(at)}  ${code}  ${aboutOf(letter)}  [${standingOf(letter)}]`,
    `    ${onOneLine(message)}`,
    `    ${helpOf(code)}`,
    `    letter ${shortId(id)}, group ${fingerprint}${often}`,
  ];
  return `${lines.join('\n')}\n`;
}
