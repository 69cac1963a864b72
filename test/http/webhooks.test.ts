import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Webhook } from '../../src/connector.ts';
import { BridgeError } from '../../src/errors.ts';
import { type Door, noProofs, openDoor, PREVIOUS_SECRET, SECRET, SIGNATURE_SECRET } from './door.ts';

const body = '{ "Event": { "Event": "TicketCreate", "TicketID": "7" }, "Ticket": {"Title": "Нет связи 📞"} }\n';
const json = { 'content-type': 'application/json' };
const genuine = { ...json, 'x-bridge-secret': SECRET };

let door: Door;

afterEach(async () => {
  await door.close();
});

function sign(text: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
}

function login(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

test('a genuine webhook is handed on byte by byte and answered with the number of events', async () => {
  const taken: [string, Webhook][] = [];
  door = openDoor({
    accept: async (system, webhook) => {
      taken.push([system, webhook]);
      return 2;
    },
  });
  const answer = await door.app.inject({ method: 'POST', url: '/webhooks/otrs?user_id=1', headers: genuine, body });

  expect(answer.statusCode).toBe(202);
  expect(answer.headers['content-type']).toMatch('application/json');
  expect(answer.json()).toEqual({ accepted: 2, correlation: answer.headers['x-correlation-id'] });
  expect(taken[0]?.[1].correlation).toMatch(/^[0-9a-f-]{36}$/);
  expect(taken).toHaveLength(1);
  expect(taken[0]?.[0]).toBe('otrs');
  expect(taken[0]?.[1].body.equals(Buffer.from(body))).toBe(true);
  expect(taken[0]?.[1].query).toEqual({ user_id: '1' });
  expect(taken[0]?.[1].headers['x-bridge-secret']).toBe(SECRET);
});

test.each([
  ['its own', 'req-17:a.b', 'req-17:a.b'],
  ['a new one for what is none', 'пробел и\u0001', expect.stringMatching(/^[0-9a-f-]{36}$/)],
])('a webhook is known by the name that its sender gave it, or %s', async (_, given, expected) => {
  const taken: Webhook[] = [];
  door = openDoor({
    accept: async (_system, webhook) => {
      taken.push(webhook);
      return 1;
    },
  });
  const headers = { ...genuine, 'x-correlation-id': encodeURI(given) };
  const answer = await door.app.inject({ method: 'POST', url: '/webhooks/otrs', headers, body });
  expect(answer.headers['x-correlation-id']).toEqual(expected);
  expect(answer.json().correlation).toEqual(expected);
  expect(taken[0]?.correlation).toEqual(expected);
});

describe('who is believed', () => {
  const cases: readonly (readonly [who: string, system: string, headers: Record<string, string>, status: number])[] = [
    ['the shared secret', 'otrs', { 'x-bridge-secret': SECRET }, 202],
    ['the other shared secret during a change', 'otrs', { 'x-bridge-secret': PREVIOUS_SECRET }, 202],
    ['the login, in Cyrillic too', 'otrs', { authorization: login('znuny:пароль') }, 202],
    ['the signature of these bytes', 'jira', { 'x-hub-signature': sign(body, SIGNATURE_SECRET) }, 202],
    ['a signature by the next secret', 'jira', { 'x-hub-signature': sign(body, 'next-secret') }, 202],
    ['the signature of the add-on of OTRS', 'jira', { 'x-bridge-signature': sign(body, SIGNATURE_SECRET) }, 202],
    ['a signature in capitals', 'jira', { 'x-hub-signature': sign(body, SIGNATURE_SECRET).toUpperCase() }, 202],
    ['nothing at all', 'otrs', {}, 401],
    ['a wrong shared secret', 'otrs', { 'x-bridge-secret': 'guess' }, 401],
    ['the beginning of the shared secret', 'otrs', { 'x-bridge-secret': SECRET.slice(0, -1) }, 401],
    ['an empty shared secret', 'otrs', { 'x-bridge-secret': '' }, 401],
    ['the secret of the other system', 'jira', { 'x-bridge-secret': SECRET }, 401],
    ['a wrong password', 'otrs', { authorization: login('znuny:password') }, 401],
    ['a login that is no base64', 'otrs', { authorization: 'Basic §§§' }, 401],
    ['a bearer token', 'otrs', { authorization: `Bearer ${SECRET}` }, 401],
    ['a signature of other bytes', 'jira', { 'x-hub-signature': sign(`${body} `, SIGNATURE_SECRET) }, 401],
    ['a signature by a wrong secret', 'jira', { 'x-hub-signature': sign(body, 'guess') }, 401],
    ['a wrong signature of the add-on', 'jira', { 'x-bridge-signature': sign(body, 'guess') }, 401],
    ['a signature without its algorithm', 'jira', { 'x-hub-signature': sign(body, SIGNATURE_SECRET).slice(7) }, 401],
    ['an empty signature', 'jira', { 'x-hub-signature': '' }, 401],
    ['a signature with a tail', 'jira', { 'x-hub-signature': `${sign(body, SIGNATURE_SECRET)}00` }, 401],
    [
      'a signature in another algorithm’s name',
      'jira',
      { 'x-hub-signature': sign(body, SIGNATURE_SECRET).replace('sha256', 'sha512') },
      401,
    ],
    ['a signature that is too short', 'jira', { 'x-hub-signature': 'sha256=00' }, 401],
    [
      'a signature by a weaker algorithm',
      'jira',
      { 'x-hub-signature': `sha1=${createHmac('sha1', SIGNATURE_SECRET).update(body).digest('hex')}` },
      401,
    ],
    ['a signature where none is configured', 'otrs', { 'x-hub-signature': sign(body, SECRET) }, 401],
  ];

  test.each(cases)('%s', async (_who, system, headers, status) => {
    let calls = 0;
    door = openDoor({
      accept: async () => {
        calls += 1;
        return 1;
      },
    });
    const url = `/webhooks/${system}`;
    const answer = await door.app.inject({ method: 'POST', url, headers: { ...json, ...headers }, body });

    expect(answer.statusCode).toBe(status);
    expect(calls).toBe(status === 202 ? 1 : 0);
    expect(door.logged().includes('not genuine')).toBe(status === 401);
  });

  test('everybody, where the configuration says insecure, and the log says so loudly', async () => {
    door = openDoor({ proofs: { otrs: { ...noProofs, insecure: true } } });
    const answer = await door.app.inject({ method: 'POST', url: '/webhooks/otrs', headers: json, body });

    expect(answer.statusCode).toBe(202);
    expect(door.logged()).toContain('NOT authenticated');
  });
});

describe('what is refused', () => {
  const cases: readonly (readonly [what: string, request: object, status: number])[] = [
    ['a form', { headers: { ...genuine, 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['XML', { headers: { ...genuine, 'content-type': 'text/xml; charset=utf-8' } }, 415],
    ['a body over the limit', { body: JSON.stringify('x'.repeat(1_000_000)) }, 413],
    ['an unknown address', { url: '/webhooks/redmine' }, 404],
    ['the root', { url: '/' }, 404],
    ['a broken address', { url: '/webhooks/%E0%A4%A' }, 404],
    ['a wrong method', { method: 'PUT' }, 405],
    ['a look with a browser', { method: 'GET', body: undefined, url: '/webhooks/otrs?x=1' }, 405],
  ];

  test.each(cases)('%s', async (_what, request, status) => {
    door = openDoor();
    const usual = { method: 'POST', url: '/webhooks/otrs', headers: genuine, body } as const;
    const answer = await door.app.inject({ ...usual, ...request });

    expect(answer.statusCode).toBe(status);
    expect(Object.keys(answer.json())).toEqual(['error', 'help']);
    expect(answer.headers.allow).toBe(status === 405 ? 'POST' : undefined);
  });

  test.each([
    ['JSON with a character set', 'application/json; charset=utf-8'],
    ['a JSON dialect', 'application/cloudevents+json'],
  ])('%s is taken', async (_what, type) => {
    door = openDoor();
    const headers = { ...genuine, 'content-type': type };

    expect((await door.app.inject({ method: 'POST', url: '/webhooks/otrs', headers, body })).statusCode).toBe(202);
  });
});

describe('what cannot be taken in', () => {
  const cases: readonly (readonly [what: string, error: Error, status: number, retryAfter: string | undefined])[] = [
    ['a body that makes no sense', new BridgeError('WEBHOOK_UNREADABLE', 'cut at OTRS_TicketStateSet'), 400, undefined],
    ['the store is away', new BridgeError('STORE_UNAVAILABLE', 'no route to 10.0.0.5'), 503, '10'],
    ['the broker is away', new BridgeError('BROKER_UNAVAILABLE', 'not confirmed'), 503, '10'],
    ['a fault of the bridge', new TypeError('x is not a function'), 500, undefined],
  ];

  test.each(cases)('%s', async (_what, error, status, retryAfter) => {
    door = openDoor({ accept: () => Promise.reject(error) });
    const answer = await door.app.inject({ method: 'POST', url: '/webhooks/otrs', headers: genuine, body });

    expect(answer.statusCode).toBe(status);
    expect(answer.headers['retry-after']).toBe(retryAfter);
    expect(Object.keys(answer.json())).toEqual(['error', 'help']);
    expect(answer.body).not.toContain(error.message);
    expect(door.logged()).toContain(error.message);
  });

  test('no answer names anything that the sender wrote', async () => {
    door = openDoor({ accept: () => Promise.reject(new BridgeError('WEBHOOK_UNREADABLE', body)) });
    const mark = 'OTRS_TicketStateSet';
    const answers = await Promise.all([
      door.app.inject({ method: 'POST', url: '/webhooks/otrs', headers: genuine, body: `{"${mark}":` }),
      door.app.inject({ method: 'POST', url: `/${mark}`, headers: genuine, body }),
      door.app.inject({ method: 'POST', url: '/webhooks/otrs', headers: { ...genuine, 'content-type': mark }, body }),
      door.app.inject({ method: 'POST', url: '/webhooks/otrs', headers: { authorization: mark }, body }),
    ]);

    for (const answer of answers) {
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      expect(answer.body + JSON.stringify(answer.headers)).not.toContain(mark);
    }
  });

  test('a store that never answers', async () => {
    door = openDoor({ requestMs: 200, accept: () => new Promise(() => undefined) });
    const answer = await door.app.inject({ method: 'POST', url: '/webhooks/otrs', headers: genuine, body });

    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('10');
  });
});

test('webhooks are counted by system and status', async () => {
  door = openDoor();
  await door.app.inject({ method: 'POST', url: '/webhooks/otrs', headers: genuine, body });
  await door.app.inject({ method: 'POST', url: '/webhooks/jira', headers: json, body });
  const text = await door.metrics.registry.metrics();

  expect(text).toContain('bridge_webhooks_total{system="otrs",status="202"} 1');
  expect(text).toContain('bridge_webhooks_total{system="jira",status="401"} 1');
});

test('secrets reach neither the log nor the answer', async () => {
  door = openDoor({ accept: () => Promise.reject(new Error('broken')) });
  const answer = await door.app.inject({ method: 'POST', url: '/webhooks/otrs', headers: genuine, body });

  expect(door.logged() + answer.body).not.toContain(SECRET);
});
