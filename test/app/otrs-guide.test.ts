import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { otrsGuide, writeOtrsWebService } from '../../src/app/otrs-guide.ts';

let folder: string;
let file: string;
let target: string;
const SECRET = 'geheim-0123456789';

async function configure(changes: readonly (readonly [string | RegExp, string])[] = []): Promise<void> {
  const text = await readFile('config/bridge.yaml', 'utf8');
  const placed = text
    .replace(/shared_secret: .*OTRS.*/, `shared_secret: [${SECRET}, old-${SECRET}]`)
    .replace(/password: .*/, 'password: Пароль-42')
    .replace('mappings: ../mappings', `mappings: ${resolve('mappings')}`);
  await writeFile(
    file,
    changes.reduce((changed, [from, to]) => changed.replace(from, to), placed),
  );
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-guide-'));
  file = join(folder, 'bridge.yaml');
  target = join(folder, 'web-service.yml');
  await configure();
});
afterEach(() => rm(folder, { recursive: true }));

describe('the web service file', () => {
  test('holds the present secret, for its owner alone', async () => {
    await writeOtrsWebService(file, target);

    const text = await readFile(target, 'utf8');
    expect(text).toContain(`X-Bridge-Secret: "${SECRET}"`);
    expect(text).toContain('Host: "http://127.0.0.1:8400"');
    expect(text).not.toMatch(/Пароль|old-/);
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).toSorted()).toEqual(['bridge.yaml', 'web-service.yml']);
  });

  test('takes the place of one that others could read, and of a link rather than what it leads to', async () => {
    await writeFile(target, 'old', { mode: 0o644 });
    await writeOtrsWebService(file, target);
    expect((await stat(target)).mode & 0o777).toBe(0o600);

    const link = join(folder, 'link.yml');
    await writeFile(join(folder, 'other'), 'untouched');
    await symlink(join(folder, 'other'), link);
    await writeOtrsWebService(file, link);
    expect((await lstat(link)).isSymbolicLink()).toBe(false);
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('untouched');
  });

  test('is not written where nobody knows how OTRS reaches the bridge', async () => {
    await configure([['host: 127.0.0.1', 'host: 0.0.0.0']]);

    await expect(writeOtrsWebService(file, target)).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining('set http.public_url'),
    });
    await configure([['host: 127.0.0.1', 'host: 0.0.0.0\n  public_url: https://bridge.example.test/']]);
    await writeOtrsWebService(file, target);
    expect(await readFile(target, 'utf8')).toContain('Host: "https://bridge.example.test"');
  });

  test('a place that cannot be written is named, and nothing is left', async () => {
    await expect(writeOtrsWebService(file, join(folder, 'no/such.yml'))).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining('no/such.yml cannot be written'),
    });
    expect(await readdir(folder)).toEqual(['bridge.yaml']);
  });
});

test('the guide is made from configuration and mappings, without a connection and without a secret', async () => {
  const { guide, markdown } = await otrsGuide(file);

  expect(guide).toMatchObject({ agent: { login: 'bridge', userId: '12' }, webService: { provesItselfBy: 'header' } });
  expect(markdown).toContain('| `Закрыто` | closed |');
  expect(JSON.stringify(guide) + markdown).not.toMatch(/geheim|Пароль/);
});

test('the guide is made all the same where the address of the bridge is unknown', async () => {
  await configure([['host: 127.0.0.1', 'host: 0.0.0.0']]);

  expect((await otrsGuide(file)).markdown).toContain('Where OTRS reaches the bridge (http.public_url)');
});
