import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { otrs } from '../../../connectors/otrs/connector.ts';
import { describeSetUp, type GuideFacts } from '../../../connectors/otrs/guide/guide.ts';
import { renderGuide } from '../../../connectors/otrs/guide/render.ts';
import { eventsIn, type WebServiceFacts, writeWebService } from '../../../connectors/otrs/guide/web-service-file.ts';
import { fillWebService } from '../../../connectors/otrs/webservice.ts';
import {
  articleFields,
  priorities,
  services,
  stateTypes,
  ticketFields,
  ticketQueues,
  ticketTypes,
} from '../../../sandbox/otrs/world.ts';
import type { ExpectedNames } from '../../../src/connector.ts';
import { loadNamesInUse } from '../../../src/policy/load.ts';
import { expectedNames } from '../../support/expected-names.ts';

const shipped = await loadNamesInUse('mappings');
const definition = await readFile('connectors/otrs/webservice/otrs-jira-bridge.yml', 'utf8');
const SECRET = 'geheim-0123456789';
const at = 'mappings/x.yaml:1:2';

const optionsOf = (settings: object = {}) =>
  otrs.options.parse({
    base_url: 'https://desk.example.test/otrs',
    login: 'bridge',
    password: 'Пароль-42',
    user_id: 12,
    ...settings,
  });

function guideOf(settings: object = {}, names: ExpectedNames = shipped, facts: Partial<GuideFacts> = {}) {
  return describeSetUp({
    options: optionsOf(settings),
    expected: names,
    bridgeUrl: 'https://bridge.example.test',
    proof: 'header',
    webService: definition,
    ...facts,
  });
}

