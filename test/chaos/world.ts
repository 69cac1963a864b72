import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRandom } from '../../sandbox/jira/random.ts';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import { BRIDGE_ID } from '../../sandbox/otrs/world.ts';
import { ensurePackages } from '../../sandbox/servers/debian-packages.ts';
import { freePort } from '../../sandbox/servers/free-port.ts';
import { type PostgresServer, startPostgres } from '../../sandbox/servers/postgres.ts';
import { type RabbitmqServer, startRabbitmq } from '../../sandbox/servers/rabbitmq.ts';
import { startWatchdog } from '../../sandbox/servers/watchdog.ts';
import { configurationOf, SECRET } from './configuration.ts';
import { commandLine, createInstance, type Instance } from './instance.ts';
import { type Road, startRoad } from './road.ts';

/** One process on SQLite without a broker, or three processes on PostgreSQL behind RabbitMQ. */
export type Profile = 'embedded' | 'production';

/** What only the production profile has. */
export interface Servers {
  readonly broker: RabbitmqServer;
  readonly store: PostgresServer;
  /** Between the bridges and the servers. */
  readonly roads: { readonly broker: Road; readonly store: Road };
}

/** Two desks, one or three bridges between them, and a road on every way that can be disturbed. */
export interface World {
  readonly profile: Profile;
  /** In [0, 1), the same for the same seed. */
  readonly random: () => number;
  readonly otrs: SandboxOtrs;
  readonly jira: SandboxJira;
  readonly instances: readonly Instance[];
  readonly roads: { readonly otrs: Road; readonly jira: Road };
  readonly servers?: Servers;
  /** Of a bridge, for whoever wants to look into the store. */
  readonly configuration: string;
  /** A fault has struck: without this a scenario has proven nothing. */
  struck(times?: number): void;
  /** Faults since the last call. */
  takeStruck(): number;
  /** Puts the logs of the bridges and the stories of the tickets to where they outlive this world; resolves with the folder. */
  keepTraces(tickets: readonly string[]): Promise<string>;
  /** Runs a command of the bridge to its end, e.g. `['migrate']`; resolves with what it said. Throws with that if it fails. */
  run(args: readonly string[], modules?: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export interface WorldSettings {
  readonly profile: Profile;
  readonly seed: number;
  /** Loaded into every bridge before the program. */
  readonly modules: readonly string[];
}

export async function startWorld({ profile, seed, modules }: WorldSettings): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'bridge-chaos-'));
  const watchdog = startWatchdog(folder);
  stack.defer(() => watchdog.end());

  const ports = await Promise.all(Array.from({ length: profile === 'embedded' ? 1 : 3 }, freePort));
  const door = await startRoad(() => ports);
  stack.defer(() => door.stop());
  const desks = await startDesks(`http://127.0.0.1:${door.port}`, stack);
  const servers = profile === 'production' ? await startServers(stack) : undefined;

  const files: string[] = [];
  for (const [index, port] of ports.entries()) {
    const place = join(folder, `bridge-${index + 1}`);
    await mkdir(place);
    files.push(join(place, 'bridge.yaml'));
    const text = JSON.stringify(configurationOf({ folder: place, port, ...desks, servers }));
    await writeFile(join(place, 'bridge.yaml'), text, { mode: 0o600 });
  }
  const instances = files.map((file, index) =>
    createInstance({ name: `bridge-${index + 1}`, port: ports[index] ?? 0, file, folder, watchdog, modules }),
  );
  stack.defer(async () => {
    await Promise.all(instances.map((each) => each.kill()));
  });

  const configuration = files[0] ?? '';
  const run: World['run'] = async (args, more = []) => {
    const words = commandLine(more, [...args, '--config', configuration]);
    return (await promisify(execFile)(process.execPath, words, { maxBuffer: 2 ** 26 })).stdout;
  };
  if (profile === 'production') {
    await run(['migrate']);
  }
  await Promise.all(instances.map((each) => each.start()));

  let strikes = 0;
  const running = stack.move();
  return {
    profile,
    random: createRandom(seed),
    ...desks,
    instances,
    ...(servers === undefined ? {} : { servers }),
    configuration,
    struck: (times = 1) => {
      strikes += times;
    },
    takeStruck: () => {
      const taken = strikes;
      strikes = 0;
      return taken;
    },
    keepTraces: async (tickets) => {
      const kept = await mkdtemp(join(tmpdir(), `chaos-${profile}-`));
      for (const ticket of tickets) {
        await writeFile(join(kept, `story-${ticket}.json`), await run(['story', ticket, '--json']));
      }
      for (const { name } of instances) {
        const log = `${name}.log`;
        await copyFile(join(folder, log), join(kept, log));
      }
      return kept;
    },
    run,
    stop: () => running.disposeAsync(),
  };
}

async function startDesks(door: string, stack: AsyncDisposableStack) {
  const otrs = await startSandboxOtrs({
    webhook: { url: `${door}/webhooks/otrs`, secret: SECRET, silentUserId: BRIDGE_ID },
  });
  stack.defer(() => otrs.stop());
  const jira = await startSandboxJira({
    hooks: [{ url: `${door}/webhooks/jira`, headers: { 'x-bridge-secret': SECRET } }],
  });
  stack.defer(() => jira.stop());
  const roads = { otrs: await roadTo(otrs.url, stack), jira: await roadTo(jira.url, stack) };
  return { otrs, jira, roads };
}

async function startServers(stack: AsyncDisposableStack): Promise<Servers> {
  ensurePackages(['postgresql', 'rabbitmq-server']);
  const [store, broker] = await Promise.all([startPostgres(), startRabbitmq()]);
  stack.defer(async () => {
    await Promise.all([store.stop(), broker.stop()]);
  });
  return { store, broker, roads: { store: await roadTo(store.url, stack), broker: await roadTo(broker.url, stack) } };
}

async function roadTo(address: string, stack: AsyncDisposableStack): Promise<Road> {
  const port = Number(new URL(address).port);
  const road = await startRoad(() => [port]);
  stack.defer(() => road.stop());
  return road;
}
