import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { Finding } from '../connector.ts';
import { explain, toBridgeError } from '../errors.ts';
import { checkRabbitmq } from '../intake/check-rabbitmq.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { loadNamesInUse } from '../policy/load.ts';
import type { ReadOnlyStore } from '../store/sqlite.ts';
import { checkAdjacent } from './check-adjacent.ts';
import { checkVisibility } from './check-visibility.ts';
import type { AppConfig, Settings } from './config.ts';
import { isStoreYetToCome, openStoreReadOnly } from './store.ts';
import { connectSystems, takesWebhooks } from './systems.ts';

/** Connects to everything that the configuration names and reports what it finds. Writes nothing, takes no message. */
export async function checkApp(
  { config, policy }: Settings,
  now: () => DateTime,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const log = createLog('silent');
  const expected = await loadNamesInUse(config.mappings);
  const { connections, desks } = connectSystems(config, now, log, createMetrics());
  const systems = Object.values(connections).map(({ desk }) =>
    desk.check(expected, signal).finally(() => desk.close()),
  );
  const findings = await Promise.all([checkStore(config, log, now), checkIntake(config), ...systems]);
  return [
    ...checkVisibility({ config, policy }),
    ...findings.flat(),
    ...checkAdjacent(config, desks, expected.adjacent),
  ];
}

async function checkStore(config: AppConfig, log: Logger, now: () => DateTime): Promise<readonly Finding[]> {
  const subject = `store: ${config.store.kind}`;
  if (isStoreYetToCome(config)) {
    return [{ level: 'ok', subject, message: 'there is no file yet; the first `bridge serve` creates it' }];
  }

  try {
    const store = openStoreReadOnly(config, log);
    const senders = ['otrs', 'jira', ...Object.keys(config.systems).filter((system) => takesWebhooks(config, system))];
    return await lookInto(store, subject, senders, now).finally(() => store.close());
  } catch (thrown) {
    return [{ level: 'error', subject, message: explain(toBridgeError(thrown)) }];
  }
}

async function lookInto(
  store: ReadOnlyStore,
  subject: string,
  senders: readonly string[],
  now: () => DateTime,
): Promise<readonly Finding[]> {
  await store.verify();
  const heard = await Promise.all(senders.map(async (system) => [system, await store.lastHeard(system)] as const));
  return [
    { level: 'ok', subject, message: 'answers, and its schema fits' },
    ...heard.map(([system, at]): Finding => {
      const about = `webhooks: ${system}`;
      if (at !== undefined) {
        return {
          level: 'ok',
          subject: about,
          message: `The last one came ${at.toRelative({ base: now() })} (${at.toISO()}).`,
        };
      }

      const advice =
        system === 'otrs' ? ' `bridge check --round-trip TICKET` waits for one while the bridge runs.' : '';
      return {
        level: 'warning',
        subject: about,
        message: `None about a ticket or issue of ours has come yet.${advice}`,
      };
    }),
  ];
}

async function checkIntake({ intake }: AppConfig): Promise<readonly Finding[]> {
  if (intake.kind === 'direct') {
    return [{ level: 'ok', subject: 'intake: direct', message: 'webhooks go straight into the store' }];
  }

  const { kind: _, ...options } = intake;
  return checkRabbitmq(options);
}
