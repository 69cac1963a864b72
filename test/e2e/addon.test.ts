import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import { buildAddon } from '../../scripts/build-addon.ts';
import { linkRequests } from '../connectors/otrs/link-requests.ts';
import { expectedNames } from '../support/expected-names.ts';
import { type AddonRig, signal, startAddonRig } from './addon-rig.ts';
import { describeNotifier } from './notifier-promises.ts';
import { partsOf } from './otrs/addon.ts';
import { startHookListener } from './otrs/hook-listener.ts';
import { reached } from './rig.ts';

let rig: AddonRig;

beforeAll(async () => {
  rig = await startAddonRig();
}, 900_000);

afterAll(() => rig?.stop(), 60_000);

describe('without the package', () => {
  test('a web service that names its operation can be imported and serves all else, and links are refused', async () => {
    const [one, other] = [await rig.open(), await rig.open()];
    await rig.administrator.importWebServices();

    for (const transport of ['REST', 'SOAP'] as const) {
      await expect(rig.link(one, other, 'Normal', transport)).rejects.toMatchObject({
        code: 'REFUSED',
        message: expect.stringMatching(/Can't load operation backend module .*LinkAdd/),
      });
    }
    await rig.connection.desk.update(one, { solution: 'Перезапущено' }, signal);
    expect((await rig.connection.desk.read(one, signal)).fields).toMatchObject({ solution: 'Перезапущено' });
  }, 60_000);
});

describe('the package', () => {
  test('is built as the help desk’s own builder builds it, except for place and time', async () => {
    const theirs = await rig.administrator.build();
    const { text } = await buildAddon('otrs');

    expect(partsOf(text)).toEqual(partsOf(theirs));
    expect(partsOf(text).length).toBeGreaterThan(20);
  }, 60_000);

  test('is installed through the package manager, and sends nothing before it is set up', async () => {
    await rig.administrator.install();
    await rig.enter();

    expect(await rig.administrator.console('Admin::Package::List')).toMatch(
      /Name: +OtrsJiraBridge\n\| Version: +1\.0\.0/,
    );
    expect(await rig.administrator.console('Admin::Package::List', '--show-deployment-info')).not.toMatch(
      /not correctly/i,
    );
    await rig.open();
    expect(await rig.people.eventsWaiting()).toEqual({ now: 0, later: 0 });
  }, 180_000);
});

describe.each(['REST', 'SOAP'] as const)('links over %s', (transport) => {
  test('are proven by bridge check', async () => {
    const findings = await rig.desks[transport].check(expectedNames(), signal);

    expect(findings).toContainEqual(expect.objectContaining({ level: 'ok', subject: 'otrs: link_add' }));
  }, 60_000);

  test('a ticket is linked to its child once, however often it is told', async () => {
    const [parent, child] = [await rig.open(), await rig.open()];
    await rig.link(parent, child, 'ParentChild', transport);
    await rig.link(parent, child, 'ParentChild', transport);

    expect(await rig.people.links(parent.id)).toEqual({ [child.id]: 'ParentChild Target' });
    expect(await rig.people.links(child.id)).toEqual({ [parent.id]: 'ParentChild Source' });
  }, 60_000);

  test('a link that is there in another way stays, and an unnamed type is the normal one', async () => {
    const [one, other] = [await rig.open(), await rig.open()];
    await rig.link(one, other, undefined, transport);
    await rig.link(other, one, 'ParentChild', transport);

    expect(await rig.people.links(one.id)).toEqual({ [other.id]: expect.stringMatching(/^Normal/) });
    expect(
      await rig.call('POST', '/TicketLink', { SourceTicketID: other.id, TargetTicketID: one.id, Type: 'ParentChild' }),
    ).toEqual({
      LinkAdded: 0,
    });
  }, 60_000);

  test('a link to a ticket out of sight, or of an unknown type, is refused', async () => {
    const [one, hidden] = [await rig.open(), await rig.open({ queue: 'Прочее' })];

    await expect(rig.link(one, hidden, 'Normal', transport)).rejects.toMatchObject({ code: 'RECORD_NOT_READABLE' });
    await expect(rig.link(one, await rig.open(), 'Duplicate', transport)).rejects.toMatchObject({ code: 'REFUSED' });
  }, 60_000);
});

describe('the operation', () => {
  test('errors are those of the sandbox, word for word', async () => {
    const sandbox = await startSandboxOtrs();
    const make = (ticketQueue: string) => sandbox.createTicket({ title: 'Заявка', text: 'Текст', ticketQueue }).id;
    const inSandbox = await Array.fromAsync(
      linkRequests({ one: make('NTTM::2ЛТП'), other: make('NTTM::2ЛТП'), hidden: make('Прочее') }),
      (data) => rig.call('POST', '/TicketLink', data, { login: 'bridge', password: 'bridge', url: sandbox.url }),
    );
    const inReal = await Array.fromAsync(
      linkRequests({
        one: (await rig.open()).id,
        other: (await rig.open()).id,
        hidden: (await rig.open({ queue: 'Прочее' })).id,
      }),
      (data) => rig.call('POST', '/TicketLink', data),
    );
    await sandbox.stop();

    expect(inReal).toEqual(inSandbox);
    expect(inReal.slice(-5)).toMatchObject([
      { LinkAdded: 1 },
      { LinkAdded: 1 },
      { LinkAdded: 0 },
      { LinkAdded: 0 },
      { Error: { ErrorCode: 'LinkAdd.AuthFail' } },
    ]);
    expect(inReal[0]).toMatchObject({ Error: { ErrorCode: 'LinkAdd.MissingParameter' } });
    expect(inReal[5]).toMatchObject({ Error: { ErrorCode: 'LinkAdd.AccessDenied' } });
  }, 60_000);

  test('a customer may not link', async () => {
    const login = { UserLogin: undefined, CustomerUserLogin: 'user.volga', Password: rig.real.passwords['user.volga'] };
    expect(await rig.call('POST', '/TicketLink', { SourceTicketID: '1', TargetTicketID: '2', ...login })).toMatchObject(
      {
        Error: { ErrorCode: 'LinkAdd.AuthFail', ErrorMessage: expect.stringContaining('agent') },
      },
    );
  }, 60_000);
});

describeNotifier(() => rig);

describe('uninstalling', () => {
  test('takes away files, settings, key and waiting events, and all else goes on', async () => {
    await rig.enter();
    await rig.bridge.stop();
    const [one, other] = [await rig.open(), await rig.open()];
    await reached('events wait for their time', async () => (await rig.people.eventsWaiting()).later >= 6);

    await rig.administrator.uninstall();
    await rig.enter();
    rig.bridge = await startHookListener();

    expect(await rig.people.eventsWaiting()).toEqual({ now: 0, later: 0 });
    expect(await rig.administrator.console('Admin::Package::List')).not.toContain('OtrsJiraBridge');
    expect(await rig.administrator.settings()).toEqual([]);
    expect(existsSync(join(rig.real.folder, 'otrs/Kernel/System/OtrsJiraBridge.pm'))).toBe(false);
    await rig.people.agent('petrova.2l').setPriority(one.id, '1 Критичный');
    expect((await rig.connection.desk.read(one, signal)).priority).toBe('1 Критичный');
    await rig.connection.desk.update(one, { solution: 'Готово' }, signal);
    await expect(rig.link(one, other)).rejects.toMatchObject({ code: 'REFUSED' });
    await sleep(2_000);
    expect(rig.bridge.hooks).toEqual([]);
  }, 240_000);
});
