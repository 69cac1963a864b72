import { afterEach, expect, test } from '@jest/globals';
import { type Door, openDoor } from './door.ts';

let door: Door;

afterEach(async () => {
  await door.close();
});

const ok = { ok: true, detail: 'ready', required: true };
const away = { ok: false, detail: 'the database does not answer', required: true };
const bypassed = { ok: false, detail: 'RabbitMQ is away; webhooks go straight into the store', required: false };

test('a living process says so even when nothing else works', async () => {
  door = openDoor({ readiness: () => Promise.reject(new Error('broken')) });
  const answer = await door.app.inject('/healthz');

  expect([answer.statusCode, answer.json()]).toEqual([200, { alive: true }]);
});

test.each([
  ['all parts work', { store: ok, intake: ok }, 200],
  ['the broker is away, which the store makes up for', { store: ok, intake: bypassed }, 200],
  ['the store is away', { store: away, intake: ok }, 503],
])('readiness when %s', async (_when, parts, status) => {
  door = openDoor({ readiness: async () => parts });
  const answer = await door.app.inject('/readyz');

  expect([answer.statusCode, answer.json()]).toEqual([status, { ready: status === 200, parts }]);
});

test.each([
  ['fails', () => Promise.reject(new Error('postgres://user:hunter2@db'))],
  ['never answers', () => new Promise<never>(() => undefined)],
])('the bridge is not ready when asking its parts %s', async (_how, readiness) => {
  door = openDoor({ readiness, requestMs: 100 });
  const answer = await door.app.inject('/readyz');

  expect([answer.statusCode, answer.json().ready]).toEqual([503, false]);
  expect(answer.body).not.toContain('hunter2');
});

test('metrics are measured when they are read', async () => {
  door = openDoor({ measure: async () => door.metrics.deadLetters.set(3) });
  const answer = await door.app.inject('/metrics');

  expect(answer.headers['content-type']).toMatch(/^text\/plain/);
  expect(answer.body).toContain('bridge_dead_letters 3');
});

test('metrics can be read while the store is away', async () => {
  door = openDoor({ measure: () => Promise.reject(new Error('no store')) });
  const answer = await door.app.inject('/metrics');

  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain('# HELP bridge_webhooks_total');
});