describe('the guide for an administrator of OTRS', () => {
  test('asks for the names of the sample installation, and for nothing that it lacks', () => {
    const guide = guideOf({ watch: { ticket_queues: ['NTTM', 'NTTM::1ЛТП', 'NTTM::2ЛТП', 'NTTM::3ЛТП'] } });
    const kinds = { checkbox: 'Checkbox', moment: 'DateTime', dropdown: 'Dropdown', text: 'Text' };

    expect(guide.states.filter(({ name, types }) => !types.includes(stateTypes[name] ?? ''))).toEqual([]);
    expect(guide.states).toHaveLength(8);
    for (const { object, name, types, keys } of guide.dynamicFields) {
      const field = object === 'Ticket' ? ticketFields[name] : { type: 'text' as const };
      expect([name, types[0]]).toEqual([name, kinds[field?.type ?? 'text']]);
      expect(Object.keys(field?.values ?? {})).toEqual(expect.arrayContaining([...keys]));
    }
    const fieldsOf = (object: string) =>
      guide.dynamicFields.flatMap((field) => (field.object === object ? field.name : []));
    expect(fieldsOf('Ticket').filter((name) => ticketFields[name] === undefined)).toEqual([]);
    expect(fieldsOf('Article')).toEqual([...articleFields]);
    const named = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
    expect(ticketQueues).toEqual(expect.arrayContaining(named(guide.ticketQueues)));
    expect(services).toEqual(expect.arrayContaining(named(guide.services)));
    expect(ticketTypes).toEqual(expect.arrayContaining(named(guide.types)));
    expect(priorities).toEqual(expect.arrayContaining(named(guide.priorities)));
  });

  test('follows the configuration: other names, checkboxes, moments and queues', () => {
    const guide = guideOf(
      {
        dynamic_fields: { issue_key: 'Ticketnummer', urgent: 'Dringend', until: 'Bis', code: 'Kode' },
        checkboxes: ['urgent'],
        moments: ['until'],
        article_marker_field: 'Marke',
        watch: { ticket_queues: ['Raw'], services: ['Mail'] },
        time_zone: 'Europe/Berlin',
      },
      expectedNames({
        ticketFieldsShown: [{ name: 'issue_key', at }],
        ticketFieldValues: [{ field: 'code', name: 'a|b`c', at }],
        ticketStates: [
          { name: 'wartet', at, phase: 'pending', pauses: true },
          { name: 'liegt', at, phase: 'pending' },
          { name: 'unbekannt', at },
        ],
        tickets: [{ name: 'Adjacent', at, service: 'Other', type: 'Incident', state: 'new' }],
      }),
    );

    expect(guide.dynamicFields).toMatchObject([
      { name: 'Ticketnummer', types: ['Text', 'TextArea'], writtenBy: 'bridge', keys: [] },
      { name: 'Dringend', types: ['Checkbox'], writtenBy: 'people' },
      { name: 'Bis', types: ['DateTime'] },
      { name: 'Kode', types: ['Dropdown'], keys: ['a|b`c'] },
      { object: 'Ticket', name: 'BridgeMark' },
      { object: 'Article', name: 'Marke' },
    ]);
    expect(guide.states.map(({ types }) => types[0])).toEqual(['pending reminder', 'open', 'open']);
    expect(guide.ticketQueues.map(({ name, uses }) => [name, uses])).toEqual([
      ['Raw', ['watched']],
      ['Adjacent', ['tickets are opened here']],
    ]);
    expect(guide.services).toEqual([{ name: 'Mail', at: 'otrs.watch.services' }]);
    expect(guide.settings.map(({ name, value }) => `${name} ${value}`)).toEqual(['OTRSTimeZone Europe/Berlin']);
    expect(guide.unknown.join(' ')).toMatch(
      /«Adjacent»: the rules open tickets there and otrs.watch does not name them/,
    );
    expect(renderGuide(guide)).toContain('| Ticket | `Kode` | Dropdown | ``a\\|b`c`` |');
  });

  test('names what it cannot know', () => {
    const options = { ...optionsOf(), user_id: undefined };
    const { unknown, webService } = describeSetUp({
      options,
      expected: shipped,
      proof: 'nothing',
      webService: definition,
    });

    expect(unknown.join('\n')).toMatch(/user id[\s\S]*http\.public_url[\s\S]*takes them from anybody/);
    expect(webService.sendsTo).toBeUndefined();
  });

  test('tells of the notifier where nothing but its signature is taken', () => {
    const guide = guideOf({}, shipped, { proof: 'signature' });

    expect(guide.settings.map(({ name }) => name)).toContain('OtrsJiraBridge::Notifier###Key');
    expect(renderGuide(guide)).toContain('The add-on package is installed');
    // The operation that links tickets is of the same package.
    expect(renderGuide(guideOf({ operations: { link_add: {} } }))).toMatch(
      /The add-on package is installed .*links tickets/,
    );
    expect(renderGuide(guideOf())).not.toContain('The add-on package is installed');
  });

  test('has no secret in it', () => {
    const guide = guideOf();

    expect(JSON.stringify(guide) + renderGuide(guide)).not.toMatch(/Пароль-42|geheim/);
  });
});

