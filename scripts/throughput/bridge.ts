import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { BRIDGE_ID } from '../../sandbox/otrs/world.ts';
import { end } from './child.ts';
import type { Addresses } from './systems.ts';
import { SECRET } from './webhooks.ts';

const root = join(import.meta.dirname, '..', '..');

export interface BridgeSettings {
  /** The program as `buildProgram` made it. */
  readonly program: string;
  readonly folder: string;
  readonly systems: Addresses;
  readonly concurrency: number;
  readonly store: object;
  readonly intake: object;
  /** Names the process's files apart from those of others in the folder. */
  readonly name?: string;
}

/** As the Dockerfile starts it. */
const NODE_OPTIONS = ['--max-semi-space-size=8'];

/** Makes the program as it is shipped; resolves with its path. */
export async function buildProgram(folder: string): Promise<string> {
  await succeed([join(root, 'scripts', 'build.ts'), '--to', folder]);
  return join(folder, 'main.js');
}

/** `bridge serve` in a process of its own. */
export interface BridgeProcess {
  readonly pid: number;
  /** Where OTRS sends webhooks to. */
  readonly webhooks: string;
  readonly address: string;
  /** From the start of the process until it took webhooks. */
  readonly startMs: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export async function startBridge(settings: BridgeSettings): Promise<BridgeProcess> {
  const file = join(settings.folder, `${settings.name ?? 'bridge'}.yaml`);
  await writeFile(file, stringify(configurationOf(settings)));
  const begin = performance.now();
  const words = [...NODE_OPTIONS, ...profiling(), settings.program, 'serve', '--config', file];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const address = await addressOf(child);
  return {
    pid: child.pid ?? 0,
    address,
    webhooks: `${address}/webhooks/otrs`,
    startMs: performance.now() - begin,
    stop: (signal = 'SIGTERM') => end(child, signal),
  };
}

/** `bridge migrate`, for a store that the administrator has to bring up to date. */
export async function migrateStore(settings: BridgeSettings): Promise<void> {
  const file = join(settings.folder, 'migrate.yaml');
  await writeFile(file, stringify(configurationOf(settings)));
  await succeed([settings.program, 'migrate', '--config', file]);
}

async function succeed(words: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  if (code !== 0) {
    throw new Error(`${words.join(' ')} failed`);
  }
}

function configurationOf({ systems, concurrency, store, intake }: BridgeSettings) {
  const secret = { shared_secret: SECRET };
  return {
    http: { port: 0, webhooks: { otrs: secret, jira: secret } },
    store,
    intake,
    mappings: join(root, 'mappings'),
    worker: { concurrency },
    // Tickets of the others are none of its business.
    sweep: { every_seconds: 3600, overlap_seconds: 1, first_look_back_hours: 0.001 },
    checks: { every_hours: 0 },
    log: { level: 'info' },
    otrs: {
      base_url: systems.otrs,
      login: 'bridge',
      password: 'bridge',
      user_id: BRIDGE_ID,
      time_zone: 'Europe/Moscow',
      concurrency: CALLS_AT_ONCE,
    },
    jira: {
      base_url: systems.jira,
      token: 'sandbox-token',
      account: 'svc_bridge',
      projects: ['OSSTTMB2B'],
      concurrency: CALLS_AT_ONCE,
    },
  };
}

/** As many as the bare program makes. */
const CALLS_AT_ONCE = 32;

/** The door's address, from the line that the log has when it opens. */
async function addressOf(child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (stdout === null) {
    throw new Error('the bridge has no output');
  }

  return new Promise((resolve, reject) => {
    const faults: string[] = [];
    createInterface(stdout).on('line', (line) => {
      const entry = readLine(line);
      if (entry.msg === 'bridge started') {
        resolve(entry.address ?? '');
      } else if (entry.level === 'error' || entry.level === 'fatal') {
        faults.push(line);
      }
    });
    child.on('exit', (code) => reject(new Error(`the bridge ended with ${code}: ${faults.join('\n')}`)));
  });
}

function readLine(line: string): { readonly msg?: string; readonly address?: string; readonly level?: string } {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

/** With `PROFILE=folder` in the environment the process writes its processor profile there. */
function profiling(): readonly string[] {
  const { PROFILE } = process.env;
  return PROFILE === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${PROFILE}`];
}
