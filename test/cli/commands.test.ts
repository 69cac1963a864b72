import { describe, expect, test } from '@jest/globals';
import { type Deeds, runCommand } from '../../src/cli/commands.ts';
import type { Finding } from '../../src/connector.ts';
import { BridgeError } from '../../src/errors.ts';

const fault = {
  file: 'config/bridge.yaml',
  line: 3,
  column: 5,
  path: 'otrs.pasword',
  message: 'unknown key `pasword`, did you mean `password`?',
  help: 'Known here: `password`.',
};
const faulty = new BridgeError('CONFIGURATION_INVALID', 'one fault', { details: { faults: [fault] } });
const findings: readonly Finding[] = [
  { level: 'ok', subject: 'otrs: login', message: 'bridge may log in' },
  { level: 'warning', subject: 'otrs: поле JiraKey', message: 'is read-only\nfor the bridge' },
  { level: 'error', subject: 'jira: project', message: 'OSSTTMB2B does not exist' },
];

async function* noInput(): AsyncGenerator<string> {}

async function run(words: string, deeds: Partial<Deeds> = {}) {
  const said = { out: '', error: '' };
  const exitCode = await runCommand(words.split(' ').filter(Boolean), {
    version: '1.2.3',
    deeds: {
      serve: async () => undefined,
      check: async () => [],
      checkOffline: async () => [],
      migrate: async () => [],
      setUpBroker: async () => [],
      letters: () => Promise.reject(new Error('no command here needs it')),
      explain: () => Promise.reject(new Error('no command here needs it')),
      story: () => Promise.reject(new Error('no command here needs it')),
      backup: () => Promise.reject(new Error('no command here needs it')),
      restore: () => Promise.reject(new Error('no command here needs it')),
      otrsGuide: () => Promise.reject(new Error('no command here needs it')),
      writeOtrsWebService: () => Promise.reject(new Error('no command here needs it')),
      sla: () => Promise.reject(new Error('no command here needs it')),
      rules: () => Promise.reject(new Error('no command here needs it')),
      snapshots: async function* () {},
      ...deeds,
    },
    streams: {
      input: noInput,
      drained: async () => undefined,
      out: (text) => {
        said.out += text;
      },
      error: (text) => {
        said.error += text;
      },
    },
    signal: new AbortController().signal,
    login: 'petrova.2l',
    editor: undefined,
  });

  return { exitCode, ...said };
}

describe('usage', () => {
  test.each(['--help', 'help', 'serve --help', 'check --help', 'migrate --help', 'dead-letters --help'])(
    '%s is answered',
    async (words) => {
      const { exitCode, out, error } = await run(words);

      expect([exitCode, error]).toEqual([0, '']);
      expect(out).toContain('Usage: bridge');
    },
  );

  test.each(['serve', 'check', 'migrate'])('the help of %s has examples and names the default', async (name) => {
    const { out } = await run(`${name} --help`);

    expect(out).toContain(`$ bridge ${name} --config config/bridge.production.yaml`);
    expect(out).toContain('config/bridge.yaml');
  });

  test.each(['', 'chek', 'serve now', 'check --jsn', 'serve --config'])('«%s» is not understood', async (words) => {
    const { exitCode, error } = await run(words);

    expect(exitCode).toBe(2);
    expect(error).toContain('bridge');
  });

  test('the version is told', async () => {
    expect(await run('--version')).toEqual({ exitCode: 0, out: '1.2.3\n', error: '' });
  });

  test('a misspelt command is guessed', async () => {
    expect((await run('migrat')).error).toContain('Did you mean migrate?');
  });
});

test.each(['serve', 'check', 'migrate'] as const)('%s is given the configuration file', async (name) => {
  const files: string[] = [];
  const note = async (file: string) => {
    files.push(file);
    return [];
  };
  await run(name, { serve: async (file) => void files.push(file), check: note, migrate: note });
  await run(`${name} --config other.yaml`, {
    serve: async (file) => void files.push(file),
    check: note,
    migrate: note,
  });

  expect(files).toEqual(['config/bridge.yaml', 'other.yaml']);
});

