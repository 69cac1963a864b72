import type { Logger } from 'pino';
import { toBridgeError } from '../errors.ts';
import { compareTopology } from './compare-topology.ts';
import { openManagement } from './management.ts';
import type { RabbitmqOptions } from './options.ts';

/** One warning for each setting of the broker that is not as the configuration says, where the management API is known. */
export async function warnOfDifferences(options: RabbitmqOptions, log: Logger): Promise<void> {
  if (options.topology !== 'verify' || options.management_url === undefined) {
    return;
  }

  try {
    const management = openManagement(options.management_url, options.connect_timeout_seconds * 1000);
    for (const difference of await compareTopology(management, options)) {
      log.warn({ difference }, 'rabbitmq is set up otherwise than the configuration says');
    }
  } catch (thrown) {
    log.warn({ reason: toBridgeError(thrown).message }, 'the set-up of rabbitmq could not be compared');
  }
}
