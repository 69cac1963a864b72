import type { CommandContext, ExitCode } from './commands.ts';

/** Runs the bridge until SIGTERM or SIGINT. */
export const serve = {
  name: 'serve',
  description: 'Run the bridge until it is told to stop. What it does stands in the log on standard output.',
  examples: ['bridge serve', 'bridge serve --config config/bridge.production.yaml'],
  run: async ({ file }: { readonly file: string }, { deeds, signal }: CommandContext): Promise<ExitCode> => {
    await deeds.serve(file, signal);
    return 0;
  },
};
