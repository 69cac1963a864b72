import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { Connection } from '../../../src/connector.ts';
import type { Draft } from '../../../src/domain/action.ts';
import type { BridgeError } from '../../../src/errors.ts';
import { connect } from './connected.ts';

const signal = new AbortController().signal;
const ORIGIN = { system: 'otrs', id: '42', key: '2026112310000042' };
const draft: Draft = { project: 'Выгрузки', type: 'Инцидент', title: 'Т', text: 'Т', labels: [], fields: {} };

let connected: Awaited<ReturnType<typeof connect>>;
beforeAll(async () => {
  connected = await connect({ timeout_seconds: 5 });
});
afterAll(() => connected.sandbox.stop());

const failureOf = (call: Promise<unknown>): Promise<BridgeError> =>
  call.then(
    () => Promise.reject(new Error('it succeeded')),
    (thrown) => thrown,
  );
const read = () => connected.desk.read({ system: 'dwh', id: '1' }, signal);
const open = () => connected.desk.open(draft, 'open:related:dwh', ORIGIN, signal);

describe('what an answer of the adjacent system means', () => {
  const refusal = '{"error":"not for you"}';
  test.each([
    ['401', 401, refusal, 'LOGIN_REFUSED', 'outage', 'LOGIN_REFUSED', 'outage'],
    ['403', 403, refusal, 'NOT_PERMITTED', 'dead', 'NOT_PERMITTED', 'dead'],
    ['404', 404, refusal, 'RECORD_NOT_READABLE', 'dead', 'RECORD_NOT_READABLE', 'dead'],
    ['404 of a proxy', 404, '<html>', 'ANSWER_UNREADABLE', 'outage', 'ANSWER_UNREADABLE', 'outage'],
    ['422', 422, refusal, 'REFUSED', 'dead', 'REFUSED', 'dead'],
    ['429', 429, refusal, 'RATE_LIMITED', 'again', 'RATE_LIMITED', 'again'],
    ['500', 500, refusal, 'SYSTEM_FAILING', 'outage', 'OUTCOME_UNKNOWN', 'in-doubt'],
    ['a login page', 200, '<html>', 'ANSWER_UNREADABLE', 'again', 'ANSWER_UNREADABLE', 'in-doubt'],
    ['another shape', 200, '{"id":7}', 'ANSWER_UNREADABLE', 'again', 'ANSWER_UNREADABLE', 'in-doubt'],
    ['a redirection', 302, '', 'ANSWER_UNREADABLE', 'outage', 'ANSWER_UNREADABLE', 'outage'],
  ])('%s', async (_what, status, body, readCode, afterRead, writeCode, afterWrite) => {
    connected.sandbox.answerNext(status, body);
    expect(await failureOf(read())).toMatchObject({ code: readCode, disposition: afterRead });
    connected.sandbox.answerNext(status, body);
    expect(await failureOf(open())).toMatchObject({ code: writeCode, disposition: afterWrite });
  });

  test('429 says when to come back', async () => {
    connected.sandbox.answerNext(429, refusal, { 'retry-after': '7' });

    expect(await failureOf(read())).toMatchObject({ retryAfterMs: 7_000 });
  });

  test('a lost answer leaves a write in doubt, and the mark finds what it did', async () => {
    connected.sandbox.loseNextAnswer('POST /tickets');
    expect(await failureOf(open())).toMatchObject({ code: 'OUTCOME_UNKNOWN', disposition: 'in-doubt' });

    const action = { do: 'open', role: 'related', name: 'dwh', system: 'dwh', draft } as const;
    const { desk } = connected;
    expect(await desk.find({ ...action, key: 'open:related:dwh', origin: ORIGIN }, signal)).toMatchObject({
      outcome: 'present',
    });
    const other = { ...ORIGIN, id: '4' };
    expect(await desk.find({ ...action, key: 'open:related:dwh', origin: other }, signal)).toEqual({
      outcome: 'unclear',
      settleMs: 10_000,
    });
  });

  test('a system that is down was surely not asked', async () => {
    await connected.sandbox.down();
    expect(await failureOf(read())).toMatchObject({ code: 'SYSTEM_UNREACHABLE', disposition: 'outage' });
    expect(await failureOf(open())).toMatchObject({ code: 'SYSTEM_UNREACHABLE', disposition: 'outage' });
    await connected.sandbox.up();
  });

  test('the token stands in no message', async () => {
    connected.sandbox.answerNext(422, refusal);
    const failure = await failureOf(open());

    expect(JSON.stringify([failure.message, failure.details])).not.toContain('sandbox-token');
  });
});

describe('the list of changes', () => {
  test('comes page by page, and none is lost that changes meanwhile', async () => {
    const { desk, sandbox } = connected;
    const since = DateTime.now().minus({ minutes: 1 });
    const early = sandbox.desk.open({ title: 'Ранняя' }, 'orlova');
    for (let count = 0; count < 60; count += 1) {
      sandbox.desk.open({ title: `Ещё ${count}` }, 'orlova');
    }

    const first = await desk.changedSince(since, undefined, signal);
    expect(first.completeBefore).toBeUndefined();
    sandbox.desk.change(early.id, { state: 'В работе' }, 'orlova');
    const ids = new Set<string>();
    let last = first;
    while (last.next !== undefined) {
      last = await desk.changedSince(since, last.next, signal);
      for (const { ref } of last.changes) {
        ids.add(ref.id);
      }
    }
    expect(ids).toContain(early.id);
    expect(new Set([...ids, ...first.changes.map(({ ref }) => ref.id)]).size).toBeGreaterThanOrEqual(61);
  });
});

describe('a webhook of the adjacent system', () => {
  const receive: (body: string) => ReturnType<Connection['receive']> = (body) =>
    connected.receive({ headers: {}, query: {}, body: Buffer.from(body) });

  test('leads to its ticket, unless the bridge itself did it', () => {
    const ticket = { id: '7', number: 'DWH-7' };

    expect(receive(JSON.stringify({ ticket, by: 'orlova', state: 'Выполнено' }))).toEqual([
      { ref: { system: 'dwh', id: '7', key: 'DWH-7' }, kind: 'changed' },
    ]);
    expect(receive(JSON.stringify({ ticket, by: 'bridge' }))).toEqual([]);
  });

  test.each([
    ['no JSON', '<xml/>', /not JSON/],
    ['nothing', '', /not JSON/],
    ['no ticket', '{"by":"orlova"}', /tells of no ticket: ticket: /],
    ['a list', '[]', /tells of no ticket: the body: /],
  ])('that has %s is refused with a sentence', (_what, body, message) => {
    expect(() => receive(body)).toThrow(
      expect.objectContaining({ code: 'WEBHOOK_UNREADABLE', message: expect.stringMatching(message) }),
    );
  });
});
