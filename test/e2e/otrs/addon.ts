import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fillWebService } from '../../../connectors/otrs/webservice.ts';
import { addonFolder, buildAddon } from '../../../scripts/build-addon.ts';
import { type People, startPeople } from './agent.ts';
import { runAsServiceUser } from './service-user.ts';
import type { Otrs } from './set-up.ts';

const here = import.meta.dirname;
const definitions = join(here, '../../../connectors/otrs/webservice');

/** What the administrator of a help desk does about the add-on package. */
export interface Administrator {
  /** Runs a command of the help desk's console and gives what it printed. */
  console(...command: string[]): Promise<string>;
  /** Puts a text where the help desk can read it and gives the path. */
  leave(name: string, content: string | Buffer): Promise<string>;
  /** Imports the web services of both transports with the operation of the package and without webhooks. */
  importWebServices(): Promise<void>;
  /** The package as the help desk's own builder makes it of the same sources. */
  build(): Promise<string>;
  install(): Promise<void>;
  uninstall(): Promise<void>;
  /** Sets settings by their full names and deploys them: some five seconds. */
  set(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Sends an event through the notifier at once. */
  send(event: Readonly<Record<string, unknown>>): Promise<void>;
  /** Names of settings of the package that the help desk's database holds. */
  settings(): Promise<readonly string[]>;
  /** People who enter the help desk now: those of before have its old modules and settings. */
  enter(): People;
}

export function administer({ folder, bridge, webService, soapWebService }: Otrs): Administrator {
  const home = {
    folder: join(folder, 'otrs'),
    environment: { PATH: '/usr/bin:/bin', HOME: folder, LANG: 'C.UTF-8', TZ: 'UTC' },
  };
  const console = (...command: string[]) =>
    runAsServiceUser(['perl', 'bin/otrs.Console.pl', ...command, '--no-ansi'], home);
  const leave = async (name: string, content: string | Buffer) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const runScript = async (name: string, input: object) => {
    const script = await leave(name, await readFile(join(here, name)));
    await runAsServiceUser(['perl', script], { ...home, input: JSON.stringify(input) });
  };

  /** It keeps the modules that it has loaded; the one that OTRS ships a configuration for looks after their files. */
  const reloadWebServer = async () => {
    process.kill(Number(await readFile(join(folder, 'run/apache.pid'), 'utf8')), 'SIGUSR1');
    await sleep(1_000);
  };

  return {
    console,
    leave,
    async importWebServices() {
      const values = { url: 'http://bridge.example.test', secret: 'unused', userId: bridge.userId } as const;
      for (const [number, name] of Object.entries({ 1: webService, 2: soapWebService })) {
        const text = await readFile(join(definitions, `${name}.yml`), 'utf8');
        const filled = fillWebService(text, { ...values, installed: 'addon' });
        const file = await leave(`${name}.yml`, filled.slice(0, filled.indexOf('\nRequester:\n') + 1));
        await console('Admin::WebService::Update', '--webservice-id', number, '--source-path', file);
      }
    },
    async build() {
      const source = await leave('OtrsJiraBridge.sopm', await readFile(join(addonFolder, 'OtrsJiraBridge.sopm')));
      const sources = join(folder, 'addon');
      await cp(join(addonFolder, 'Kernel'), join(sources, 'Kernel'), { recursive: true });
      await console('Dev::Package::Build', '--module-directory', sources, source, folder);
      return readFile(join(folder, 'OtrsJiraBridge-1.0.0.opm'), 'utf8');
    },
    async install() {
      const { fileName, text } = await buildAddon('otrs');
      await console('Admin::Package::Install', await leave(fileName, text));
      await reloadWebServer();
    },
    async uninstall() {
      await console('Admin::Package::Uninstall', 'OtrsJiraBridge');
      await reloadWebServer();
    },
    async set(settings) {
      await runScript('settings.pl', settings);
      await reloadWebServer();
    },
    send: (event) => runScript('send-event.pl', event),
    async settings() {
      const tables = ['sysconfig_default', 'sysconfig_modified'];
      const query = tables
        .map((table) => `SELECT name FROM ${table} WHERE name LIKE '%OtrsJiraBridge%'`)
        .join(' UNION ');
      const socket = join(folder, 'database.socket');
      const rows = await runAsServiceUser(['psql', '-h', socket, '-U', 'otrs', '-tAc', query, 'otrs'], home);
      return rows.split('\n').filter((name) => name !== '');
    },
    enter: () => startPeople(folder),
  };
}

/** The elements of a package in their order, without place and time of the building. */
export const partsOf = (opm: string) =>
  opm
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^<Build/.test(line))
    .map((line) => {
      const [, name = line, attributes = '', content = ''] = /^<(\w+)((?: \w+="[^"]*")*)>(.*)$/.exec(line) ?? [];
      return { name, content, attributes: attributes.split(/ (?=\w+=")/).toSorted() };
    });
