import { BridgeError } from '../../errors.ts';
import { findLetter } from '../../flow/letters/office.ts';
import type { CommandContext, ExitCode } from '../commands.ts';
import { type BulkOptions, beginBulk } from './bulk.ts';
import { bulkFilterOf, type FilterOptions } from './filter.ts';
import { aboutOf, shortId } from './words.ts';

export interface DiscardOptions extends FilterOptions, BulkOptions {
  readonly config: string;
  readonly as?: string;
  readonly reason: string;
  readonly json?: boolean;
}

/** Gives a letter up for good. */
export const discard = {
  name: 'discard',
  description:
    'Give a letter up, or a filter of them as a job: its action is never offered again with this content. It stays visible with the reason, and can be restored.',
  examples: [
    'bridge dead-letters discard 3f2a9c1d --reason "told by phone"',
    'bridge dead-letters discard --fingerprint 0a1b2c3d4e5f --reason "test tickets"',
  ],
  run: (beginning: string | undefined, options: DiscardOptions, context: CommandContext): Promise<ExitCode> => {
    const { deeds, streams, login } = context;
    const { config, reason, json } = options;
    if (reason.trim() === '') {
      throw new BridgeError('CASE_INVALID', '--reason must say why');
    }

    return deeds.letters<ExitCode>(config, 'change', async (office) => {
      if (beginning === undefined) {
        return beginBulk('discard', bulkFilterOf(options), options, office, context);
      }

      const letter = await findLetter(office, beginning);
      const who = options.as ?? login;
      const discarded = await office.store.discardLetter(letter, { who, now: office.now(), reason });
      streams.out(
        json === true
          ? `${JSON.stringify(discarded, null, 2)}\n`
          : `letter ${shortId(letter.id)} is discarded: ${aboutOf(letter)}; \`bridge dead-letters restore ${shortId(letter.id)}\` takes that back\n`,
      );
      return 0;
    });
  },
};

export interface RestoreOptions {
  readonly config: string;
  readonly as?: string;
  readonly json?: boolean;
}

/** Takes a discard back. */
export const restore = {
  name: 'restore',
  description: 'Open a discarded letter again.',
  examples: ['bridge dead-letters restore 3f2a9c1d'],
  run: (beginning: string, options: RestoreOptions, { deeds, streams, login }: CommandContext): Promise<ExitCode> =>
    deeds.letters<ExitCode>(options.config, 'change', async (office) => {
      const letter = await findLetter(office, beginning);
      const restored = await office.store.restoreLetter(letter, { who: options.as ?? login, now: office.now() });
      streams.out(
        options.json === true
          ? `${JSON.stringify(restored, null, 2)}\n`
          : `letter ${shortId(letter.id)} is open again: ${aboutOf(letter)}\n`,
      );
      return 0;
    }),
};
