import type { Finding } from '../connector.ts';
import { toBridgeError, toSentence } from '../errors.ts';
import type { RabbitmqOptions } from './options.ts';
import { addressOf, connectTo } from './rabbitmq.ts';
import { establishTopology } from './topology.ts';

/** Connects once and looks whether exchanges and queues are there. Creates nothing and takes no message. */
export async function checkRabbitmq(options: RabbitmqOptions): Promise<readonly Finding[]> {
  const subject = `intake: rabbitmq at ${addressOf(options)}`;
  const connection = await connectTo(options, 'check').catch(toBridgeError);
  if (connection instanceof Error) {
    const message = `${toSentence(connection.message)} Check intake.url and that the broker runs.`;
    return [{ level: 'error', subject, message }];
  }

  connection.on('error', () => undefined);
  const version = String(connection.connection.serverProperties.version ?? 'unknown');
  const missing = await establishTopology(connection, { ...options, topology: 'verify' }).then(
    () => undefined,
    (thrown: unknown) => toBridgeError(thrown).message,
  );
  await connection.close().catch(() => undefined);
  if (missing === undefined) {
    return [{ level: 'ok', subject, message: `version ${version}; exchanges and queues are there` }];
  }

  return options.topology === 'declare' && missing.includes('NOT_FOUND')
    ? [{ level: 'ok', subject, message: `version ${version}; what is missing will be created by \`bridge serve\`` }]
    : [{ level: 'error', subject, message: missing }];
}
