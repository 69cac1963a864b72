import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ExpectedNames } from '../../../src/connector.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { expectedNames } from '../../support/expected-names.ts';
import { type Connected, connectSandbox, transports } from './connected.ts';

const signal = new AbortController().signal;
const shown = { title: 'Связанная заявка', url: 'https://desk.example.test/4711' };

describe.each([
  ['REST', transports.REST],
  ['SOAP', transports.SOAP],
] as const)('over %s', (name, transport) => {
  let connected: Connected;
  let parent: Ref;
  let child: Ref;

  beforeEach(async () => {
    connected = await connectSandbox({ ...transport, operations: { link_add: {} } });
    parent = connected.open();
    child = connected.open();
  });

  afterEach(() => connected.stop());

  const relate = (ref: Ref, to: Ref, type?: string) =>
    connected.desk.relate(ref, to, type === undefined ? shown : { ...shown, type }, signal);

  describe('tickets are linked by the operation of the add-on package', () => {
    test('once, however often it is told, and as parent and child where the mapping says so', async () => {
      await relate(parent, child, 'ParentChild');
      await relate(parent, child, 'ParentChild');

      expect(connected.sandbox.links).toEqual([{ source: parent.id, target: child.id, type: 'ParentChild' }]);
    });

    test('as equals unless a type is named', async () => {
      await relate(child, parent);

      expect(connected.sandbox.links).toEqual([{ source: child.id, target: parent.id, type: 'Normal' }]);
    });

    test('a link that people made the other way round stays as it is', async () => {
      await relate(child, parent, 'ParentChild');
      await relate(parent, child, 'ParentChild');

      expect(connected.sandbox.links).toEqual([{ source: child.id, target: parent.id, type: 'ParentChild' }]);
    });

    test('a call whose answer is lost is made again and does no harm', async () => {
      connected.sandbox.loseNextAnswer('LinkAdd');
      // Over a kept connection it is repeated at once, otherwise when OTRS is thought to be back.
      await relate(parent, child).catch((thrown: unknown) => {
        expect(thrown).toMatchObject({ code: 'SYSTEM_UNREACHABLE', disposition: 'outage' });
      });
      await relate(parent, child);

      expect(connected.sandbox.calls.filter((call) => call === 'LinkAdd').length).toBeGreaterThan(1);
      expect(connected.sandbox.links).toHaveLength(1);
    });
  });

  describe('a link is refused with a reason', () => {
    test.each<[string, () => Ref, () => Ref, string | undefined, string, RegExp]>([
      [
        'to a ticket that is missing',
        () => parent,
        () => ({ ...child, id: '999999' }),
        undefined,
        'RECORD_NOT_READABLE',
        /TargetTicketID/,
      ],
      ['to itself', () => parent, () => parent, undefined, 'REFUSED', /itself/],
      ['of a type that OTRS does not have', () => parent, () => child, 'Duplicate', 'REFUSED', /Normal, ParentChild/],
      [
        'of something that is no ticket',
        () => ({ ...parent, id: '../Session' }),
        () => child,
        undefined,
        'REFUSED',
        /SourceTicketID/,
      ],
      [
        'to a record of another system',
        () => parent,
        () => ({ system: 'jira', id: '10001' }),
        undefined,
        'REFUSED',
        /tickets of its own/,
      ],
    ])('%s', async (_, ref, to, type, code, message) => {
      await expect(relate(ref(), to(), type)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
      expect(connected.sandbox.links).toEqual([]);
    });

    test('where the operation is not configured, and OTRS is not even asked', async () => {
      const bare = await connectSandbox();
      const [one, other] = [bare.open(), bare.open()];

      await expect(bare.desk.relate(one, other, shown, signal)).rejects.toMatchObject({
        code: 'REFUSED',
        message: expect.stringMatching(/connectors\/otrs\/addon.*operations\.link_add/),
      });
      expect(bare.sandbox.calls).toEqual([]);
      await bare.stop();
    });

    test('where the package is not installed, though the web service names its operation', async () => {
      const faultstring =
        "Can't load operation backend module Kernel::GenericInterface::Operation::OtrsJiraBridge::LinkAdd!";
      await connected.desk.read(parent, signal);
      const body = {
        REST: JSON.stringify({ faultcode: 'Server', faultstring }),
        SOAP: `<Envelope><Body><Fault><faultstring>${faultstring}</faultstring></Fault></Body></Envelope>`,
      };
      connected.sandbox.failNext({ status: 500, body: body[name] });

      await expect(relate(parent, child)).rejects.toMatchObject({ code: 'REFUSED', disposition: 'dead' });
    });
  });

  test('is refused where the web service has no such operation, which is no outage that others wait for', async () => {
    await connected.stop();
    connected = await connectSandbox({
      ...transport,
      operations: { link_add: { route: '/Elsewhere', name: 'Elsewhere' } },
    });
    parent = connected.open();
    child = connected.open();

    await expect(relate(parent, child)).rejects.toMatchObject({
      code: 'REFUSED',
      disposition: 'dead',
      message: expect.stringMatching(/no such route or operation/),
    });
  });

  describe('bridge check', () => {
    const findings = async (names: Partial<ExpectedNames> = {}) => {
      const all = await connected.desk.check(expectedNames(names), signal);
      return all.filter(({ subject }) => subject === 'otrs: link_add');
    };

    test('proves the operation and links nothing', async () => {
      expect(await findings()).toMatchObject([{ level: 'ok' }]);
      expect(connected.sandbox.links).toEqual([]);
    });

    test('tells that the rules want links and no operation makes them', async () => {
      await connected.stop();
      connected = await connectSandbox(transport);

      expect(await findings()).toEqual([]);
      expect(await findings({ ticketLinks: [{ name: 'ParentChild', at: 'mappings/x.yaml:1:2' }] })).toEqual([
        {
          level: 'error',
          subject: 'otrs: link_add',
          message: expect.stringMatching(/^mappings\/x\.yaml:1:2 wants tickets linked.*operations\.link_add/),
        },
      ]);
    });

    test('tells that the web service has no such operation', async () => {
      await connected.stop();
      connected = await connectSandbox({
        ...transport,
        operations: { link_add: { route: '/Elsewhere', name: 'Elsewhere' } },
      });

      expect(await findings()).toMatchObject([
        { level: 'error', message: expect.stringMatching(/no operation that links.*connectors\/otrs\/addon/) },
      ]);
    });
  });
});