describe('the web service to import', () => {
  const write = (settings: object = {}, facts: Partial<WebServiceFacts> = {}) =>
    writeWebService({
      options: optionsOf(settings),
      ownFields: shipped.ticketFieldsShown.map(({ name }) => name),
      bridgeUrl: 'https://bridge.example.test',
      proof: { by: 'header', header: 'X-Bridge-Secret', secret: SECRET },
      ...facts,
    });

  test('is the shipped one where nothing is configured otherwise', async () => {
    const values = { url: 'https://bridge.example.test', secret: SECRET, userId: '12' };
    const ownText = await write();
    const theirText = fillWebService(definition, values);
    const [own, theirs] = [parse(ownText), parse(theirText)];
    const onlyIn = (one: string, other: string) => eventsIn(one).filter((name) => !eventsIn(other).includes(name));

    expect(onlyIn(ownText, theirText)).toEqual([]);
    expect(onlyIn(theirText, ownText)).toEqual([]);
    own.Requester.Invoker.Webhook.Events = theirs.Requester.Invoker.Webhook.Events;
    expect(own).toEqual(theirs);
  });

  test('has the events of the configured fields, each with the filter of the bridge’s own changes', async () => {
    const text = await write({ dynamic_fields: { issue_key: 'Key', solution: 'Loesung', fresh: 'Neu' } });
    const service = parse(text);

    expect(eventsIn(text).filter((name) => name.startsWith('TicketDynamic'))).toEqual([
      'TicketDynamicFieldUpdate_Loesung',
      'TicketDynamicFieldUpdate_Neu',
    ]);
    const last = service.Requester.Invoker.Webhook.Events.at(-1);
    expect(last.Condition.Condition['1'].Fields.ChangeBy.Match).toBe('^(?!12$)');
    expect(service.Requester.Transport.Type).toBe('HTTP::REST');
  });

  test('has the routes of the configuration, and the operation of the add-on where it is used', async () => {
    const service = parse(
      await write({
        operations: {
          ticket_update: { method: 'POST', route: '/Ticket/:TicketID/Update' },
          link_add: { route: '/Link' },
        },
      }),
    );

    const routes = service.Provider.Transport.Config.RouteOperationMapping;
    expect(routes.TicketUpdate).toEqual({
      ParserBackend: 'JSON',
      RequestMethod: ['POST'],
      Route: '/Ticket/:TicketID/Update',
    });
    expect(routes.TicketGet.Route).toBe('/Ticket/:TicketID');
    expect(routes.LinkAdd).toMatchObject({ RequestMethod: ['POST'], Route: '/Link' });
    expect(service.Provider.Operation.LinkAdd.Type).toBe('OtrsJiraBridge::LinkAdd');
    // Nobody reads what to replace by hand where all of it is replaced.
    expect(await write({ operations: { link_add: {} } })).toMatch(
      /^---\n# Written by .*\n# delete it.*\nDescription: /,
    );
  });

  test('speaks SOAP where the bridge does, in its namespace and with its names', async () => {
    const soap = { transport: 'soap', soap_namespace: 'urn:own', operations: { ticket_get: { name: 'Read' } } };
    const service = parse(await write(soap));

    expect(service.Provider.Transport).toMatchObject({ Type: 'HTTP::SOAP', Config: { NameSpace: 'urn:own' } });
    expect(service.Provider.Operation.Read.Type).toBe('Ticket::TicketGet');
    expect(service.Provider.Operation.TicketGet).toBeUndefined();
    expect(service.Requester.Transport.Type).toBe('HTTP::REST');
  });

  test('keeps the methods that a route takes beside the configured one', async () => {
    const service = parse(
      await write({ operations: { ticket_get: { method: 'POST', route: '/T/:TicketID' }, session_get: false } }),
    );

    const routes = service.Provider.Transport.Config.RouteOperationMapping;
    expect(routes.TicketGet).toMatchObject({ RequestMethod: ['GET', 'POST'], Route: '/T/:TicketID' });
    expect(routes.SessionGet).toBeDefined();
  });

  test.each<[string, WebServiceFacts['proof'], object | undefined]>([
    ['another header', { by: 'header', header: 'X-Own', secret: SECRET }, { AdditionalHeaders: { 'X-Own': SECRET } }],
    [
      'basic authentication',
      { by: 'basic', user: 'otrs', password: 'p"a: ss' },
      { Authentication: { AuthType: 'BasicAuth', BasicAuthUser: 'otrs', BasicAuthPassword: 'p"a: ss' } },
    ],
    ['nothing', { by: 'nothing' }, {}],
    ['what something else sends', { by: 'none' }, undefined],
  ])('proves itself by %s', async (_, proof, expected) => {
    const config = parse(await write({}, { proof })).Requester?.Transport.Config;
    const proofs = config && { AdditionalHeaders: config.AdditionalHeaders, Authentication: config.Authentication };

    expect(JSON.parse(JSON.stringify(proofs ?? null))).toEqual(expected ?? null);
  });

  test('a secret that cannot be a header is refused without being shown', async () => {
    const proof = { by: 'header', header: 'X-Bridge-Secret', secret: 'gehei m' } as const;

    await expect(write({}, { proof })).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.not.stringContaining('gehei m'),
    });
  });
});
