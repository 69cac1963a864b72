import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { fillWebService } from '../../../connectors/otrs/webservice.ts';
import { type People, startPeople } from './agent.ts';
import { startDatabase } from './database.ts';
import { inHome, makePlace, type Place } from './place.ts';
import { runAsServiceUser, startAsServiceUser } from './service-user.ts';

/** Where the webhooks of the help desk go. */
export interface HookTarget {
  readonly url: string;
  readonly secret: string;
}

/** A running Znuny with the sample installation in it, reached on 127.0.0.1 only. */
export interface Otrs {
  /** `http://127.0.0.1:PORT/otrs`. */
  readonly baseUrl: string;
  /** Name under which the web service of the bridge is imported. */
  readonly webService: string;
  /** Name of the one beside it that speaks SOAP; it sends no webhooks. */
  readonly soapWebService: string;
  readonly timeZone: 'Europe/Moscow';
  readonly bridge: { readonly login: string; readonly password: string; readonly userId: string };
  /** Password by login: `root@localhost`, the agents, the customer user. */
  readonly passwords: Readonly<Record<string, string>>;
  /** User id by login of every agent. */
  readonly userIds: Readonly<Record<string, string>>;
  readonly people: People;
  /** Holds all of this help desk: home, database, logs. `startPeople(folder)` lets more people in. */
  readonly folder: string;
  /**
   * Imports the web service anew with this target; no target means no webhooks. They are the short ones of the bridge's own
   * definition, or those of an invoker without any mapping.
   */
  sendHooksTo(target: HookTarget | undefined, shape?: HookShape): Promise<void>;
  /** What the help desk, its web server and its daemon logged, for the report of a failed test. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export type HookShape = 'short' | 'generic' | 'tunnel';

export interface OtrsOptions {
  readonly hooks?: HookTarget;
  /** Told of each step and its milliseconds. */
  readonly onStep?: (step: string, milliseconds: number) => void;
}

const here = import.meta.dirname;
const webService = 'otrs-jira-bridge';
const soapWebService = 'otrs-jira-bridge-soap';
const definitions = join(here, '../../../connectors/otrs/webservice');
/** Holds the unpacked help desk between runs. */
const packageFolder = process.env.OTRS_PACKAGES ?? '/var/cache/otrs-jira-bridge/help-desk';

/**
 * Installs what is missing (root on Debian 12, minutes at worst), then starts a help desk of its own from an empty
 * database: about 20 seconds. Several can run at once. If anything fails, all that was started is stopped.
 */
export async function startOtrs(options: OtrsOptions = {}): Promise<Otrs> {
  const step = stopwatch(options.onStep);
  await using started = new AsyncDisposableStack();
  await step('packages', () => installPackages());
  const place = await step('folder', () => makePlace(packageFolder, started));
  await step('database', () => startDatabase(place, started));
  await step('settings', () => runAsServiceUser(consoleCommand('Maint::Config::Rebuild'), inHome(place)));

  const passwords = newPasswords();
  const userIds = await step('data', () => fillWithData(place, passwords));
  const bridge = { login: 'bridge', password: passwords.bridge, userId: userIds.bridge ?? '' };
  const importer = webServiceImporter(place, bridge.userId);
  await step('web service', () => importer(options.hooks));
  await step('web service for SOAP', () => importForSoap(place));

  const baseUrl = `http://127.0.0.1:${place.port}/otrs`;
  await step('web server', () => startWebServer(place, started, () => canLogIn(baseUrl, bridge)));
  await step('daemon', () => startDaemon(place, started));
  const people = startPeople(place.folder);
  started.defer(() => people.stop());

  const owned = started.move();
  return {
    baseUrl,
    webService,
    soapWebService,
    timeZone: 'Europe/Moscow',
    bridge,
    passwords,
    userIds,
    people,
    folder: place.folder,
    sendHooksTo: importer,
    log: () => readLogs(place),
    stop: () => owned.disposeAsync(),
  };
}

async function installPackages(): Promise<void> {
  const child = spawn('sh', [join(here, 'packages.sh'), packageFolder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4000);
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`packages.sh failed: ${said.trim()}`);
  }
}

async function fillWithData(place: Place, passwords: Record<string, string>): Promise<Record<string, string>> {
  const answer = await runAsServiceUser(['perl', join(place.folder, 'data.pl')], {
    ...inHome(place),
    input: JSON.stringify(passwords),
  });
  const ids: Record<string, number> = JSON.parse(answer);
  return Object.fromEntries(Object.entries(ids).map(([login, id]) => [login, String(id)]));
}

