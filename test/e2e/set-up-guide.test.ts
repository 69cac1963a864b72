import { chown, copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { OtrsGuide } from '../../connectors/otrs/guide/guide.ts';
import { checkApp } from '../../src/app/check.ts';
import { loadSettings } from '../../src/app/config.ts';
import { otrsGuide, writeOtrsWebService } from '../../src/app/otrs-guide.ts';
import { checkRoundTrip } from '../../src/app/round-trip.ts';
import { runAsServiceUser } from './otrs/service-user.ts';
import { type Rig, startRig } from './rig.ts';

interface Inventory {
  readonly fields: readonly {
    readonly object: string;
    readonly name: string;
    readonly type: string;
    readonly keys: readonly string[];
  }[];
  readonly states: Readonly<Record<string, string>>;
  readonly queues: readonly string[];
  readonly services: readonly string[];
  readonly types: readonly string[];
  readonly priorities: readonly string[];
  readonly agents: readonly string[];
}

let rig: Rig;
let file: string;
const signal = new AbortController().signal;
const now = () => DateTime.utc();

beforeAll(async () => {
  rig = await startRig();
  // The guide and the check read a file as an administrator would write it, for the bridge that the rig starts.
  file = join(rig.otrs.folder, 'bridge.yaml');
  const text = await readFile('config/bridge.yaml', 'utf8');
  await writeFile(
    file,
    text
      .replace('port: 8400', `port: ${new URL(rig.address).port}`)
      .replace('mappings: ../mappings', `mappings: ${resolve('mappings')}`)
      .replace('file: ../var/bridge.sqlite', `file: ${rig.store}`),
  );
  await rig.startBridge();
}, 900_000);

afterAll(() => rig?.stop(), 60_000);

async function inventory(change?: object): Promise<Inventory> {
  const { folder } = rig.otrs;
  const script = join(folder, 'inventory.pl');
  await copyFile(join(import.meta.dirname, 'otrs/inventory.pl'), script);
  const answer = await runAsServiceUser(['perl', script], {
    environment: { PATH: '/usr/bin:/bin', HOME: folder, LANG: 'C.UTF-8', TZ: 'UTC' },
    folder: join(folder, 'otrs'),
    input: change === undefined ? '' : JSON.stringify(change),
  });
  return JSON.parse(answer) as Inventory;
}

const draft = {
  queue: 'NTTM::2ЛТП',
  customer: 'user.volga',
  title: 'Проба',
  body: 'Текст',
  type: 'Инцидент',
  service: 'NTTM: Техническая поддержка',
  priority: '3 Средний',
};

const check = async () => {
  const findings = await checkApp(await loadSettings(file), now, signal);
  return findings.filter(({ subject }) => subject.startsWith('otrs'));
};

test('what the guide asks for is what the sample help desk has', async () => {
  const guide = (await otrsGuide(file)).guide as OtrsGuide;
  const set = await inventory();
  const lacking = (names: readonly { readonly name: string }[], there: readonly string[]) =>
    names.map(({ name }) => name).filter((name) => !there.includes(name));

  const wrongFields = guide.dynamicFields.filter(({ object, name, types, keys }) => {
    const field = set.fields.find((each) => each.object === object && each.name === name);
    return field === undefined || !types.includes(field.type) || keys.some((key) => !field.keys.includes(key));
  });
  expect(wrongFields).toEqual([]);
  expect(guide.states.filter(({ name, types }) => !types.includes(set.states[name] ?? ''))).toEqual([]);
  expect(lacking(guide.ticketQueues, set.queues)).toEqual([]);
  expect(lacking(guide.services, set.services)).toEqual([]);
  expect(lacking(guide.types, set.types)).toEqual([]);
  expect(lacking(guide.priorities, set.priorities)).toEqual([]);
  expect(lacking(guide.owners, set.agents)).toEqual([]);
  // What the sample help desk has beyond its stock and beyond the guide would be a gap of the guide.
  const asked = new Set(guide.dynamicFields.map(({ name }) => name));
  expect(
    set.fields
      .filter(({ name }) => !asked.has(name) && !/^(?:Process|TicketCalendar)/.test(name))
      .map(({ name }) => name),
  ).toEqual([]);
}, 120_000);

test('the check proves it, and writes nothing', async () => {
  // A running bridge would write by its rules.
  await rig.stopBridge();
  const { id } = await rig.otrs.people.agent('petrova.2l').open(draft);
  const before = await rig.ticket(id);
  const findings = await check();

  expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
  expect(findings).toContainEqual(expect.objectContaining({ level: 'ok', subject: 'otrs: values of fields' }));
  expect(findings).toContainEqual(
    expect.objectContaining({
      level: 'ok',
      subject: 'otrs: permission rw',
      message: expect.stringContaining('NTTM::2ЛТП'),
    }),
  );
  const after = await rig.ticket(id);
  const byBridge = ({ history }: typeof before) => history.filter(({ by }) => by === rig.otrs.bridge.userId).length;
  expect([after.articles.length, after.state, byBridge(after)]).toEqual([
    before.articles.length,
    before.state,
    byBridge(before),
  ]);
  await rig.startBridge();
}, 120_000);

test('missing permissions are found: reading without writing, and no opening of tickets', async () => {
  await inventory({ login: 'bridge', group: 'nttm', permissions: ['ro'] });
  await inventory({ login: 'bridge', group: 'adjacent', permissions: ['ro'] });
  try {
    const errors = (await check()).filter(({ level }) => level === 'error').map(({ subject }) => subject);
    expect(errors).toEqual(
      expect.arrayContaining(['otrs: ticket queue NTTM::2ЛТП', 'otrs: opening tickets in Смежные системы::ЕИП']),
    );
  } finally {
    await inventory({ login: 'bridge', group: 'nttm', permissions: ['rw'] });
    await inventory({ login: 'bridge', group: 'adjacent', permissions: ['rw'] });
  }
  // rw alone holds all the other permissions.
  expect((await check()).filter(({ level }) => level === 'error')).toEqual([]);
}, 180_000);

test('the written web service can be imported, and a change of a person makes the round trip', async () => {
  const target = join(rig.otrs.folder, 'written.yml');
  await writeOtrsWebService(file, target);
  await chown(target, ...(await ownerOf(join(rig.otrs.folder, 'otrs'))));
  await runAsServiceUser(
    [
      'perl',
      'bin/otrs.Console.pl',
      'Admin::WebService::Update',
      '--webservice-id',
      '1',
      '--source-path',
      target,
      '--no-ansi',
    ],
    {
      environment: { PATH: '/usr/bin:/bin', HOME: rig.otrs.folder, LANG: 'C.UTF-8', TZ: 'UTC' },
      folder: join(rig.otrs.folder, 'otrs'),
    },
  );
  const petrova = rig.otrs.people.agent('petrova.2l');
  const { id, number } = await petrova.open(draft);
  for (let waiting = await rig.otrs.people.webhooksWaiting(); waiting.now + waiting.later > 0; ) {
    waiting = await rig.otrs.people.webhooksWaiting();
  }

  const { config } = await loadSettings(file);
  const ask = () => void petrova.setField(id, 'ReturnReason', 'Проверка пути');
  expect(await checkRoundTrip(config, { ticket: number, seconds: 60, ask }, now, signal)).toEqual([
    { level: 'ok', subject: 'webhooks: round trip', message: expect.stringContaining('came after') },
  ]);
}, 240_000);

async function ownerOf(folder: string): Promise<readonly [number, number]> {
  const { uid, gid } = await stat(folder);
  return [uid, gid];
}
