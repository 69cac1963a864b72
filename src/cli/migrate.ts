import type { CommandContext, ExitCode } from './commands.ts';

/** Brings the schema of the store up to date. Safe to repeat and to run from several places at once. */
export const migrate = {
  name: 'migrate',
  description: 'Bring the database up to this version of the bridge. Safe to repeat; needed before an upgrade starts.',
  examples: ['bridge migrate', 'bridge migrate --config config/bridge.production.yaml'],
  run: async ({ file }: { readonly file: string }, { deeds, streams }: CommandContext): Promise<ExitCode> => {
    const applied = await deeds.migrate(file);

    for (const name of applied) {
      streams.out(`applied ${name}\n`);
    }
    if (applied.length === 0) {
      streams.out('nothing to do: the database is up to date\n');
    }

    return 0;
  },
};
