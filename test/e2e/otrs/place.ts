import { execFile } from 'node:child_process';
import { chown, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../sandbox/servers/free-port.ts';
import { runAsServiceUser, serviceUser, signal } from './service-user.ts';

const here = import.meta.dirname;

/** Where one help desk lives. */
export interface Place {
  /** The one folder of this run: home, database, sockets, logs. */
  readonly folder: string;
  readonly home: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** Copies the unpacked help desk into a new folder, which goes when `started` is disposed of. */
export async function makePlace(packageFolder: string, started: AsyncDisposableStack): Promise<Place> {
  await removeAbandoned();
  const folder = await mkdtemp(join(tmpdir(), 'otrs-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'owner.pid'), String(process.pid));
  const { stdout } = await promisify(execFile)('id', ['-u', serviceUser]);
  await chown(folder, Number(stdout), Number(stdout));

  const home = join(folder, 'otrs');
  const port = await freePort();
  const environment = {
    PATH: '/usr/bin:/bin',
    HOME: home,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    OTRS_HOME: home,
    OTRS_RUN: join(folder, 'run'),
    OTRS_PORT: String(port),
  };
  const bare = { environment, folder };
  await runAsServiceUser(['cp', '-rP', join(packageFolder, 'otrs'), home], bare);
  await runAsServiceUser(['mkdir', 'run', 'log', 'database.socket'], bare);
  // Apache opens its log again as the service user.
  await runAsServiceUser(['touch', 'log/apache.log', 'log/daemon.log', 'log/postgresql.log'], bare);
  // The service user may not be able to read the project's own folder.
  await copyFile(join(here, 'Config.pm'), join(home, 'Kernel/Config.pm'));
  await mkdir(join(folder, 'lib'));
  await copyFile(join(here, 'foreground.pm'), join(folder, 'lib/foreground.pm'));
  for (const file of ['apache.conf', 'data.pl', 'agent.pl']) {
    await copyFile(join(here, file), join(folder, file));
  }
  return { folder, home, port, environment };
}

/** How a command runs in the help desk's home. */
export function inHome(place: Place): { environment: Readonly<Record<string, string>>; folder: string } {
  return { environment: place.environment, folder: place.home };
}

/** A run that was killed leaves its folder, some 130 MB; its processes ended with it. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = join(tmpdir(), name);
    const owner = name.startsWith('otrs-') ? await readFile(join(folder, 'owner.pid'), 'utf8').catch(() => '') : '';
    if (owner !== '' && !signal(Number(owner), 0)) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
