import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programOf } from './debian-packages.ts';
import { freePort } from './free-port.ts';
import {
  type Account,
  accountOf,
  createFolder,
  endServerProcess,
  type ServerProcess,
  startServerProcess,
  untilReady,
} from './server-process.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

const run = promisify(execFile);

export interface RabbitmqServer {
  /** With user and password; the same after every `start`. */
  readonly url: string;
  readonly port: number;
  /** Of the management API, with user and password; only where it was asked for. */
  readonly managementUrl?: string;
  /** Kills the broker without a chance to tidy up. */
  kill(): Promise<void>;
  /** Starts it again on the same data and the same port. */
  start(): Promise<void>;
  /** Runs `rabbitmqctl` against this node and answers with its output. About a second a call. */
  rabbitmqctl(args: readonly string[]): Promise<string>;
  /** Stops the broker for good and removes its data. May be called twice. */
  stop(): Promise<void>;
}

interface Node {
  readonly folder: string;
  readonly account: Account;
  readonly password: string;
  readonly ports: { readonly amqp: number; readonly distribution: number; readonly epmd: number };
  /** Of the management API, if there is to be one. */
  readonly management?: number;
}

/**
 * A RabbitMQ node of one's own: temporary data, no plugins but on request the management API, every listener (AMQP,
 * Erlang distribution, port mapper) on the loopback address. It ends with the calling process, even if that is killed. Throws what to install where
 * RabbitMQ is missing.
 */
export async function startRabbitmq({ hasManagement = false } = {}): Promise<RabbitmqServer> {
  const program = programOf('rabbitmq-server', 'rabbitmq-server');
  const account = accountOf('rabbitmq');
  const folder = await createFolder('bridge-rabbitmq-', account);
  const watchdog = startWatchdog(folder);
  const logFile = join(folder, 'server.log');
  const running: { epmd?: ServerProcess; server?: ServerProcess } = {};

  async function stop(): Promise<void> {
    if (running.server !== undefined) {
      await endServerProcess(running.server, 'SIGTERM', 20_000);
    }
    if (running.epmd !== undefined) {
      await endServerProcess(running.epmd, 'SIGKILL', 1_000);
    }
    await watchdog.end();
  }

  try {
    const ports = { amqp: await freePort(), distribution: await freePort(), epmd: await freePort() };
    const management = hasManagement ? { management: await freePort() } : {};
    const node: Node = { folder, account, password: randomBytes(12).toString('hex'), ports, ...management };
    await writeSettings(node);
    running.epmd = await startPortMapper(node, watchdog);
    const environment = environmentOf(node);

    const start = async (): Promise<void> => {
      if (running.server?.hasEnded() === false) {
        throw new Error('This RabbitMQ is running already.');
      }
      running.server = await startServerProcess({ program, args: [], environment, account, folder, logFile }, watchdog);
      await untilReady('RabbitMQ', running.server, logFile, () => greets(ports.amqp), 60_000);
    };

    await start();
    return {
      url: `amqp://bridge:${node.password}@127.0.0.1:${ports.amqp}/%2F`,
      port: ports.amqp,
      ...(node.management === undefined
        ? {}
        : { managementUrl: `http://bridge:${node.password}@127.0.0.1:${node.management}` }),
      start,
      stop,
      kill: async () => {
        if (running.server !== undefined) {
          await endServerProcess(running.server, 'SIGKILL', 1_000);
        }
      },
      rabbitmqctl: (args) => control(node, args),
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

async function writeSettings({ folder, account, password, ports, management }: Node): Promise<void> {
  const settings = [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    'default_user = bridge',
    `default_pass = ${password}`,
    'log.console = true',
    'log.file = false',
    'disk_free_limit.absolute = 50MB',
    // The default of 512 MB is reserved on disk for every node.
    'raft.wal_max_size_bytes = 67108864',
    ...(management === undefined ? [] : ['management.tcp.ip = 127.0.0.1', `management.tcp.port = ${management}`]),
  ];
  const files = {
    'rabbitmq.conf': `${settings.join('\n')}\n`,
    enabled_plugins: management === undefined ? '[].\n' : '[rabbitmq_management].\n',
    '.erlang.cookie': randomBytes(16).toString('hex'),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    await giveTo(account, join(folder, name));
  }
  for (const name of ['data', 'log']) {
    await mkdir(join(folder, name));
    await giveTo(account, join(folder, name));
  }
}

async function giveTo({ uid, gid }: Account, path: string): Promise<void> {
  if (uid !== undefined && gid !== undefined) {
    await chown(path, uid, gid);
  }
}

function environmentOf({ folder, ports }: Node): Readonly<Record<string, string>> {
  const loopback = '-kernel inet_dist_use_interface {127,0,0,1}';
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `bridge-${ports.amqp}@localhost`,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: loopback,
    RABBITMQ_CTL_ERL_ARGS: loopback,
    RABBITMQ_CONF_ENV_FILE: join(folder, 'no-environment-file'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'no-advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
  };
}

/** Started by ourselves and in the foreground, since the one that Erlang starts by itself would outlive the node. */
async function startPortMapper({ folder, account, ports }: Node, watchdog: Watchdog): Promise<ServerProcess> {
  const logFile = join(folder, 'epmd.log');
  const epmd = await startServerProcess(
    {
      program: programOf('rabbitmq-server', 'epmd'),
      args: ['-port', String(ports.epmd), '-address', '127.0.0.1'],
      environment: { HOME: folder },
      account,
      folder,
      logFile,
    },
    watchdog,
  );
  await untilReady('epmd', epmd, logFile, () => connects(ports.epmd), 10_000);
  return epmd;
}

async function control({ folder, account, ...node }: Node, args: readonly string[]): Promise<string> {
  const { stdout } = await run(programOf('rabbitmq-server', 'rabbitmqctl'), ['--quiet', ...args], {
    ...account,
    cwd: folder,
    env: environmentOf({ folder, account, ...node }),
  });
  return stdout;
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}

/** The listener opens last: a broker that answers the protocol header has recovered its queues and users. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => {
      socket.write(Buffer.from([...Buffer.from('AMQP'), 0, 0, 9, 1]));
    });
    const settle = (answered: boolean) => {
      resolve(answered);
      socket.destroy();
    };
    socket.setTimeout(2_000, () => settle(false));
    socket.once('data', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
  });
}
