import { join } from 'node:path';
import type { SandboxJira } from '../../sandbox/jira/server.ts';
import type { SandboxOtrs } from '../../sandbox/otrs/server.ts';
import { BRIDGE_ID, ticketQueues } from '../../sandbox/otrs/world.ts';
import type { Road } from './road.ts';
import type { Servers } from './world.ts';

export const SECRET = 'chaos-webhook-secret';

/** How long a ticket stays with a process that gives no sign of life. */
export const LEASE_MS = 4_000;
/** How long a desk may go on working on a call whose answer got lost. */
export const SETTLE_MS = 6_000;
/** How long a call may take. */
export const CALL_MS = 3_000;

export interface Surroundings {
  readonly folder: string;
  readonly port: number;
  readonly otrs: SandboxOtrs;
  readonly jira: SandboxJira;
  readonly roads: { readonly otrs: Road; readonly jira: Road };
  readonly servers: Servers | undefined;
}

/** A configuration of the bridge that waits for as little as it may. JSON is YAML. */
export function configurationOf({ folder, port, otrs, jira, roads, servers }: Surroundings): object {
  const proof = { shared_secret: SECRET };
  return {
    http: { host: '127.0.0.1', port, shutdown_seconds: 6, webhooks: { otrs: proof, jira: proof } },
    ...(servers === undefined ? embedded(folder) : production(servers)),
    mappings: join(import.meta.dirname, '..', '..', 'mappings'),
    worker: { concurrency: 8, lease_seconds: LEASE_MS / 1000, poll_seconds: 0.5 },
    sweep: { every_seconds: 3, overlap_seconds: 120 },
    checks: { every_hours: 0 },
    otrs: {
      base_url: along(otrs.url, roads.otrs),
      login: 'bridge',
      password: 'bridge',
      user_id: BRIDGE_ID,
      time_zone: otrs.timeZone,
      timeout_seconds: CALL_MS / 1000,
      settle_seconds: SETTLE_MS / 1000,
      watch: { ticket_queues: ticketQueues },
    },
    jira: {
      base_url: along(jira.url, roads.jira),
      token: jira.token,
      account: jira.account,
      projects: ['OSSTTMB2B'],
      timeout_seconds: CALL_MS / 1000,
      settle_seconds: SETTLE_MS / 1000,
    },
  };
}

function embedded(folder: string) {
  return { store: { kind: 'sqlite', file: join(folder, 'bridge.sqlite') }, intake: { kind: 'direct' } };
}

/** Three processes share 100 connections; the broker's silence is noticed as soon as its protocol allows. */
function production({ broker, store, roads }: Servers) {
  return {
    store: { kind: 'postgres', url: along(store.url, roads.store), pool_size: 8 },
    intake: {
      kind: 'rabbitmq',
      url: along(broker.url, roads.broker),
      confirm_timeout_seconds: 1,
      heartbeat_seconds: 1,
      connect_timeout_seconds: 3,
      reconnect_max_seconds: 1,
    },
  };
}

function along(address: string, { port }: Road): string {
  return address.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`);
}