function webServiceImporter(place: Place, userId: string): Otrs['sendHooksTo'] {
  let isImported = false;
  return async (target, shape = 'short') => {
    const text = await readFile(join(definitions, `${webService}.yml`), 'utf8');
    const file = join(place.folder, 'web-service.yml');
    const filled = target && shaped(fillWebService(text, { ...target, userId }), shape);
    await writeFile(file, filled ?? withoutHooks(text));
    const command = isImported
      ? consoleCommand('Admin::WebService::Update', '--webservice-id', '1', '--source-path', file)
      : consoleCommand('Admin::WebService::Add', '--name', webService, '--source-path', file);
    await runAsServiceUser(command, inHome(place));
    isImported = true;
  };
}

async function importForSoap(place: Place): Promise<void> {
  const text = await readFile(join(definitions, `${soapWebService}.yml`), 'utf8');
  const file = join(place.folder, 'web-service-soap.yml');
  await writeFile(file, withoutHooks(text));
  await runAsServiceUser(
    consoleCommand('Admin::WebService::Add', '--name', soapWebService, '--source-path', file),
    inHome(place),
  );
}

const invokers = { generic: 'Ticket::Generic', tunnel: 'Generic::Tunnel' };

/** The definition with the invoker of this shape in place of its own. */
function shaped(text: string, shape: HookShape): string {
  if (shape === 'short') {
    return text;
  }

  const document = parseDocument(text);
  document.setIn(['Requester', 'Invoker', 'Webhook', 'Type'], invokers[shape]);
  document.setIn(['Requester', 'Invoker', 'Webhook', 'MappingOutbound'], {});
  return String(document);
}

/** The requester's part stands last in the definition. */
function withoutHooks(text: string): string {
  return text.slice(0, text.indexOf('\nRequester:\n') + 1);
}

async function startWebServer(
  place: Place,
  started: AsyncDisposableStack,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const server = startAsServiceUser({
    name: 'Apache',
    command: ['/usr/sbin/apache2', '-f', join(place.folder, 'apache.conf'), '-D', 'FOREGROUND'],
    environment: place.environment,
    folder: place.home,
    logFile: join(place.folder, 'log/apache.log'),
    stopSignal: 'SIGTERM',
  });
  started.defer(() => server.stop());
  await server.until(isReady, 60);
}

async function canLogIn(baseUrl: string, bridge: Otrs['bridge']): Promise<boolean> {
  try {
    const response = await fetch(`${baseUrl}/nph-genericinterface.pl/Webservice/${webService}/Session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ UserLogin: bridge.login, Password: bridge.password }),
      signal: AbortSignal.timeout(20_000),
    });
    const answer: unknown = await response.json();
    return typeof answer === 'object' && answer !== null && 'SessionID' in answer;
  } catch {
    return false;
  }
}

async function startDaemon(place: Place, started: AsyncDisposableStack): Promise<void> {
  const daemon = startAsServiceUser({
    name: 'the daemon',
    command: ['perl', `-I${join(place.folder, 'lib')}`, '-Mforeground', 'bin/otrs.Daemon.pl', 'start'],
    environment: place.environment,
    folder: place.home,
    logFile: join(place.folder, 'log/daemon.log'),
    stopSignal: 'SIGTERM',
  });
  started.defer(() => daemon.stop());
  await daemon.until(async () => (await daemonStatus(place)).includes('Daemon running'), 30);
}

async function daemonStatus(place: Place): Promise<string> {
  try {
    return await runAsServiceUser(['perl', 'bin/otrs.Daemon.pl', 'status'], inHome(place));
  } catch {
    return '';
  }
}

async function readLogs(place: Place): Promise<string> {
  return await runAsServiceUser(['sh', '-c', 'tail -n 50 ../log/* var/log/Daemon/* 2>/dev/null; true'], inHome(place));
}

function consoleCommand(...command: string[]): [string, ...string[]] {
  return ['perl', 'bin/otrs.Console.pl', ...command, '--no-ansi'];
}

function newPasswords() {
  const fresh = () => randomBytes(12).toString('hex');
  return {
    'root@localhost': fresh(),
    bridge: fresh(),
    'petrova.2l': fresh(),
    'sidorov.3l': fresh(),
    'user.volga': fresh(),
    'user.siberia': fresh(),
  };
}

function stopwatch(onStep: OtrsOptions['onStep']) {
  return async <Result>(name: string, run: () => Promise<Result>): Promise<Result> => {
    const from = performance.now();
    const result = await run();
    onStep?.(name, Math.round(performance.now() - from));
    return result;
  };
}

if (import.meta.main) {
  const { keep } = await import('./keep.ts');
  await keep(startOtrs);
}
