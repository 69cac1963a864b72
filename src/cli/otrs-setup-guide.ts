import type { CommandContext, ExitCode } from './commands.ts';

interface SetupGuideOptions {
  readonly config: string;
  readonly json?: boolean;
  readonly webService?: string;
}

/** Tells an administrator of OTRS what to create there. */
export const otrsSetupGuide = {
  name: 'setup-guide',
  description:
    'Write what an administrator of OTRS has to create, as Markdown, and on demand the web service to import. Asks nobody.',
  examples: [
    'bridge otrs setup-guide --config config/bridge.production.yaml > otrs.md',
    'bridge otrs setup-guide --web-service otrs-jira-bridge.yml',
  ],
  run: async (
    { config, json, webService }: SetupGuideOptions,
    { deeds, streams }: CommandContext,
  ): Promise<ExitCode> => {
    const { guide, markdown } = await deeds.otrsGuide(config);
    streams.out(json === true ? `${JSON.stringify(guide, null, 2)}\n` : markdown);
    if (webService !== undefined) {
      await deeds.writeOtrsWebService(config, webService);
      streams.error(`wrote ${webService}, readable for you alone: it holds the secret, delete it after the import\n`);
    }
    return 0;
  },
};
