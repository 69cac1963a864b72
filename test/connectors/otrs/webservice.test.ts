import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { fillWebService, soapDefinitionOf } from '../../../connectors/otrs/webservice.ts';
import { isSubscribed } from '../../../sandbox/otrs/hooks/hooks.ts';

const text = readFileSync('connectors/otrs/webservice/otrs-jira-bridge.yml', 'utf8');
const values = { url: 'http://bridge.example.test:8080', secret: 'qXz-19', userId: '7' };

function requester(filled: string) {
  return parse(filled).Requester;
}

interface HookedEvent {
  readonly Event: string;
  readonly Condition?: { readonly Condition: { readonly 1: { readonly Fields: Record<string, { Match: string }> } } };
}

function events(filled: string): readonly HookedEvent[] {
  return requester(filled).Invoker.Webhook.Events;
}

function conditions(filled: string): unknown[] {
  return events(filled).flatMap(({ Condition }) =>
    Object.values(Condition?.Condition[1].Fields ?? {}).map(({ Match }) => Match),
  );
}

describe('the web service definition', () => {
  test('sends webhooks to the bridge with the shared secret once it is filled', () => {
    const { Host, AdditionalHeaders } = requester(fillWebService(text, values)).Transport.Config;
    expect(Host).toBe('http://bridge.example.test:8080');
    expect(AdditionalHeaders).toEqual({ 'X-Bridge-Secret': 'qXz-19' });
  });

  test('has the operation of the add-on package where that is installed, and is whole without it', () => {
    const providerOf = (filled: string) => parse(filled).Provider;
    const bare = providerOf(fillWebService(text, values));
    const filled = fillWebService(text, { ...values, installed: 'addon' });
    const whole = providerOf(filled);

    expect(bare.Operation).not.toHaveProperty('LinkAdd');
    expect(bare.Transport.Config.RouteOperationMapping).not.toHaveProperty('LinkAdd');
    expect(whole.Operation.LinkAdd.Type).toBe('OtrsJiraBridge::LinkAdd');
    expect(whole.Transport.Config.RouteOperationMapping.LinkAdd).toMatchObject({
      RequestMethod: ['POST'],
      Route: '/TicketLink',
    });
    delete whole.Operation.LinkAdd;
    delete whole.Transport.Config.RouteOperationMapping.LinkAdd;
    expect(whole).toEqual(bare);
    expect(requester(filled)).toEqual(requester(fillWebService(text, values)));
  });

  test('shows the port that the shipped configuration listens on', () => {
    const port = parse(readFileSync('config/bridge.yaml', 'utf8')).http.port;

    expect(text.match(/:\/\/bridge\.example\.test:(\d+)/)?.[1]).toBe(String(port));
  });

  test('keeps the changes of the bridge’s own agent silent for every event but a deletion, which it never makes', () => {
    const filled = fillWebService(text, values);
    const unconditional = events(filled).filter(({ Condition }) => Condition === undefined);

    expect(new Set(conditions(filled))).toEqual(new Set(['^(?!7$)']));
    expect(conditions(filled)).toHaveLength(events(filled).length - 1);
    expect(unconditional.map(({ Event }) => Event)).toEqual(['TicketDelete']);
  });

  test('subscribes to what the sandbox tells of, and to nothing else', () => {
    expect(
      events(text)
        .map(({ Event }) => Event)
        .filter((name) => !isSubscribed(name)),
    ).toEqual([]);
    expect(isSubscribed('TicketLockUpdate')).toBe(false);
  });

  test('lets every change through where the user id was left open', () => {
    const [match] = conditions(fillWebService(text, { url: values.url, secret: values.secret }));
    expect('7').toMatch(new RegExp(String(match)));
  });

  test.each([
    ['a slash at the end', 'https://bridge.example.test/', 'https://bridge.example.test'],
    ['the path of the webhooks', 'http://127.0.0.1:8080/webhooks/otrs', 'http://127.0.0.1:8080'],
    ['a path', 'https://example.test/bridge/', 'https://example.test/bridge'],
  ])('takes an address with %s', (_what, url, host) => {
    expect(requester(fillWebService(text, { ...values, url })).Transport.Config.Host).toBe(host);
  });

  test.each(["quote'", 'quote"', 'back\\slash', '$&', '#:{}'])('takes the secret %s as it is', (secret) => {
    const { AdditionalHeaders } = requester(fillWebService(text, { ...values, secret })).Transport.Config;
    expect(AdditionalHeaders).toEqual({ 'X-Bridge-Secret': secret });
  });

  test.each([
    ['an address that is none', { url: 'bridge:8080' }, /http or https URL/],
    ['an address with a query', { url: 'http://bridge.example.test/?x=1' }, /host, port or path/],
    ['an address with a password', { url: 'http://a:b@bridge.example.test' }, /host, port or path/],
    ['an empty secret', { secret: '' }, /printable ASCII/],
    ['a secret of two lines', { secret: 'a\nb' }, /printable ASCII/],
    ['a Cyrillic secret', { secret: 'тайна' }, /printable ASCII/],
    ['a login for the user id', { userId: 'bridge' }, /must be a number, not "bridge"/],
  ])('refuses %s', (_what, wrong, message) => {
    expect(() => fillWebService(text, { ...values, ...wrong })).toThrow(message);
  });
});

describe('the web service definition for SOAP', () => {
  const soap = readFileSync('connectors/otrs/webservice/otrs-jira-bridge-soap.yml', 'utf8');

  test('is the shipped one, made from that for REST', () => {
    expect(soap).toBe(soapDefinitionOf(text));
  });

  test.each(['addon', undefined])('differs in the transport of the operations only (installed: %s)', (installed) => {
    const fill = (definition: string) =>
      parse(fillWebService(definition, { ...values, ...(installed === 'addon' ? { installed } : {}) }));
    const { Provider, ...others } = fill(soap);
    const { Provider: provider, ...same } = fill(text);

    expect(others).toEqual(same);
    expect({ ...Provider, Transport: provider.Transport }).toEqual(provider);
    expect(Provider.Transport).toMatchObject({ Type: 'HTTP::SOAP', Config: { MaxLength: '100000000' } });
  });
});
