import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian keeps server programs that no PATH names, newest PostgreSQL first. */
function hiddenFolders(): readonly string[] {
  return [...postgresFolders(), '/usr/lib/rabbitmq/bin', '/usr/local/sbin', '/usr/sbin', '/sbin'];
}

function postgresFolders(): readonly string[] {
  const root = '/usr/lib/postgresql';
  try {
    return readdirSync(root)
      .sort((left, right) => Number(right) - Number(left))
      .map((version) => join(root, version, 'bin'));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The full path of a program, or undefined if this machine has none. Debian's own folders come before PATH: its
 * `rabbitmq-server` in PATH is a wrapper that insists on the system's user and folders.
 */
export function findProgram(name: string): string | undefined {
  const inPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...hiddenFolders(), ...inPath].map((folder) => join(folder, name)).find(isExecutable);
}
