import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** PostgreSQL and the help desk refuse to run as root; every Debian has this user. */
export const serviceUser = 'www-data';

/** Parameters of setpriv, before the command. */
export const asServiceUser = ['--reuid', serviceUser, '--regid', serviceUser, '--clear-groups'] as const;

export interface Running {
  readonly pid: number;
  /** Ends the process and all that it started: first by the signal, after ten seconds by force. */
  stop(): Promise<void>;
  /** Resolves when `ready` does; rejects with the end of the log if the process ends before. */
  until(ready: () => Promise<boolean>, seconds: number): Promise<void>;
}

export interface StartOptions {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly logFile: string;
  /** What tells the process to end; it is also sent when this process dies without having stopped it. */
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
}

/** Runs a command as the service user to its end and gives what it wrote. Throws with its error output if it fails. */
export function runAsServiceUser(
  command: readonly [string, ...string[]],
  options: {
    readonly environment: Readonly<Record<string, string>>;
    readonly folder: string;
    readonly input?: string;
  },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const started = execFile(
      'setpriv',
      [...asServiceUser, ...command],
      { cwd: options.folder, env: { ...options.environment }, maxBuffer: 64_000_000 },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout);
          return;
        }

        reject(new Error(`${command.join(' ')} failed: ${stderr.trim() || stdout.trim() || error.message}`));
      },
    );
    // A command that ends without reading its input breaks the pipe; its exit code says why.
    started.stdin?.on('error', () => {});
    started.stdin?.end(options.input ?? '');
  });
}

/** Starts a process that stays, as the service user and in a process group of its own. */
export function startAsServiceUser(options: StartOptions): Running {
  const log = openSync(options.logFile, 'a');
  const child = spawn(
    'setpriv',
    [...asServiceUser, '--pdeathsig', options.stopSignal.replace('SIG', ''), ...options.command],
    { cwd: options.folder, env: { ...options.environment }, stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) {
    throw new Error(`${options.name} could not be started: is setpriv (package util-linux) there?`);
  }

  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid,
    async stop() {
      child.kill(options.stopSignal);
      await Promise.race([ended, sleep(10_000, undefined, { ref: false })]);
      signal(-pid, 'SIGKILL');
      await ended;
    },
    async until(ready, seconds) {
      const deadline = Date.now() + seconds * 1000;
      while (!(await ready())) {
        if (hasEnded(child) || Date.now() > deadline) {
          const said = (await readFile(options.logFile, 'utf8')).trim().split('\n').slice(-20).join('\n');
          throw new Error(`${options.name} ${hasEnded(child) ? 'ended' : 'was not ready in time'}: ${said}`);
        }
        await sleep(50);
      }
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Whether the process, or with a negative id the group, took the signal; 0 only asks. */
export function signal(pid: number, what: 'SIGKILL' | 0): boolean {
  try {
    return process.kill(pid, what);
  } catch (error) {
    // Jest's errors are of another realm, so `instanceof` does not know them.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH') {
      return false;
    }
    throw error;
  }
}
