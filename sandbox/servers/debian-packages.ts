import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findProgram } from './find-program.ts';

/** Debian package -> programs that prove its presence, wherever they came from. */
const programsOf = {
  postgresql: ['initdb', 'postgres'],
  'rabbitmq-server': ['rabbitmq-server', 'rabbitmqctl', 'epmd'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type PackageName = keyof typeof programsOf;

/**
 * Debian starts a server when its package is configured; a policy-rc.d that exits 101 forbids it. The shell's trap
 * takes the file away again even if the installation is interrupted. The lock keeps two test runs from installing at once.
 */
const installScript = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
apt-get -o DPkg::Lock::Timeout=300 update
apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
`;

/**
 * Makes sure that the servers for tests are installed. Installs them where that is possible without asking (root on
 * Debian); elsewhere throws an error that names the command to run.
 */
export function ensurePackages(names: readonly PackageName[]): void {
  const missing = names.filter(isMissing);
  if (missing.length === 0) {
    return;
  }

  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) {
    throw new Error(`${missing.join(' and ')} not found on this machine. ${adviceFor(missing)}`);
  }

  const installation = spawnSync(
    'flock',
    ['/run/lock/otrs-jira-bridge-packages', 'sh', '-c', installScript, 'install', ...missing],
    { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (installation.status !== 0 || missing.some(isMissing)) {
    const output = `${installation.stdout ?? ''}${installation.stderr ?? ''}${installation.error?.message ?? ''}`;
    throw new Error(`Installing ${missing.join(' and ')} failed. ${adviceFor(missing)}\n${output.slice(-2000)}`);
  }
}

/** The full path of a program of one of the packages; throws what to install where it is missing. */
export function programOf(name: PackageName, program: string): string {
  const path = findProgram(program);
  if (path === undefined) {
    throw new Error(`The program ${program} was not found on this machine. ${adviceFor([name])}`);
  }

  return path;
}

function isMissing(name: PackageName): boolean {
  return programsOf[name].some((program) => findProgram(program) === undefined);
}

function adviceFor(names: readonly PackageName[]): string {
  return `Install it and run the tests again: sudo apt-get update && sudo apt-get install --no-install-recommends ${names.join(' ')}`;
}
