import type { Command } from 'commander';
import type { CommandContext, ExitCode } from './commands.ts';

interface MigrateOptions {
  readonly file: string;
  /** A file with the addresses of an administrator of the broker. */
  readonly brokerAdmin?: string;
}

/** Brings the store, and on request the broker, up to date. Safe to repeat and to run from several places at once. */
export const migrate = {
  name: 'migrate',
  description:
    'Bring the database, and with --broker-admin RabbitMQ, up to this version. Safe to repeat; needed before an upgrade starts.',
  examples: [
    'bridge migrate',
    'bridge migrate --config config/bridge.production.yaml',
    'bridge migrate --config config/bridge.production.yaml --broker-admin /run/secrets/rabbitmq_admin',
  ],
  run: async ({ file, brokerAdmin }: MigrateOptions, { deeds, streams }: CommandContext): Promise<ExitCode> => {
    const applied = await deeds.migrate(file);

    for (const name of applied) {
      streams.out(`applied ${name}\n`);
    }
    if (applied.length === 0) {
      streams.out('nothing to do: the database is up to date\n');
    }

    if (brokerAdmin !== undefined) {
      for (const line of await deeds.setUpBroker(file, brokerAdmin)) {
        streams.out(`broker: ${line}\n`);
      }
    }

    return 0;
  },
};

export function addMigrateOptions(command: Command): Command {
  return command.option(
    '--broker-admin <file>',
    'also create queues and exchanges in RabbitMQ: the file holds the amqp:// address of an administrator and, on a second line, the http:// address of the management API, where limits are to go into policies',
  );
}