describe('check', () => {
  test('lists what was found, one line each, and fails if something is wrong', async () => {
    expect(await run('check', { check: async () => findings })).toEqual({
      exitCode: 1,
      error: '',
      out: [
        'ok       otrs: login         bridge may log in',
        'warning  otrs: поле JiraKey  is read-only for the bridge',
        'error    jira: project       OSSTTMB2B does not exist',
        '',
        'ok: 1, warning: 1, error: 1',
        '',
      ].join('\n'),
    });
  });

  test('waits for a webhook where it is told to, and tells a person what to do beside the list', async () => {
    const trips: object[] = [];
    const check: Deeds['check'] = async (_file, _signal, trip) => {
      trips.push({ ticket: trip?.ticket, seconds: trip?.seconds });
      trip?.ask('Change it now.');
      return [];
    };
    expect(await run('check --json', { check })).toMatchObject({ exitCode: 0, error: '' });
    expect(await run('check --round-trip 42 --wait 7 --json', { check })).toEqual({
      exitCode: 0,
      error: 'Change it now.\n',
      out: expect.stringMatching(/^\{/),
    });
    expect(trips).toEqual([
      { ticket: undefined, seconds: undefined },
      { ticket: '42', seconds: 7 },
    ]);
  });

  test.each(['check --round-trip', 'check --round-trip 42 --wait 0', 'check --round-trip 42 --offline'])(
    '«%s» is wrong usage',
    async (words) => {
      expect((await run(words)).exitCode).toBe(2);
    },
  );

  test('a warning is no failure', async () => {
    expect((await run('check', { check: async () => findings.slice(0, 2) })).exitCode).toBe(0);
  });

  test('writes the same as JSON', async () => {
    const { exitCode, out } = await run('check --json', { check: async () => findings });

    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toEqual({ findings, faults: [] });
  });

  test('writes faults of the configuration as JSON too', async () => {
    const { exitCode, out, error } = await run('check --json', { check: () => Promise.reject(faulty) });

    expect([exitCode, error]).toEqual([1, '']);
    expect(JSON.parse(out)).toEqual({ findings: [], faults: [fault] });
  });
});

describe('migrate', () => {
  test('sets the broker up where an administrator is named, and tells what was done', async () => {
    const { exitCode, out } = await run('migrate --broker-admin /run/secrets/admin', {
      setUpBroker: async (_, administrator) => [`queue bridge.intake by ${administrator}`],
    });
    expect(exitCode).toBe(0);
    expect(out).toContain('broker: queue bridge.intake by /run/secrets/admin\n');
  });

  test('names what was applied', async () => {
    const { exitCode, out } = await run('migrate', { migrate: async () => ['001-start', '002-more'] });

    expect([exitCode, out]).toEqual([0, 'applied 001-start\napplied 002-more\n']);
  });

  test('says when there was nothing to do', async () => {
    expect((await run('migrate')).out).toBe('nothing to do: the database is up to date\n');
  });
});

describe('explain', () => {
  test.each([
    ['explain', /^CASE_INVALID: name a ticket, or its facts with --file\n.*`--help` of the command/],
    ['explain 42 --file facts.json', /^CASE_INVALID: give either a ticket or --file, not both\n/],
  ])('«%s» is refused with what to give', async (words, sentence) => {
    expect(await run(words)).toMatchObject({ exitCode: 1, out: '', error: expect.stringMatching(sentence) });
  });
});

describe('failures', () => {
  test('a fault of the configuration stands on one line with its place', async () => {
    expect(await run('serve', { serve: () => Promise.reject(faulty) })).toEqual({
      exitCode: 1,
      out: '',
      error:
        'config/bridge.yaml:3:5 otrs.pasword: unknown key `pasword`, did you mean `password`? Known here: `password`.\n',
    });
  });

  test('a known error comes with what to do, without a stack', async () => {
    const { exitCode, error } = await run('serve', {
      serve: () => Promise.reject(new BridgeError('STORE_IN_USE', 'var/bridge.sqlite is open in process 17')),
    });

    expect(exitCode).toBe(1);
    expect(error).toMatch(/^STORE_IN_USE: var\/bridge\.sqlite is open in process 17\nAnother process has this/);
    expect(error).not.toContain('at ');
  });

  test('a fault of the bridge itself comes with its stack', async () => {
    const { exitCode, error } = await run('migrate', {
      migrate: () => Promise.reject(new BridgeError('INTERNAL', 'x')),
    });

    expect(exitCode).toBe(1);
    expect(error).toContain('commands.test.ts');
  });
});

describe('otrs setup-guide', () => {
  const otrsGuide = async () => ({ guide: { agent: { login: 'мост' } }, markdown: '# Guide\n' });

  test.each([
    ['otrs setup-guide', '# Guide\n'],
    ['otrs setup-guide --json', '{\n  "agent": {\n    "login": "мост"\n  }\n}\n'],
  ])('«%s» writes the guide and no file', async (words, out) => {
    const writeOtrsWebService = () => Promise.reject(new Error('nobody asked for it'));
    expect(await run(words, { otrsGuide, writeOtrsWebService })).toEqual({ exitCode: 0, out, error: '' });
  });

  test('writes the web service where it is told to, and says what the file is', async () => {
    const written: string[] = [];
    const writeOtrsWebService = async (...names: string[]) => void written.push(...names);
    const { exitCode, out, error } = await run('otrs setup-guide --web-service otrs.yml', {
      otrsGuide,
      writeOtrsWebService,
    });

    expect([exitCode, out, written]).toEqual([0, '# Guide\n', ['config/bridge.yaml', 'otrs.yml']]);
    expect(error).toMatch(/otrs\.yml.*holds the secret/);
  });
});
