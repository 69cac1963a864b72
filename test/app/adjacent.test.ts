import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type SandboxTickets, startSandboxTickets } from '../../sandbox/http-tickets/server.ts';
import { checkApp } from '../../src/app/check.ts';
import { checkOffline } from '../../src/app/check-offline.ts';
import { loadSettings } from '../../src/app/config.ts';
import { describeFault, faultsOf } from '../../src/yaml.ts';
import { type AdjacentSetUp, setUpAdjacent } from '../support/adjacent-set-up.ts';

/** Nobody listens there: this is about the adjacent system alone. */
const NOBODY = 'http://127.0.0.1:9';
const MAPPING = 'mappings/related-systems.yaml';

let dwh: SandboxTickets;
const written: AdjacentSetUp[] = [];

beforeAll(async () => {
  dwh = await startSandboxTickets();
});
afterAll(async () => {
  await dwh.stop();
  await Promise.all(written.map((each) => each.remove()));
});

async function setUp(): Promise<AdjacentSetUp> {
  const fresh = await setUpAdjacent({ otrs: NOBODY, jira: NOBODY, dwh: dwh.url, port: 8401 });
  written.push(fresh);
  return fresh;
}

async function faultsIn({ config, folder }: AdjacentSetUp): Promise<readonly string[]> {
  const thrown = await loadSettings(config).catch((error: unknown) => error);
  return faultsOf(thrown).map((fault) => describeFault(fault).replaceAll(`${folder}/`, ''));
}

/** What `bridge check` says about the adjacent system. */
async function findings({ config, folder }: AdjacentSetUp): Promise<readonly string[]> {
  const found = await checkApp(await loadSettings(config), () => DateTime.utc(), new AbortController().signal);
  return found
    .filter(({ subject }) => subject.includes('dwh'))
    .map(({ level, subject, message }) => `${level} ${subject} | ${message.replaceAll(`${folder}/`, '')}`);
}

describe('R71: an adjacent system of its own in the configuration', () => {
  test('as the page tells it is valid, with its example', async () => {
    const found = await checkOffline((await setUp()).config);

    expect(found.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(found.map(({ subject }) => subject)).toContain('examples');
  });

  test('names of the rules that the configuration does not know are told offline, with the place in the mapping', async () => {
    const set = await setUp();
    await set.change('bridge.yaml', '- Смежные системы::ЕИП', '- Смежные системы::EИП');
    await set.change(MAPPING, 'takes_back: [external_number]', 'takes_back: [external_numer]');

    const found = (await checkOffline(set.config)).filter(({ subject }) => /^(?:otrs|jira):/.test(subject));
    const place = expect.stringMatching(
      /related-systems\.yaml:\d+:\d+: the rules open tickets in «Смежные системы::ЕИП», which are not watched/,
    );
    expect(found).toContainEqual({ level: 'warning', subject: 'otrs: watch', message: place });
    expect(found).toContainEqual({
      level: 'error',
      subject: 'otrs: field external_numer',
      message: expect.stringMatching(/related-systems\.yaml:\d+:\d+: .* did you mean «external_number»\?/),
    });
  });

  test('that a mapping names and nobody connects is a fault with its place, and says what to do', async () => {
    const set = await setUp();
    await set.change(MAPPING, '    system: dwh', '    system: dvh');

    const fault = expect.stringMatching(
      /^mappings\/related-systems\.yaml:\d+:13 systems\[2\]\.system: no system «dvh» is connected\. Connect it under `systems` of the configuration .* or use «otrs» or «dwh»\.$/,
    );
    expect(await faultsIn(set)).toEqual([fault]);

    // A fault of the configuration hides none of the mappings.
    await set.change('bridge.yaml', 'port: 8401', 'prot: 8401');
    expect(await faultsIn(set)).toEqual([expect.stringContaining('prot'), fault]);
  });

  test.each([
    ['a kind that no connector has', 'kind: http-tickets', 'kind: http-tikets', /systems\.dwh\.kind: .*`http-tickets`/],
    ['a misspelt option', '    account: bridge', '    acount: bridge', /unknown key `acount`, did you mean `account`/],
    ['the name of another section', '\n  dwh:', '\n  otrs:', /systems\.otrs: .*The names otrs, jira, .* are taken/],
    ['the name of a part of the bridge', '\n  dwh:', '\n  store:', /systems\.store: .* are taken/],
    ['a name that is no address', '\n  dwh:', '\n  ДВХ:', /systems\.ДВХ: .*small Latin letters/],
    [
      'a webhook without proof',
      /shared_secret: \$\{DWH.*/,
      'insecure: false',
      /nothing proves that a webhook is genuine/,
    ],
  ])('%s is a fault', async (_what, from, to, fault) => {
    const set = await setUp();
    await set.change('bridge.yaml', from, to);

    expect((await faultsIn(set))[0]).toMatch(fault);
  });

  test('has its secrets in files like every other one', async () => {
    const set = await setUp();
    await writeFile(`${set.folder}/token`, 'sandbox-token\n');
    await set.change('bridge.yaml', /token: \$\{DWH.*/, 'token_file: token');

    expect((await loadSettings(set.config)).config.systems.dwh).toMatchObject({ token: 'sandbox-token' });
  });
});

describe('R71: `bridge check` and an adjacent system of its own', () => {
  test('says that it answers, what it cannot do, and that it has not told of anything', async () => {
    expect(await findings(await setUp())).toEqual([
      `ok dwh | «Хранилище данных» answers at ${dwh.url}`,
      expect.stringMatching(
        /^warning dwh: files \| mappings\/related-systems\.yaml:\d+:\d+: the system of DWH takes no files.*a note\.$/,
      ),
    ]);
  });

  test('names what the rules expect there and it has not, with the place in the mapping', async () => {
    const set = await setUp();
    await set.change(MAPPING, 'ticket_queue: Выгрузки', 'ticket_queue: Выгрузка');
    await set.change(MAPPING, '    state: Назначено', '    state: Новая');
    await set.change(
      'bridge.yaml',
      '    account: bridge',
      '    account: bridge\n    fields: { external_number: номер }',
    );

    expect((await findings(set)).filter((line) => line.startsWith('error'))).toEqual([
      expect.stringMatching(/^error dwh: queue Выгрузка \| mappings\/.*:\d+:\d+: .*did you mean «Выгрузки»\?$/),
      expect.stringMatching(/^error dwh: state Новая \| .* has no state «Новая»; it has Назначено, /),
      expect.stringMatching(/^error dwh: field parent_ticket \| .*name its field under `fields`$/),
      expect.stringMatching(/^error dwh: field номер \| .* has no field «номер»; it has parent_ticket, /),
    ]);
  });

  test('tells a wrong token, a system that no row uses, and one that sends no webhooks', async () => {
    const strange = await setUp();
    await strange.change('bridge.yaml', /token: \$\{DWH.*/, 'token: another');
    await strange.change('bridge.yaml', / {4}webhook:\n {6}shared_secret: \$\{DWH.*\n/, '');
    expect(await findings(strange)).toEqual([
      expect.stringMatching(/^error dwh \| GET \/about was answered with 401: unknown token\. .*Check login/),
      expect.stringMatching(/^warning dwh: files/),
      expect.stringMatching(/^warning webhooks: dwh \| None is taken.*systems\.dwh\.webhook/),
    ]);

    const idle = await setUp();
    await idle.change(MAPPING, '    system: dwh\n', '');
    expect(await findings(idle)).toEqual([
      expect.stringMatching(/^ok dwh/),
      expect.stringMatching(/^warning dwh \| No row of mappings\/related-systems\.yaml names it/),
    ]);
  });
});
