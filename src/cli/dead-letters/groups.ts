import type { LetterGroup } from '../../store/letters.ts';
import type { DeadLetterState } from '../../store/store.ts';
import type { CommandContext, ExitCode } from '../commands.ts';
import { onOneLine } from '../words.ts';
import { type FilterOptions, filterOf } from './filter.ts';
import { aboutOf, helpOf, shortId, shortTime } from './words.ts';

export interface GroupsOptions extends FilterOptions {
  readonly config: string;
  readonly state: DeadLetterState | 'all';
  readonly limit: number;
  readonly json?: boolean;
}

/** Shows what is wrong, instead of everything that it has hit. */
export const groups = {
  name: 'groups',
  description: 'Show the same fault on many tickets as one group, the largest first. Changes nothing.',
  examples: ['bridge dead-letters groups', 'bridge dead-letters groups --system jira --since 2026-11-27T02:00+03:00'],
  run: (options: GroupsOptions, { deeds, streams }: CommandContext): Promise<ExitCode> =>
    deeds.letters<ExitCode>(options.config, 'look', async ({ store }) => {
      const { state, limit, json } = options;
      // One more than is shown tells whether there are more.
      const found = await store.letterGroups(filterOf(options, state), limit + 1);
      streams.out(json === true ? `${JSON.stringify(found.slice(0, limit), null, 2)}\n` : toText(found, limit));
      return 0;
    }),
};

function toText(found: readonly LetterGroup[], limit: number): string {
  const more = found.length > limit ? `\nOnly the largest ${limit} are shown; --limit shows more.\n` : '';
  return found.length === 0 ? 'no dead letters\n' : `${found.slice(0, limit).map(describe).join('\n')}${more}`;
}

function describe(group: LetterGroup): string {
  const { fingerprint, code, system, letters, tickets, oldest, newest, example } = group;
  const many = `${letters} ${letters === 1 ? 'letter' : 'letters'} of ${tickets} ${tickets === 1 ? 'ticket' : 'tickets'}`;
  const lines = [
    `${fingerprint}  ${code}${system === undefined ? '' : `  ${system}`}  ${many}, ${shortTime(oldest)} to ${shortTime(newest)}`,
    `    ${onOneLine(example.message)}`,
    `    ${helpOf(code)}`,
    `    e.g. letter ${shortId(example.id)}, ${aboutOf(example)}`,
  ];
  return `${lines.join('\n')}\n`;
}
