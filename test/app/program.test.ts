import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

// Child processes on a busy machine.
jest.setTimeout(120_000);

const run = promisify(execFile);

describe('the program that the build makes', () => {
  let folder: string;
  let program: string;
  let config: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bridge-program-'));
    program = join(folder, 'dist', 'main.js');
    config = join(folder, 'bridge.yaml');
    await run(process.execPath, ['scripts/build.ts', '--to', join(folder, 'dist')]);
    await writeFile(
      config,
      `
http:
  port: 0
  public_url: http://bridge.example.test
  webhooks: { otrs: { insecure: true }, jira: { insecure: true } }
store: { kind: sqlite, file: bridge.sqlite }
mappings: ${join(process.cwd(), 'mappings')}
otrs: { base_url: "http://127.0.0.1:9/otrs", login: bridge, password: fixture, transport: soap }
jira: { base_url: "http://127.0.0.1:9", token: fixture, account: svc_bridge, projects: [OSSTTMB2B] }
`,
    );
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('needs no packages beside it, and has the files that it reads', async () => {
    const target = join(folder, 'service.yml');
    await run(process.execPath, [program, 'otrs', 'setup-guide', '--config', config, '--web-service', target], {
      cwd: folder,
    });

    expect(await readFile(target, 'utf8')).toContain('TicketUpdate');
  });

  test('takes webhooks, keeps them, and stops when it is told to', async () => {
    const child = spawn(process.execPath, [program, 'serve', '--config', config], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let address = '';
    for await (const line of createInterface(child.stdout)) {
      address = JSON.parse(line).address ?? '';
      if (address !== '') {
        break;
      }
    }
    const answer = await fetch(`${address}/webhooks/otrs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ event: 'TicketCreate', ticketId: 1 }),
    });
    const ended = once(child, 'exit');
    child.kill('SIGTERM');

    expect(answer.status).toBe(202);
    expect(await ended).toEqual([0, null]);
  });
});
