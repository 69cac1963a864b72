import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { keepRules, type Rules } from '../../src/app/rules.ts';
import { createMetrics } from '../../src/metrics.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { versionOnDisk } from '../../src/policy/version.ts';

const log = pino({ level: 'silent' });
let folder = '';
let rules: Rules | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rules-'));
  await cp('mappings', join(folder, 'a'), { recursive: true });
});

afterEach(async () => {
  await rules?.stop();
  rules = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function keep(place: string, pollMs = 3_600_000, onInForce: () => Promise<void> = async () => undefined) {
  const metrics = createMetrics();
  const options = { folder: place, settleMs: 30, pollMs };
  rules = keepRules(await loadPolicy(place), options, { log, metrics, onInForce });
  return rules;
}

async function change(place: string, from = 'hang_minutes: 10', to = 'hang_minutes: 11'): Promise<void> {
  const file = join(place, 'priority.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
}

async function becomes(kept: Rules, version: string): Promise<void> {
  for (let tries = 0; kept.policy().version !== version && tries < 400; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  expect(kept.policy().version).toBe(version);
}

describe('the version of the rules', () => {
  test('is that of the files, and does not depend on line ends, byte order marks or foreign files', async () => {
    const place = join(folder, 'a');
    const { version } = await loadPolicy(place);
    expect(version).toMatch(/^[0-9a-f]{12}$/);
    expect(await versionOnDisk(place)).toBe(version);

    const file = join(place, 'status.yaml');
    await writeFile(file, `\uFEFF${(await readFile(file, 'utf8')).replaceAll('\n', '\r\n')}`);
    await writeFile(join(place, 'notes.txt'), 'nothing');
    expect(await versionOnDisk(place)).toBe(version);
    expect((await loadPolicy(place)).version).toBe(version);
  });

  test.each(['priority.yaml', 'services.yaml', 'calendars/ru-2026.yaml'])('changes with %s', async (name) => {
    const place = join(folder, 'a');
    const { version } = await loadPolicy(place);
    await writeFile(join(place, name), `${await readFile(join(place, name), 'utf8')}# ещё\n`);

    expect((await loadPolicy(place)).version).not.toBe(version);
  });
});

describe('rules that change on disk', () => {
  test('are in force once a file is written over', async () => {
    const kept = await keep(join(folder, 'a'));
    await change(join(folder, 'a'));

    await becomes(kept, await versionOnDisk(join(folder, 'a')));
  });

  test('are in force once a file is replaced, a second time as well', async () => {
    const place = join(folder, 'a');
    const kept = await keep(place);
    for (const minutes of [12, 13]) {
      const text = await readFile(join(place, 'priority.yaml'), 'utf8');
      await writeFile(join(place, 'next'), text.replace(/hang_minutes: \d+/, `hang_minutes: ${minutes}`));
      await rename(join(place, 'next'), join(place, 'priority.yaml'));
      await becomes(kept, await versionOnDisk(place));
    }
  });

  test('are in force once a calendar changes', async () => {
    const kept = await keep(join(folder, 'a'));
    const file = join(folder, 'a', 'calendars', 'ru-2026.yaml');
    await writeFile(file, `${await readFile(file, 'utf8')}# ещё\n`);

    await becomes(kept, await versionOnDisk(join(folder, 'a')));
  });

  test('are in force once the link of a mounted folder is swapped', async () => {
    const mount = join(folder, 'mount');
    await mkdir(mount);
    await cp(join(folder, 'a'), join(mount, '..v1'), { recursive: true });
    await cp(join(folder, 'a'), join(mount, '..v2'), { recursive: true });
    await change(join(mount, '..v2'));
    await symlink('..v1', join(mount, '..data'));
    for (const name of await readdir(join(folder, 'a'))) {
      await symlink(`..data/${name}`, join(mount, name));
    }

    const kept = await keep(mount);
    await symlink('..v2', join(mount, '..data_tmp'));
    await rename(join(mount, '..data_tmp'), join(mount, '..data'));
    await becomes(kept, await versionOnDisk(mount));
  });

  test('are in force although nobody announced them: the folder itself became another one', async () => {
    await cp(join(folder, 'a'), join(folder, 'b'), { recursive: true });
    await change(join(folder, 'b'));
    await symlink('a', join(folder, 'link'));
    const kept = await keep(join(folder, 'link'), 50);
    await symlink('b', join(folder, 'next'));
    await rename(join(folder, 'next'), join(folder, 'link'));

    await becomes(kept, await versionOnDisk(join(folder, 'b')));
  });

  test('are in force when they changed between the start and the first watch', async () => {
    const place = join(folder, 'a');
    const old = await loadPolicy(place);
    await change(place);
    rules = keepRules(
      old,
      { folder: place, settleMs: 10, pollMs: 3_600_000 },
      {
        log,
        metrics: createMetrics(),
        onInForce: async () => undefined,
      },
    );

    await becomes(rules, await versionOnDisk(place));
  });

  test.each<[string, (place: string) => Promise<void>]>([
    ['a file is gone', (place) => rm(join(place, 'status.yaml'))],
    ['the folder is gone', (place) => rm(place, { recursive: true })],
    ['the calendars are gone', (place) => rm(join(place, 'calendars'), { recursive: true })],
    ['a file is empty', (place) => writeFile(join(place, 'status.yaml'), '')],
    ['a file is half written', (place) => writeFile(join(place, 'status.yaml'), 'states:\n  - { state: "Наз')],
    ['a file names an unknown draft', (place) => writeFile(join(place, 'escalation.yaml'), 'rules: []\n')],
  ])('stay the old ones while %s', async (_, breakIt) => {
    const place = join(folder, 'a');
    const kept = await keep(place);
    const { version } = kept.policy();
    await breakIt(place);
    await kept.reload();

    expect(kept.policy().version).toBe(version);
    expect(kept.health()).toMatchObject({ ok: false, required: false });
  });

  test('are in force in the end although a file was away while they were read', async () => {
    const place = join(folder, 'a');
    const kept = await keep(place, 100);
    const file = join(place, 'status.yaml');
    for (let round = 0; round < 12; round += 1) {
      await change(place, `hang_minutes: ${10 + round}`, `hang_minutes: ${11 + round}`);
      await new Promise((resolve) => setTimeout(resolve, 30 + round));
      await rename(file, `${file}.away`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      await rename(`${file}.away`, file);
      await becomes(kept, await versionOnDisk(place));
    }
    expect(kept.health()).toMatchObject({ ok: true });
  });

  test('are announced again where the announcement failed', async () => {
    let calls = 0;
    const kept = await keep(join(folder, 'a'), 3_600_000, async () => {
      calls += 1;
      if (calls === 1) {
        throw new Error('the store is away');
      }
    });
    await kept.reload();
    await kept.reload();
    await kept.reload();

    expect(calls).toBe(2);
  });
});
