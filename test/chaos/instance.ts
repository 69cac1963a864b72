import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endServerProcess, type ServerProcess, startServerProcess } from '../../sandbox/servers/server-process.ts';
import type { Watchdog } from '../../sandbox/servers/watchdog.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const READY_MS = 60_000;

/** One bridge: the real program in a process of its own. */
export interface Instance {
  readonly name: string;
  readonly port: number;
  /** Resolves when it is ready. Modules are loaded before the program. */
  start(modules?: readonly string[]): Promise<void>;
  /** `kill -9`: nothing is put away. */
  kill(): Promise<void>;
  /** `SIGTERM`, as a service manager stops it. */
  stop(): Promise<void>;
  /** Stands still until `wake`. */
  freeze(): void;
  wake(): void;
  isReady(): Promise<boolean>;
}

export interface InstanceSettings {
  readonly name: string;
  readonly port: number;
  /** Of the configuration. */
  readonly file: string;
  readonly folder: string;
  readonly watchdog: Watchdog;
  /** Loaded before the program at every start. */
  readonly modules: readonly string[];
}

/** The program and its arguments, e.g. for `serve` or `migrate`. */
export function commandLine(modules: readonly string[], args: readonly string[]): readonly string[] {
  return [...modules.flatMap((each) => ['--import', each]), join(ROOT, 'src', 'main.ts'), ...args];
}

export function createInstance({ name, port, file, folder, watchdog, modules }: InstanceSettings): Instance {
  let running: ServerProcess | undefined;
  const logFile = join(folder, `${name}.log`);

  const isReady = async () => {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  };

  return {
    name,
    port,
    isReady,
    start: async (more = []) => {
      const args = commandLine([...modules, ...more], ['serve', '--config', file]);
      const environment = { PATH: process.env.PATH ?? '' };
      running = await startServerProcess(
        { program: process.execPath, args, environment, account: {}, folder, logFile },
        watchdog,
      );
      const deadline = Date.now() + READY_MS;
      while (!(await isReady())) {
        if (running.hasEnded() || Date.now() > deadline) {
          throw new Error(`${name} ${running.hasEnded() ? 'ended while it started' : 'is not ready'}; see ${logFile}`);
        }
        await sleep(100);
      }
    },
    kill: async () => {
      running?.signal('SIGKILL');
      await running?.ended;
    },
    stop: async () => {
      if (running !== undefined && !running.hasEnded()) {
        await endServerProcess(running, 'SIGTERM', 20_000);
      }
    },
    freeze: () => running?.signal('SIGSTOP'),
    wake: () => running?.signal('SIGCONT'),
  };
}
