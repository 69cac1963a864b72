import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { adjacentConnectors, connectors } from '../../connectors/registry.ts';
import type { SystemOptions } from '../config/schema.ts';
import type { Connection, ConnectorContext, Exchange } from '../connector.ts';
import type { SystemName } from '../domain/ticket.ts';
import { BridgeError, catalogue } from '../errors.ts';
import { createGate, type Gate, guard } from '../flow/gate.ts';
import type { Desks } from '../flow/gather.ts';
import type { Metrics } from '../metrics.ts';
import type { AppConfig } from './config.ts';
import { keepParked, type ParkedMappings } from './parked.ts';

/** The connected systems; every call of a desk goes through the gate of its system. */
export interface Systems {
  readonly connections: Readonly<Record<SystemName, Connection>>;
  readonly desks: Desks;
  readonly gates: readonly Gate[];
  readonly parked: ParkedMappings;
}

/** Opens no connection yet: the first call of each desk does. */
export function connectSystems(
  config: AppConfig,
  now: () => DateTime,
  log: Logger,
  metrics: Metrics,
  watchers: Pick<ConnectorContext, 'onCall' | 'callHeaders' | 'onExchange' | 'onWrite'> = {},
): Systems {
  const publicUrl = config.http.public_url;
  const parked = keepParked(metrics);
  const context = (system: SystemName) => ({
    system,
    now,
    log: log.child({ system }),
    ...(publicUrl === undefined ? {} : { webhookUrl: `${publicUrl.replace(/\/+$/, '')}/webhooks/${system}` }),
    onRemaining: (calls: number) => metrics.rateLimitRemaining.set({ system }, calls),
    onParked: parked.note(system),
    folder: config.files.folder,
    ...watchers,
    onCall: () => {
      metrics.calls.inc({ system });
      watchers.onCall?.();
    },
    onExchange: (exchange: Exchange) => {
      if (exchange.fault !== undefined) {
        metrics.callFaults.inc({ system, code: exchange.fault });
      }
      watchers.onExchange?.(exchange);
    },
  });
  const adjacent = Object.entries(config.systems).map(
    ([system, options]) => [system, connectAdjacent(options, context(system))] as const,
  );
  const connections: Readonly<Record<SystemName, Connection>> = {
    otrs: connectors.otrs.connect(config.otrs, context('otrs')),
    jira: connectors.jira.connect(config.jira, context('jira')),
    ...Object.fromEntries(adjacent),
  };
  const gates = Object.keys(connections).map((system) => watchedGate(system, now, log, metrics));
  const desks = gates.flatMap((gate) => {
    const connection = connections[gate.system];
    return connection === undefined ? [] : [[gate.system, guard(connection.desk, gate)] as const];
  });
  return { connections, desks: Object.fromEntries(desks), gates, parked };
}

/** Whether webhooks of a system are taken; of one of its own only where the configuration says who may send them. */
export function takesWebhooks(config: Pick<AppConfig, 'systems'>, system: SystemName): boolean {
  const options = config.systems[system];
  return options === undefined || options.webhook !== undefined;
}

function connectAdjacent({ kind, webhook: _, ...options }: SystemOptions, context: ConnectorContext): Connection {
  const connector = adjacentConnectors[kind];
  if (connector === undefined) {
    throw new BridgeError('INTERNAL', `there is no connector «${kind}»`);
  }

  return connector.connect(options, context);
}

function watchedGate(system: SystemName, now: () => DateTime, log: Logger, metrics: Metrics): Gate {
  return createGate(system, now, (gate) => {
    metrics.systemUp.set({ system }, gate.state === 'open' ? 1 : 0);
    if (gate.state === 'open') {
      log.info({ system }, 'system is back');
    } else {
      const { code, reason } = gate;
      const what =
        code === 'LOGIN_REFUSED' ? 'system refuses the login; its tickets wait' : 'system is down; its tickets wait';
      log.warn({ system, code, reason, help: catalogue[code].help }, what);
    }
  });
}
