import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../sandbox/servers/free-port.ts';
import { end } from './child.ts';
import { flowOf } from './node-red-flow.ts';
import type { Contender } from './stage.ts';
import type { Addresses } from './systems.ts';

/** How long it may take to start, in tries a quarter of a second apart. */
const TRIES = 240;

/** Node-RED, brought from npm into the folder, with a flow that makes the same five calls. */
export async function startNodeRed(folder: string, systems: Addresses): Promise<Contender> {
  const home = join(folder, 'node-red');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), '{ "private": true }\n');
  await succeed('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', 'node-red@5'], home);
  const port = await freePort();
  const session = await fetch(`${serviceOf(systems)}/Session`, {
    method: 'POST',
    body: JSON.stringify({ UserLogin: 'bridge', Password: 'bridge' }),
  });
  const { SessionID } = (await session.json()) as { readonly SessionID: string };
  await writeFile(join(home, 'flows.json'), JSON.stringify(flowOf(systems, SessionID)));
  await writeFile(
    join(home, 'settings.cjs'),
    `module.exports = ${JSON.stringify({ uiPort: port, uiHost: '127.0.0.1', flowFile: 'flows.json', logging: { console: { level: 'error' } } })};`,
  );
  const child = spawn(
    process.execPath,
    ['node_modules/node-red/red.js', '--userDir', home, '--settings', 'settings.cjs'],
    { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const url = `http://127.0.0.1:${port}/webhook`;
  await whenAnswering(child, url);
  return { name: 'Node-RED', webhooks: [url], pids: [child.pid ?? 0], stop: () => end(child, 'SIGTERM') };
}

export function serviceOf({ otrs }: Addresses): string {
  return `${otrs}/nph-genericinterface.pl/Webservice/otrs-jira-bridge`;
}

/** A webhook without a ticket leads to nothing. */
async function whenAnswering(child: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < TRIES && child.exitCode === null; tries += 1) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: '{}' }).catch(() => undefined);
    if (answer?.status === 202) {
      return;
    }
    await sleep(250);
  }
  throw new Error('Node-RED did not start');
}

async function succeed(program: string, words: readonly string[], cwd: string): Promise<void> {
  const [code] = await once(spawn(program, words, { cwd, stdio: ['ignore', 'ignore', 'inherit'] }), 'exit');
  if (code !== 0) {
    throw new Error(`${program} ${words.join(' ')} failed`);
  }
}
