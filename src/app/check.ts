import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { Finding } from '../connector.ts';
import { explain, toBridgeError } from '../errors.ts';
import { checkRabbitmq } from '../intake/check-rabbitmq.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { loadNamesInUse } from '../policy/load.ts';
import { checkVisibility } from './check-visibility.ts';
import type { AppConfig, Settings } from './config.ts';
import { isStoreYetToCome, openStoreReadOnly } from './store.ts';
import { connectSystems } from './systems.ts';

/** Connects to everything that the configuration names and reports what it finds. Writes nothing, takes no message. */
export async function checkApp(
  { config, policy }: Settings,
  now: () => DateTime,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const log = createLog('silent');
  const expected = await loadNamesInUse(config.mappings);
  const { connections } = connectSystems(config, now, log, createMetrics());
  const systems = Object.values(connections).map(({ desk }) =>
    desk.check(expected, signal).finally(() => desk.close()),
  );
  const findings = await Promise.all([checkStore(config, log), checkIntake(config), ...systems]);
  return [...checkVisibility({ config, policy }), ...findings.flat()];
}

async function checkStore(config: AppConfig, log: Logger): Promise<readonly Finding[]> {
  const subject = `store: ${config.store.kind}`;
  if (isStoreYetToCome(config)) {
    return [{ level: 'ok', subject, message: 'there is no file yet; the first `bridge serve` creates it' }];
  }

  try {
    const store = openStoreReadOnly(config, log);
    await store.verify().finally(() => store.close());
    return [{ level: 'ok', subject, message: 'answers, and its schema fits' }];
  } catch (thrown) {
    return [{ level: 'error', subject, message: explain(toBridgeError(thrown)) }];
  }
}

async function checkIntake({ intake }: AppConfig): Promise<readonly Finding[]> {
  if (intake.kind === 'direct') {
    return [{ level: 'ok', subject: 'intake: direct', message: 'webhooks go straight into the store' }];
  }

  const { kind: _, ...options } = intake;
  return checkRabbitmq(options);
}
