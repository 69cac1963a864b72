import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { loadConfig } from '../../src/config/load.ts';
import { configSchema } from '../../src/config/schema.ts';
import { describeFault, faultsOf } from '../../src/yaml.ts';

const sections = {
  otrs: z.strictObject({
    base_url: z.url({ protocol: /^https?$/ }).describe('Address of OTRS.'),
    password: z.string().min(4).meta({ description: 'Password of the agent.', secret: true }),
  }),
  jira: z.strictObject({ projects: z.array(z.string()).describe('Keys of projects.') }),
};
const schema = configSchema(sections, {
  tickets: z
    .strictObject({ token: z.string().min(4).meta({ description: 'Token of the account.', secret: true }) })
    .describe('A ticket system.'),
});
const fixtures = 'test/config/fixtures';
const empty = {};

async function faults(name: string): Promise<readonly string[]> {
  const error = await loadConfig(join(fixtures, `${name}.yaml`), schema, empty).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return faultsOf(error).map((fault) => describeFault(fault).replace(`${fixtures}/${name}.yaml:`, ''));
}

test('a sound file yields every section with its defaults', async () => {
  const config = await loadConfig(join(fixtures, 'sound.yaml'), schema, empty);

  expect(config.http).toMatchObject({ host: '127.0.0.1', port: 8400, body_limit_mb: 50 });
  expect(config.intake).toEqual({ kind: 'direct' });
  expect(config.worker.concurrency).toBe(8);
  expect(config.log.level).toBe('info');
  expect(config.jira.projects).toEqual(['OSSTTMB2B']);
});

describe('each defect has its fault', () => {
  const cases: readonly (readonly [name: string, fault: string])[] = [
    ['unknown-key', '6:47 otrs.pasword: unknown key `pasword`, did you mean `password`? Password of the agent.'],
    ['missing-section', '1:1 store: is missing. Write a section here. Where the bridge remembers what it has done.'],
    ['unknown-kind', '5:16 store.kind: is none of the allowed values. Use `sqlite` or `postgres`.'],
    [
      'webhook-without-proof',
      '3:11 http.webhooks.otrs: nothing proves that a webhook is genuine. Set `shared_secret`, `basic` or `signature_secrets`, or `insecure: true` for a trial. How webhooks of OTRS are authenticated. One proof that holds is enough.',
    ],
    [
      'webhook-proof-missing',
      `3:33 http.webhooks.otrs.shared_secret_file: the file ${join(process.cwd(), fixtures, 'secrets/absent')} does not exist. Create it, or let the bridge’s account read it.`,
    ],
    [
      'text-for-a-number',
      '8:24 worker.concurrency: expected a whole number, found text. Tickets in work at once, besides those whose files are on their way. Fewer while webhooks come and the processor is busy: those go first.',
    ],
    [
      'number-for-a-secret',
      '6:57 otrs.password: expected text, found a number. Put the value in quotes. Password of the agent.',
    ],
    [
      'unknown-choice',
      '8:15 log.level: is none of the allowed values. Use `trace` or `debug` or `info` or `warn` or `error` or `fatal` or `silent`. Lines below this level are not written. Below `info` bodies may appear; secrets never do.',
    ],
    ['empty-section', '8:1 sweep: is empty. Give it a section or remove the line. The net under lost webhooks.'],
    ['doubled-key', '9:1: the key `log` stands in line 8 already. Remove one of the two.'],
    ['tab', '9:1: a tab is used as indentation. Indent with spaces.'],
    [
      'unset-variable',
      `6:57 otrs.password: the environment variable \`OTRS_PASSWORD\` is not set. Set it, or write \${OTRS_PASSWORD:-default}.`,
    ],
    [
      'broken-placeholder',
      `6:57 otrs.password: a placeholder is broken. Write \${NAME} or \${NAME:-default}, or $\${ for \${.`,
    ],
    ['secret-twice', '6:71 otrs.password_file: `password` and `password_file` are both given. Remove one of the two.'],
    [
      'secret-file-missing',
      `6:62 otrs.password_file: the file ${join(process.cwd(), fixtures, 'secrets/absent')} does not exist. Create it, or let the bridge’s account read it.`,
    ],
    [
      'secret-file-empty',
      `6:62 otrs.password_file: the file ${join(process.cwd(), fixtures, 'secrets/empty')} is empty. Write the secret into it.`,
    ],
    [
      'secret-file-too-short',
      '6:62 otrs.password_file: is too short. Number of characters: at least 4. Password of the agent.',
    ],
  ];

  test.each(cases)('%s', async (name, fault) => {
    expect(await faults(name)).toEqual([fault]);
  });

  test('open-quote', async () => {
    expect((await faults('open-quote'))[0]).toMatch(/^\d+:\d+: a quote, bracket, comma or space is missing\./);
  });
});

