import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

// Child processes on a busy machine.
jest.setTimeout(60_000);

let folder: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-cli-'));
});

afterAll(async () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
  await rm(folder, { recursive: true, force: true });
});

/** A configuration whose systems are away and whose store lies in a folder of its own. */
async function configure(name: string, change: (text: string) => string = (text) => text): Promise<string> {
  const file = join(folder, `${name}.yaml`);
  const text = `
http:
  port: 0
  webhooks: { otrs: { insecure: true }, jira: { insecure: true } }
store: { kind: sqlite, file: ${name}.sqlite }
mappings: ${join(process.cwd(), 'mappings')}
otrs: { base_url: "http://127.0.0.1:9/otrs", login: bridge, password: fixture }
jira: { base_url: "http://127.0.0.1:9", token: fixture, account: svc_bridge, projects: [OSSTTMB2B] }
`;
  await writeFile(file, change(text));
  return file;
}

function bridge(...words: readonly string[]) {
  const child = spawn(process.execPath, ['src/main.ts', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', error: '' };
  running.add(child);
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.error += chunk;
  });
  const ended = new Promise<{ exitCode: number | null; out: string; error: string }>((resolve) => {
    child.once('close', (exitCode) => {
      running.delete(child);
      resolve({ exitCode, ...said });
    });
  });
  /** Resolves when the child has said this on its standard output; rejects if it ends before. */
  const saying = (words: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => said.out.includes(words) && resolve();
      child.stdout.on('data', look);
      look();
      void ended.then(({ error }) => reject(new Error(`ended before it said «${words}»: ${error}`)));
    });

  return { child, ended, saying, said };
}

test('help is answered without a configuration', async () => {
  const { exitCode, out, error } = await bridge('--help').ended;

  expect([exitCode, error]).toEqual([0, '']);
  expect(out).toContain('migrate');
});

test.each(['help serve', '--help', 'check --help'])('«%s» ends quietly when its reader has left', async (words) => {
  // The reader is gone before the first word, as `head` may be before the last.
  const child = spawn(
    'sh',
    ['-c', `{ sleep 0.2; "$0" src/main.ts ${words}; echo "ended $?" >&2; } | true`, process.execPath],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  running.add(child);
  let error = '';
  child.stderr.on('data', (chunk) => {
    error += chunk;
  });
  await new Promise((resolve) => child.once('close', resolve));
  running.delete(child);

  expect(error).toBe('ended 0\n');
});

test('an unknown command is wrong usage', async () => {
  expect((await bridge('start').ended).exitCode).toBe(2);
});

describe('a faulty configuration', () => {
  test.each(['serve', 'check', 'migrate'])('stops %s, with every fault on a line of its own', async (command) => {
    const file = await configure(`faulty-${command}`, (text) =>
      text.replace('password: fixture', 'pasword: fixture').replace('kind: sqlite', 'kind: mysql'),
    );
    const { exitCode, out, error } = await bridge(command, '--config', file).ended;

    expect([exitCode, out]).toEqual([1, '']);
    expect(error.trim().split('\n')).toEqual([
      expect.stringContaining(`${file}:5:16 store.kind: is none of the allowed values`),
      expect.stringContaining(`${file}:7:61 otrs.pasword: unknown key`),
    ]);
  });

  test('that does not exist is named', async () => {
    const { exitCode, error } = await bridge('serve', '--config', join(folder, 'absent.yaml')).ended;

    expect(exitCode).toBe(1);
    expect(error).toContain('absent.yaml:1:1: the file does not exist.');
  });
});

test('migrate brings a new store up to date, and finds nothing to do the second time', async () => {
  const file = await configure('migrate');
  const first = await bridge('migrate', '--config', file).ended;
  const second = await bridge('migrate', '--config', file).ended;

  expect([first.exitCode, first.out]).toEqual([0, expect.stringMatching(/^applied \S+\n/)]);
  expect([second.exitCode, second.out]).toEqual([0, 'nothing to do: the database is up to date\n']);
});

describe('serve', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('stops in order on %s', async (signal) => {
    const { child, ended, saying } = bridge('serve', '--config', await configure(signal));
    await saying('bridge started');
    child.kill(signal);
    const { exitCode, out, error } = await ended;

    expect([exitCode, error]).toEqual([0, '']);
    expect(out).toContain('bridge stopped');
  });

  test('runs while the systems are away, and says at /readyz how they are', async () => {
    const { child, ended, saying, said } = bridge('serve', '--config', await configure('away'));
    await saying('bridge started');
    const address = /"address":"([^"]+)"/.exec(said.out)?.[1];
    const answer = await fetch(`${address}/readyz`);
    child.kill('SIGTERM');

    expect(await answer.json()).toMatchObject({ ready: true, parts: { store: { ok: true } } });
    expect((await ended).exitCode).toBe(0);
  });
});

test('check tells of systems that are away and fails', async () => {
  const { exitCode, out } = await bridge('check', '--config', await configure('check'), '--json').ended;
  const { findings } = JSON.parse(out);

  expect(exitCode).toBe(1);
  expect(findings.filter(({ level }: { level: string }) => level === 'error')).not.toEqual([]);
});

test('SIGHUP puts changed rules in force and stops nothing', async () => {
  const mappings = join(folder, 'reloaded');
  await cp('mappings', mappings, { recursive: true });
  const file = await configure('hup', (text) => text.replace(/mappings: .*/, `mappings: ${mappings}`));
  const { child, saying, ended } = bridge('serve', '--config', file);
  await saying('bridge started');
  child.kill('SIGHUP');
  const priority = join(mappings, 'priority.yaml');
  await writeFile(priority, (await readFile(priority, 'utf8')).replace('hang_minutes: 10', 'hang_minutes: 11'));
  child.kill('SIGHUP');
  await saying('new rules are in force');
  child.kill('SIGTERM');

  expect((await ended).exitCode).toBe(0);
});

test('check --offline asks nobody, runs the examples and fails with their places', async () => {
  const mappings = join(folder, 'offline');
  await cp('mappings', mappings, { recursive: true });
  const file = await configure('offline', (text) => text.replace(/mappings: .*/, `mappings: ${mappings}`));
  const good = await bridge('check', '--offline', '--config', file).ended;
  expect(good).toMatchObject({ exitCode: 0, error: '' });
  expect(good.out).toMatch(/mappings +.*version [0-9a-f]{12}/);

  const priority = join(mappings, 'priority.yaml');
  await writeFile(priority, (await readFile(priority, 'utf8')).replace('hang_minutes: 10', 'hang_minutes: 20'));
  const failing = await bridge('check', '--offline', '--config', file).ended;
  expect(failing.exitCode).toBe(1);
  expect(failing.out).toMatch(/error +examples +.*priority\.yaml:\d+:\d+ «/);

  await writeFile(join(mappings, 'examples', 'odd.yaml'), 'examples:\n\t- a\n');
  const faulty = await bridge('check', '--offline', '--config', file).ended;
  expect(faulty.exitCode).toBe(1);
  expect(faulty.error).toMatch(/odd\.yaml:2:1: a tab is used as indentation/);
});
