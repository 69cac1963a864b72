import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type PostgresServer, startPostgres } from '../../../sandbox/servers/postgres.ts';

describe('a private PostgreSQL', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);

  afterAll(() => server?.stop(), 60_000);

  async function query(sql: string): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  test('stores Cyrillic text and syncs to disk', async () => {
    await query(`create table note (text text); insert into note values ('Недоступен портал')`);
    expect(await query('select text from note')).toEqual([{ text: 'Недоступен портал' }]);
    expect(await query('show fsync')).toEqual([{ fsync: 'on' }]);
  });

  test('keeps what was committed when it is killed, and comes back at the same address', async () => {
    await query('create table kept as select 1 as one');
    await server.kill();
    await expect(query('select 1')).rejects.toThrow('ECONNREFUSED');
    await server.start();
    expect(await query('select one from kept')).toEqual([{ one: 1 }]);
  }, 60_000);

  test('listens on the loopback address alone', async () => {
    expect(await query('show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  });
});

test('no server and no data outlive an owner that was killed', async () => {
  const module = fileURLToPath(new URL('../../../sandbox/servers/postgres.ts', import.meta.url));
  const owner = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { startPostgres } = await import('${module}'); console.log((await startPostgres()).url); setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const port = Number(new URL(line.toString().trim()).port);
  const listed = spawnSync('pgrep', ['-f', '--', `port=${port}`], { encoding: 'utf8' }).stdout.trim();
  expect(listed).not.toBe('');
  const [postmaster] = listed.split('\n').map(Number);
  const folder =
    spawnSync('ps', ['-o', 'args=', '-p', String(postmaster)], { encoding: 'utf8' }).stdout.match(
      /-D (\S+)\/data/,
    )?.[1] ?? '';
  expect(existsSync(folder)).toBe(true);

  owner.kill('SIGKILL');
  await once(owner, 'exit');
  for (let waits = 0; waits < 200 && (existsSync(`/proc/${postmaster}`) || existsSync(folder)); waits += 1) {
    await sleep(50);
  }
  expect(existsSync(`/proc/${postmaster}`)).toBe(false);
  expect(existsSync(folder)).toBe(false);
}, 60_000);