test('everything that is wrong is told at once, in the order of the lines', async () => {
  expect((await faults('everything-at-once')).map((fault) => fault.split(/[.?] /)[0])).toEqual([
    '2:9 http.port: is too big',
    '4:23 http.webhooks.otrs.insecure: expected true or false, found text',
    '5:28 http.webhooks.jira.shared_secret: the environment variable `JIRA_SECRET` is not set',
    '6:31 store.url: must begin with postgres://',
    '7:19 otrs.base_url: is not a web address (`http://…` or `https://…`)',
    expect.stringMatching(/^7:40 otrs\.password_file: the file .* does not exist$/),
    '8:9 jira.project: unknown key `project`, did you mean `projects`',
    '9:1 slep: unknown key `slep`, did you mean `sweep`',
  ]);
});

test.each(['everything-at-once', 'unknown-key', 'secret-twice', 'secret-file-too-short', 'number-for-a-secret'])(
  'no fault of %s quotes a secret',
  async (name) => {
    const error: unknown = await loadConfig(join(fixtures, `${name}.yaml`), schema, empty).catch((thrown) => thrown);

    expect(error).toMatchObject({ code: 'CONFIGURATION_INVALID' });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/s3cret|abc|20261123/);
  },
);

test('secrets come from files, without the last line break, line by line where a list is wanted', async () => {
  const config = await loadConfig(join(fixtures, 'secrets-in-files.yaml'), schema, empty);

  expect(config.otrs.password).toBe('пароль из файла');
  expect(config.http.webhooks.otrs.shared_secret).toEqual(['пароль из файла']);
  expect(config.http.webhooks.jira.signature_secrets).toEqual(['one-secret', 'two-secret']);
});

test('relative paths count from the folder of the configuration file', async () => {
  const config = await loadConfig(join(fixtures, 'secrets-in-files.yaml'), schema, empty);

  expect(config.store).toMatchObject({ file: join(process.cwd(), fixtures, 'data/bridge.sqlite') });
  expect(config.mappings).toBe(join(process.cwd(), 'test/config/rules'));
});

test('variables fill values in and become what the schema wants', async () => {
  const environment = { PORT: '', INSECURE: 'true', TAIL: '$x', PASSWORD: '12345', PROJECT: 'OSS', NAME: 'мост' };
  const config = await loadConfig(join(fixtures, 'variables.yaml'), schema, environment);

  expect(config.http).toMatchObject({ port: 8401, host: '127.0.0.1' });
  expect(config.http.webhooks.otrs.insecure).toBe(true);
  expect(config.http.webhooks.jira.shared_secret).toBe(`a$x-\${b}`);
  expect(config.store).toMatchObject({ file: '/var/lib/мост.sqlite' });
  expect(config.otrs).toEqual({ base_url: 'http://otrs.example.test:8080/otrs', password: '12345' });
  expect(config.jira.projects).toEqual(['OSS']);
});

describe('a file that cannot be read', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bridge-config-'));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test('is named when it does not exist', async () => {
    const error = await loadConfig(join(folder, 'absent.yaml'), schema, empty).catch((thrown: unknown) => thrown);

    expect(faultsOf(error).map(describeFault)).toEqual([
      `${join(folder, 'absent.yaml')}:1:1: the file does not exist. Name another one with --config.`,
    ]);
  });

  test('is named when it is no UTF-8', async () => {
    const file = join(folder, 'cp1251.yaml');
    await writeFile(file, Buffer.from([0xcc, 0xee, 0xf1, 0xf2]));
    const error = await loadConfig(file, schema, empty).catch((thrown: unknown) => thrown);

    expect(faultsOf(error).map((fault) => fault.message)).toEqual(['the file is not UTF-8 text']);
  });

  test('is named when it is a folder', async () => {
    const error = await loadConfig(folder, schema, empty).catch((thrown: unknown) => thrown);

    expect(faultsOf(error).map((fault) => fault.message)).toEqual(['the file cannot be read (EISDIR)']);
  });
});
