import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import pino from 'pino';
import { openSqliteStore, openSqliteStoreReadOnly } from '../../src/store/sqlite.ts';
import { describeStore } from './conformance.ts';
import { claimOne, event, now, ticket } from './promises/sample.ts';

const log = pino({ level: 'silent' });
const open = (file: string) => openSqliteStore({ file, ticketSystem: 'otrs', log });
const openReadOnly = (file: string) => openSqliteStoreReadOnly({ file, ticketSystem: 'otrs', log });
const newFolder = () => mkdtempSync(join(tmpdir(), 'bridge-store-'));

describeStore('the store on SQLite', async () => {
  const folder = newFolder();
  const file = join(folder, 'bridge.db');
  const store = open(file);

  return {
    store,
    other: store,
    execute: async (sql) => {
      const connection = new DatabaseSync(file);
      connection.exec(sql);
      connection.close();
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('one SQLite file', () => {
  let folder: string;
  let file: string;
  let running: ChildProcess | undefined;

  beforeEach(() => {
    folder = newFolder();
    file = join(folder, 'bridge.db');
    running = undefined;
  });

  afterEach(async () => {
    await kill();
    rmSync(folder, { recursive: true });
  });

  async function kill(): Promise<void> {
    if (running !== undefined && running.exitCode === null && running.signalCode === null) {
      running.kill('SIGKILL');
      await once(running, 'exit');
    }
  }

  /** Starts a real service on the file; the lines are what it says is durable. */
  async function startService(...wanted: readonly string[]) {
    const program = join(import.meta.dirname, 'accepting-process.ts');
    const service = spawn(process.execPath, [program, file, ...wanted], { stdio: ['ignore', 'pipe', 'inherit'] });
    running = service;
    const lines = createInterface({ input: service.stdout })[Symbol.asyncIterator]();
    expect(await lines.next()).toEqual({ value: 'ready', done: false });
    return { pid: service.pid, lines };
  }

  test('serves one process: a second one is told who has it', async () => {
    const { pid } = await startService();
    expect(() => open(file)).toThrow(
      expect.objectContaining({
        code: 'STORE_IN_USE',
        message: expect.stringContaining(`${file} is in use by process ${pid} on `),
      }),
    );
  });

  test('serves one store even within a process, under whatever name', async () => {
    const store = open(file);
    symlinkSync(folder, `${folder}-link`);
    expect(() => open(file)).toThrow(expect.objectContaining({ code: 'STORE_IN_USE' }));
    expect(() => open(join(`${folder}-link`, 'bridge.db'))).toThrow(expect.objectContaining({ code: 'STORE_IN_USE' }));
    rmSync(`${folder}-link`);

    await store.close();
    await open(file).close();
  });

  test('keeps every event that was accepted before the process was killed', async () => {
    const { lines } = await startService();
    for (let acknowledged = 0; acknowledged < 200; acknowledged += 1) {
      await lines.next();
    }
    await kill();

    let last = 200;
    for await (const line of { [Symbol.asyncIterator]: () => lines }) {
      last = Number(line);
    }

    const store = open(file);
    await store.verify();
    const claims = await store.claim('worker', 1_000_000, 60_000, DateTime.utc());
    const kept = new Set(claims.map((claim) => claim.ticket.id));
    expect(Array.from({ length: last }, (_, index) => String(index + 1)).filter((id) => !kept.has(id))).toEqual([]);
    await store.close();

    const connection = new DatabaseSync(file);
    expect(connection.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    connection.close();
  });

  test('gives the tickets of a process that died to the next one within seconds, not at the end of their leases', async () => {
    const { lines } = await startService('claim');
    expect((await lines.next()).value).toBe('claimed 42');
    await kill();

    const store = open(file);
    const born = DateTime.utc();
    expect(await store.endDeadClaims(born)).toBe(1);
    expect(await store.claim('next', 1, 60_000, born)).toEqual([]);
    expect(await store.claim('next', 1, 60_000, born.plus({ seconds: 3 }))).toMatchObject([
      { ticket: { id: '42' }, fence: 2, attempt: 0 },
    ]);
    await store.close();
  });

  test('can be looked into while a service works on it', async () => {
    const { lines } = await startService();
    const first = await lines.next();
    const reader = openReadOnly(file);
    await reader.verify();
    const { due } = await reader.backlog(DateTime.utc());

    expect(due).toBeGreaterThanOrEqual(Number(first.value));
    await reader.close();
  });

  test('cannot be changed by who only looks', async () => {
    const store = open(file);
    await store.migrate();
    await store.accept([event('a', ticket('42'))], now);
    await claimOne(store);
    await store.close();

    const reader = openReadOnly(file);
    expect(await reader.backlog(now)).toMatchObject({ due: 1 });
    await expect(claimOne(reader as typeof store)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await reader.close();
  });

  test('is made with its folder, for the bridge’s own account only', async () => {
    const deep = join(folder, 'данные', 'мост.db');
    const store = open(deep);
    await store.migrate();
    expect(statSync(deep).mode & 0o777).toBe(0o600);
    expect(statSync(`${deep}-wal`).mode & 0o777).toBe(0o600);
    await store.close();
  });

  test('that is none is refused with its path and the reason', async () => {
    const directory = join(folder, 'directory.db');
    mkdirSync(directory);
    const text = join(folder, 'text.db');
    writeFileSync(text, 'Это не база данных. '.repeat(1_000));
    const refusal = (path: string) =>
      expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(path) });

    expect(() => open(directory)).toThrow(refusal(directory));
    expect(() => open(text)).toThrow(refusal(text));
    expect(() => open(join(text, 'below-a-file.db'))).toThrow(refusal(text));
    expect(() => openReadOnly(join(folder, 'missing.db'))).toThrow(refusal('missing.db'));
  });
});
