import { join } from 'node:path';
import type { Place } from './place.ts';
import { runAsServiceUser, startAsServiceUser } from './service-user.ts';

const postgresql = '/usr/lib/postgresql/15/bin';

/** Starts an empty PostgreSQL that listens on a socket in the folder and on no port, and loads the help desk's schema. */
export async function startDatabase(place: Place, started: AsyncDisposableStack): Promise<void> {
  const { folder, environment } = place;
  const data = join(folder, 'database');
  const socket = join(folder, 'database.socket');
  const bare = { environment, folder };
  await runAsServiceUser(
    [`${postgresql}/initdb`, '--auth=trust', '--username=otrs', '--locale=C.UTF-8', '--no-sync', '-D', data],
    bare,
  );
  const settings = { listen_addresses: '', unix_socket_directories: socket, fsync: 'off', full_page_writes: 'off' };
  const database = startAsServiceUser({
    name: 'PostgreSQL',
    command: [
      `${postgresql}/postgres`,
      '-D',
      data,
      ...Object.entries(settings).map(([key, value]) => `-c${key}=${value}`),
    ],
    environment,
    folder,
    logFile: join(folder, 'log/postgresql.log'),
    stopSignal: 'SIGINT',
  });
  started.defer(() => database.stop());

  const psql = (...parameters: string[]) =>
    runAsServiceUser(
      [`${postgresql}/psql`, '-q', '-v', 'ON_ERROR_STOP=1', '-h', socket, '-U', 'otrs', ...parameters],
      bare,
    );
  const accepts = () =>
    psql('-d', 'postgres', '-c', 'SELECT 1').then(
      () => true,
      () => false,
    );
  await database.until(accepts, 30);
  await psql('-d', 'postgres', '-c', 'CREATE DATABASE otrs');
  const scripts = ['schema', 'initial_insert', 'schema-post'].flatMap((name) => [
    '-f',
    join(place.home, `scripts/database/${name}.postgresql.sql`),
  ]);
  await psql('-d', 'otrs', ...scripts);
}
