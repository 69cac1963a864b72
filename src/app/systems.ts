import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { connectors } from '../../connectors/registry.ts';
import type { Connection } from '../connector.ts';
import type { SystemName } from '../domain/ticket.ts';
import { catalogue } from '../errors.ts';
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
export function connectSystems(config: AppConfig, now: () => DateTime, log: Logger, metrics: Metrics): Systems {
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
  });
  const connections = {
    otrs: connectors.otrs.connect(config.otrs, context('otrs')),
    jira: connectors.jira.connect(config.jira, context('jira')),
  };
  const otrs = watchedGate('otrs', now, log, metrics);
  const jira = watchedGate('jira', now, log, metrics);
  return {
    connections,
    desks: { otrs: guard(connections.otrs.desk, otrs), jira: guard(connections.jira.desk, jira) },
    gates: [otrs, jira],
    parked,
  };
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
