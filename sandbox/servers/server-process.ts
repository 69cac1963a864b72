import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Watchdog } from './watchdog.ts';

/** Who a server runs as: a user of its own where we are root, ourselves otherwise. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

export interface ServerProcess {
  readonly pid: number;
  /** Resolves when the process has ended, however. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  signal(signal: NodeJS.Signals): void;
}

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly account: Account;
  /** Working folder; the server can read it, other than ours perhaps. */
  readonly folder: string;
  readonly logFile: string;
}

/** The account of a system user if we are root; nothing, which means ourselves, if we are not. */
export function accountOf(user: string): Account {
  if (process.getuid?.() !== 0) {
    return {};
  }

  const idOf = (flag: string) => Number.parseInt(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout, 10);
  const account = { uid: idOf('-u'), gid: idOf('-g') };
  if (Number.isNaN(account.uid) || Number.isNaN(account.gid)) {
    throw new Error(`This machine has no user ${user}, which its package creates.`);
  }

  return account;
}

/** A new private folder that belongs to the account. */
export async function createFolder(prefix: string, account: Account): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  if (account.uid !== undefined && account.gid !== undefined) {
    await chown(folder, account.uid, account.gid);
  }

  return folder;
}

/** Starts a server in a process group of its own, guarded by the watchdog until it ends. */
export async function startServerProcess(command: ServerCommand, watchdog: Watchdog): Promise<ServerProcess> {
  const log = openSync(command.logFile, 'a');
  const child = spawn(command.program, command.args, {
    ...command.account,
    cwd: command.folder,
    env: { ...command.environment },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);

  const { pid } = child;
  if (pid === undefined) {
    const reason = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw new Error(`${command.program} could not be started: ${reason.message}`, { cause: reason });
  }

  watchdog.guard(pid);
  child.unref();
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      isOver = true;
      watchdog.release(pid);
      resolve();
    });
  });

  return {
    pid,
    ended,
    hasEnded: () => isOver,
    signal(signal) {
      if (!isOver) {
        process.kill(-pid, signal);
      }
    },
  };
}

/** Repeats the check until it answers true. Throws with the end of the server's log if that takes too long. */
export async function untilReady(
  name: string,
  server: ServerProcess,
  logFile: string,
  check: () => Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await check())) {
    if (server.hasEnded() || Date.now() > deadline) {
      const reason = server.hasEnded() ? 'ended while it started' : `was not ready after ${timeoutMs} ms`;
      throw new Error(`${name} ${reason}. Its log ends so:\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
    }
    await sleep(50);
  }
}

/** Asks by signal, waits, and kills what does not obey. Resolves when no process of the group is left. */
export async function endServerProcess(
  server: ServerProcess,
  signal: NodeJS.Signals,
  patienceMs: number,
): Promise<void> {
  server.signal(signal);
  const patience = new AbortController();
  const tooLong = sleep(patienceMs, 'too long', { signal: patience.signal }).catch(() => 'obeyed');
  if ((await Promise.race([server.ended, tooLong])) === 'too long') {
    server.signal('SIGKILL');
    await server.ended;
  }
  patience.abort();
  await untilGroupIsGone(server.pid);
}

/** A wrapper script may end before the server it started, whose ports and locks the next start needs. */
async function untilGroupIsGone(group: number): Promise<void> {
  for (let waits = 0; waits < 500 && isAlive(-group); waits += 1) {
    await sleep(10);
  }
}

/** Whether a process lives, or, with a negative id, any of a group. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
