import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { programOf } from './debian-packages.ts';
import { freePort } from './free-port.ts';
import {
  type Account,
  accountOf,
  createFolder,
  endServerProcess,
  isAlive,
  type ServerProcess,
  startServerProcess,
  untilReady,
} from './server-process.ts';
import { startWatchdog } from './watchdog.ts';

export interface PostgresServer {
  /** With user, password and an empty database; the same after every `start`. */
  readonly url: string;
  readonly port: number;
  /** Kills the server and its backends without a chance to tidy up. */
  kill(): Promise<void>;
  /** Starts it again on the same data and the same port. */
  start(): Promise<void>;
  /** Stops the server for good and removes its data. May be called twice. */
  stop(): Promise<void>;
}

interface Cluster {
  readonly folder: string;
  readonly account: Account;
  readonly password: string;
}

/**
 * A PostgreSQL of one's own: temporary data, loopback only, fsync as in production. It ends with the calling process,
 * even if that is killed. Throws what to install where PostgreSQL is missing.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const program = programOf('postgresql', 'postgres');
  const account = accountOf('postgres');
  const folder = await createFolder('bridge-postgres-', account);
  const watchdog = startWatchdog(folder);
  const logFile = join(folder, 'server.log');
  const cluster: Cluster = { folder, account, password: randomBytes(12).toString('hex') };
  let server: ServerProcess | undefined;

  async function stop(): Promise<void> {
    if (server !== undefined) {
      await endServerProcess(server, 'SIGINT', 20_000);
    }
    await watchdog.end();
  }

  try {
    await initialise(cluster);
    const port = await freePort();
    const urlOf = (database: string) => `postgres://bridge:${cluster.password}@127.0.0.1:${port}/${database}`;

    const start = async (): Promise<void> => {
      if (server?.hasEnded() === false) {
        throw new Error('This PostgreSQL is running already.');
      }
      server = await startServerProcess(
        { program, args: serverArguments(folder, port), environment: { LC_ALL: 'C.UTF-8' }, account, folder, logFile },
        watchdog,
      );
      await untilReady('PostgreSQL', server, logFile, () => answers(urlOf('postgres')), 90_000);
    };

    await start();
    await createDatabase(urlOf('postgres'));
    return { url: urlOf('bridge'), port, start, stop, kill: () => killWithBackends(server) };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

async function initialise({ folder, account, password }: Cluster): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o644 });
  const made = spawnSync(
    programOf('postgresql', 'initdb'),
    ['--pgdata', join(folder, 'data'), '--username=bridge', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'].concat([
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ]),
    { ...account, cwd: folder, encoding: 'utf8', env: { LC_ALL: 'C.UTF-8', PATH: process.env.PATH ?? '' } },
  );
  if (made.status !== 0) {
    throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`, { cause: made.error });
  }
}

function serverArguments(folder: string, port: number): readonly string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    fsync: 'on',
    max_connections: '100',
    shared_buffers: '32MB',
    log_min_messages: 'warning',
  };
  return [
    '-D',
    join(folder, 'data'),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create database bridge');
  await client.end();
}

/** Backends lead sessions of their own, and a survivor would keep the next start from the data. */
async function killWithBackends(server: ServerProcess | undefined): Promise<void> {
  if (server === undefined || server.hasEnded()) {
    return;
  }

  const listed = spawnSync('pgrep', ['-P', String(server.pid)], { encoding: 'utf8' }).stdout;
  const backends = listed
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
  server.signal('SIGKILL');
  await server.ended;
  for (const backend of backends) {
    while (isAlive(backend)) {
      process.kill(backend, 'SIGKILL');
      await sleep(10);
    }
  }
}
