import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePackages } from '../../sandbox/servers/debian-packages.ts';
import { type PostgresServer, startPostgres } from '../../sandbox/servers/postgres.ts';
import { type RabbitmqServer, startRabbitmq } from '../../sandbox/servers/rabbitmq.ts';
import { type BridgeProcess, type BridgeSettings, buildProgram, migrateStore, startBridge } from './bridge.ts';
import { type Child, startChild } from './child.ts';
import { startNodeRed } from './node-red.ts';
import type { Addresses } from './systems.ts';

/** Tickets in work at once: of the bridge and of the bare programs. */
export const AT_ONCE = 32;

/** What the bench plays on: both systems in a process of their own, and what the bridge and its rivals are started with. */
export interface Stage extends AsyncDisposable {
  readonly systems: Child;
  /** A bare program; `durable` commits each step. */
  bare(kind: 'loop' | 'durable'): Promise<Contender>;
  /** One process on SQLite with webhooks straight into the store. */
  embedded(): Promise<Contender>;
  /** So many processes on PostgreSQL and RabbitMQ, which are started when they are first needed. */
  production(instances: number): Promise<Contender>;
  nodeRed(): Promise<Contender>;
}

/** A program that carries tickets. */
export interface Contender {
  readonly name: string;
  /** Where to send webhooks to, in turn. */
  readonly webhooks: readonly string[];
  readonly pids: readonly number[];
  /** From the start of the process until it took webhooks; of the bridge only. */
  readonly startMs?: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export async function setStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const systems = await startChild(join(import.meta.dirname, 'systems.ts'));
  stack.defer(() => systems.stop());
  const addresses = (await systems.ask({ ask: 'addresses' })) as Addresses;
  const program = await buildProgram(join(folder, 'program'));
  const own = { program, folder, systems: addresses, concurrency: AT_ONCE };
  let servers: Promise<{ readonly postgres: PostgresServer; readonly rabbitmq: RabbitmqServer }> | undefined;
  let bridges = 0;

  const startServers = async () => {
    ensurePackages(['postgresql', 'rabbitmq-server']);
    const [postgres, rabbitmq] = await Promise.all([startPostgres(), startRabbitmq()]);
    running.defer(async () => {
      await Promise.all([postgres.stop(), rabbitmq.stop()]);
    });
    return { postgres, rabbitmq };
  };
  const running = stack.move();

  return {
    systems,
    bare: async (kind) => {
      const child = await startChild(join(import.meta.dirname, 'bare.ts'), {
        OTRS_URL: addresses.otrs,
        JIRA_URL: addresses.jira,
        CONCURRENCY: String(AT_ONCE),
        ...(kind === 'durable' ? { DURABLE: 'yes' } : {}),
      });
      const name = kind === 'loop' ? 'bare loop' : 'bare durable loop';
      return { name, webhooks: [String(await child.ask({}))], pids: [child.pid], stop: child.stop };
    },
    embedded: async () => {
      bridges += 1;
      const store = { kind: 'sqlite', file: join(folder, `bridge-${bridges}.sqlite`) };
      const bridge = await startBridge({ ...own, store, intake: { kind: 'direct' } });
      return contenderOf('bridge, SQLite', [bridge]);
    },
    production: async (instances) => {
      servers ??= startServers();
      const { postgres, rabbitmq } = await servers;
      const settings: BridgeSettings = {
        ...own,
        store: { kind: 'postgres', url: postgres.url, pool_size: 20 },
        intake: { kind: 'rabbitmq', url: rabbitmq.url },
      };
      await migrateStore(settings);
      const bridgesOf = await Promise.all(
        Array.from({ length: instances }, (_, index) => startBridge({ ...settings, name: `bridge-${index}` })),
      );
      return contenderOf(`bridge, RabbitMQ + PostgreSQL, ${instances} x`, bridgesOf);
    },
    nodeRed: () => startNodeRed(folder, addresses),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function contenderOf(name: string, bridges: readonly BridgeProcess[]): Contender {
  const [{ startMs = 0 } = {}] = bridges;
  return {
    name,
    webhooks: bridges.map(({ webhooks }) => webhooks),
    pids: bridges.map(({ pid }) => pid),
    startMs,
    stop: async (signal) => {
      await Promise.all(bridges.map((each) => each.stop(signal)));
    },
  };
}
