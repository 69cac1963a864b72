import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { Action } from '../../src/domain/action.ts';
import type { TicketEvent } from '../../src/domain/event.ts';
import type { Ref } from '../../src/domain/ticket.ts';
import type { Claim, NewDeadLetter, Store } from '../../src/store/store.ts';

/** An empty database without a schema, with the store under test on it. */
export interface Subject {
  readonly store: Store;
  /** A store of another instance on the same data; the same one where there can be one instance only. */
  readonly other: Store;
  /** Runs SQL behind the store's back. */
  execute(sql: string): Promise<void>;
  close(): Promise<void>;
}

export const now = DateTime.fromISO('2026-03-02T09:00:00.000Z', { zone: 'utc' });
const MINUTE = 60_000;
const plus = (milliseconds: number) => now.plus(milliseconds);

export const ticket = (id: string): Ref => ({ system: 'otrs', id, key: `2026030210${id.padStart(6, '0')}` });
const issue = (id: string): Ref => ({ system: 'jira', id, key: `OSSTTMB2B-${id}` });

export function event(id: string, ref: Ref, changes: Partial<TicketEvent> = {}): TicketEvent {
  return { id, ref, kind: 'changed', channel: 'webhook', at: now, ...changes };
}

function commentOn(ref: Ref, text: string, key = 'comment:jira:17'): Action {
  return { do: 'comment', key, ref, comment: { text, subject: 'Комментарий 3ЛТП', visibility: 'internal' } };
}

const letter = (changes: Partial<NewDeadLetter> = {}): NewDeadLetter => ({
  code: 'REFUSED',
  message: 'Field «customfield_10200» cannot be set.',
  details: { field: 'customfield_10200', answer: { статус: 400 } },
  at: now,
  ...changes,
});

export async function claimOne(store: Store, at = now, leaseMs = MINUTE): Promise<Claim> {
  const [claim] = await store.claim('worker', 1, leaseMs, at);
  if (claim === undefined) {
    throw new Error('there is no ticket to claim');
  }
  return claim;
}

/** Brings a ticket into work. */
async function begin(store: Store, id = '42'): Promise<Claim> {
  await store.accept([event(`begin-${id}`, ticket(id))], now);
  return claimOne(store);
}

async function linkTo(store: Store, id: string, ref: Ref): Promise<void> {
  const claim = await begin(store, id);
  await store.remember(claim, { issue: ref });
  await store.release(claim, { outcome: 'settled' }, now);
}

/** What every store promises, whatever database it keeps its rows in. */
export function describeStore(name: string, open: () => Promise<Subject>): void {
  describe(name, () => {
    let subject: Subject;
    let store: Store;

    beforeEach(async () => {
      subject = await open();
      store = subject.store;
      await store.migrate();
    });

    afterEach(() => subject.close());

    describe('arrivals', () => {
      test('nothing is due in an empty store', async () => {
        expect(await store.nextDue()).toBeUndefined();
        expect(await store.claim('worker', 10, MINUTE, now)).toEqual([]);
        expect(await store.accept([], now)).toEqual({ accepted: 0, foreign: 0 });
      });

      test('an event makes its ticket due at once', async () => {
        expect(await store.accept([event('a', ticket('42'))], now)).toEqual({ accepted: 1, foreign: 0 });

        expect(await store.nextDue()).toEqual(now);
        expect(await store.claim('worker', 10, MINUTE, now)).toEqual([
          { ticket: ticket('42'), fence: 1, attempt: 0, covers: 1 },
        ]);
      });

      test('a burst of events for one ticket is one look', async () => {
        await store.accept(
          Array.from({ length: 10 }, (_, index) => event(`e${index}`, ticket('42'))),
          now,
        );
        const claim = await claimOne(store);
        expect(claim.covers).toBe(10);

        await store.release(claim, { outcome: 'settled' }, now);
        expect(await store.nextDue()).toBeUndefined();
      });

      test.each([
        ['its id', { system: 'jira', id: '10042' }],
        ['its id, though its key has moved to another project', { system: 'jira', id: '10042', key: 'OTHER-1' }],
        ['its key, if the id says nothing', { system: 'jira', id: '0', key: 'OSSTTMB2B-10042' }],
        ['its key in the place of the id', { system: 'jira', id: 'OSSTTMB2B-10042' }],
        ['its id, even if its key is now the key of another', { system: 'jira', id: '10042', key: 'OSSTTMB2B-10043' }],
      ])('an event of an issue is booked on the linked ticket by %s', async (_, ref) => {
        await linkTo(store, '42', issue('10042'));
        await linkTo(store, '43', issue('10043'));

        expect(await store.accept([event('from-jira', ref)], now)).toEqual({ accepted: 1, foreign: 0 });
        expect((await claimOne(store)).ticket).toEqual(ticket('42'));
      });

      test('an event that leads to no ticket is counted as foreign and not kept', async () => {
        await linkTo(store, '42', issue('10042'));
        const events = [
          event('unknown', issue('777')),
          event('other-system', { system: 'naumen', id: '10042' }),
          event('no-id', { system: 'otrs', id: '' }),
          event('absurd-id', { system: 'otrs', id: '4'.repeat(10_000) }),
        ];

        expect(await store.accept(events, now)).toEqual({ accepted: 0, foreign: 4 });
        expect(await store.nextDue()).toBeUndefined();

        await linkTo(store, '43', issue('777'));
        expect(await store.nextDue()).toBeUndefined();
      });

      test('a known event is a new arrival when it comes again', async () => {
        await store.accept([event('a', ticket('42'))], now);
        await store.release(await claimOne(store), { outcome: 'settled' }, now);

        expect(await store.accept([event('a', ticket('42'))], plus(5))).toEqual({ accepted: 1, foreign: 0 });
        expect((await claimOne(store, plus(5))).covers).toBe(2);
      });

      test('a known event of the sweep changes nothing', async () => {
        const seen = event('jira:10042@09:00', ticket('42'), { channel: 'sweep' });
        expect(await store.accept([seen], now)).toEqual({ accepted: 1, foreign: 0 });
        await store.release(await claimOne(store), { outcome: 'settled' }, now);

        expect(await store.accept([seen], plus(5))).toEqual({ accepted: 0, foreign: 0 });
        expect(await store.nextDue()).toBeUndefined();
      });

      test('one event twice in a batch is two arrivals of one event', async () => {
        expect(await store.accept([event('a', ticket('42')), event('a', ticket('42'))], now)).toEqual({
          accepted: 2,
          foreign: 0,
        });
        await store.release(await claimOne(store), { outcome: 'settled' }, now);
        expect(await store.nextDue()).toBeUndefined();
      });

      test('a batch that cannot be kept whole is not kept at all', async () => {
        const broken = event('b', ticket('43'), { at: DateTime.invalid('for the test') });
        await expect(store.accept([event('a', ticket('42')), broken], now)).rejects.toThrow();

        expect(await store.nextDue()).toBeUndefined();
        expect(await store.backlog(now)).toMatchObject({ due: 0, oldestWaitMs: 0 });
      });

      test.each([
        ['Cyrillic', 'событие №1'],
        ['emoji', '👩🏽‍💻'],
        ['quotes', `'; drop table work; -- "`],
        ['a NUL', 'a\0b'],
        ['half an emoji', 'a\ud83d'],
        ['ten thousand characters', 'я'.repeat(10_000)],
      ])('an id with %s is kept and known again', async (_, id) => {
        const ref: Ref = { system: 'otrs', id: id.slice(0, 100), key: id };
        await store.accept([event(id, ref, { channel: 'sweep' })], now);
        const claim = await claimOne(store);
        expect(await store.release(claim, { outcome: 'settled' }, now)).toBe(true);

        expect(await store.accept([event(id, ref, { channel: 'sweep' })], now)).toEqual({ accepted: 0, foreign: 0 });
        expect(await store.accept([event(`${id}!`, ref, { channel: 'sweep' })], now)).toMatchObject({ accepted: 1 });
      });

      test('batches for the same tickets in opposite order do not block each other, and count every arrival', async () => {
        const ids = Array.from({ length: 40 }, (_, index) => String(index));
        const batch = (round: number, order: readonly string[]) =>
          order.map((id) => event(`${round}-${id}`, ticket(id)));
        const batches = Array.from({ length: 10 }, (_, round) =>
          batch(round, round % 2 === 0 ? ids : ids.toReversed()),
        );
        await Promise.all(
          batches.map((events, round) => (round % 2 === 0 ? store : subject.other).accept(events, now)),
        );

        const claims = await store.claim('worker', 100, MINUTE, now);
        expect(claims.map(({ covers }) => covers)).toEqual(ids.map(() => 10));
      });

      test('ten thousand tickets in one batch are all served, longest due first', async () => {
        const ids = Array.from({ length: 10_000 }, (_, index) => String(index));
        await store.accept([event('first', ticket('9999'))], plus(-1));
        await store.accept(
          ids.map((id) => event(`e${id}`, ticket(id))),
          now,
        );
        expect(await store.backlog(now)).toMatchObject({ due: 10_000 });

        const claims = await store.claim('worker', 20_000, MINUTE, now);
        expect(claims[0]?.ticket).toEqual(ticket('9999'));
        expect(new Set(claims.map((claim) => claim.ticket.id)).size).toBe(10_000);
      });
    });

    describe('claims', () => {
      test('a ticket in work is not handed out again', async () => {
        await begin(store);
        expect(await subject.other.claim('another', 10, MINUTE, plus(MINUTE - 1))).toEqual([]);
      });

      test('claimers at the same time never share a ticket and leave none', async () => {
        const ids = Array.from({ length: 200 }, (_, index) => String(index));
        await store.accept(
          ids.map((id) => event(id, ticket(id))),
          now,
        );

        const claimed: string[] = [];
        const claimAll = async (from: Store, owner: string): Promise<void> => {
          for (let idle = 0; idle < 2 && claimed.length <= 200; ) {
            const claims = await from.claim(owner, 7, MINUTE, now);
            claimed.push(...claims.map((claim) => claim.ticket.id));
            idle = claims.length === 0 ? idle + 1 : 0;
          }
        };
        await Promise.all(
          [store, subject.other, store, subject.other].map((from, at) => claimAll(from, `worker ${at}`)),
        );

        expect(claimed).toHaveLength(200);
        expect(new Set(claimed).size).toBe(200);
      });

      test('the longest due ticket comes first, however often others are heard of', async () => {
        await store.accept([event('quiet', ticket('1'))], now);
        for (let times = 1; times <= 5; times += 1) {
          await store.accept([event('loud', ticket('2'))], plus(times));
        }

        expect((await claimOne(store, plus(10))).ticket).toEqual(ticket('1'));
        expect((await claimOne(store, plus(10))).ticket).toEqual(ticket('2'));
      });

      test('an expired lease goes to another worker under a higher fence, before everything that came later', async () => {
        const lost = await begin(store, '1');
        await store.accept([event('later', ticket('2'))], plus(10));

        const taken = await claimOne(subject.other, plus(MINUTE));
        expect(taken).toEqual({ ...lost, fence: lost.fence + 1 });
      });

      test('a lease that was extended in time is kept', async () => {
        const claim = await begin(store);
        expect(await store.extend(claim, MINUTE, plus(30_000))).toBe(true);
        expect(await subject.other.claim('another', 10, MINUTE, plus(MINUTE))).toEqual([]);
        expect(await subject.other.claim('another', 10, MINUTE, plus(MINUTE + 30_000))).toHaveLength(1);
      });

      test('no ticket is handed out for a limit of none', async () => {
        await store.accept([event('a', ticket('42'))], now);
        expect(await store.claim('worker', 0, MINUTE, now)).toEqual([]);
      });
    });

    describe('giving back', () => {
      test('a settled ticket is looked at again when the decision wants it', async () => {
        const claim = await begin(store);
        await store.release(claim, { outcome: 'settled', nextLookAt: plus(5 * MINUTE) }, now);

        expect(await store.nextDue()).toEqual(plus(5 * MINUTE));
        expect(await store.claim('worker', 1, MINUTE, plus(5 * MINUTE - 1))).toEqual([]);
        expect(await store.claim('worker', 1, MINUTE, plus(5 * MINUTE))).toHaveLength(1);
      });

      test.each([
        ['settled', { outcome: 'settled', nextLookAt: plus(60 * MINUTE) }],
        ['failed', { outcome: 'later', nextLookAt: plus(60 * MINUTE), attempt: 1, reason: 'SYSTEM_FAILING' }],
      ] as const)('an event that arrives during a look that %s makes the ticket due at once', async (_, release) => {
        const claim = await begin(store);
        await store.accept([event('meanwhile', ticket('42'))], plus(5));
        expect(await store.claim('worker', 1, MINUTE, plus(6))).toEqual([]);

        await store.release(claim, release, plus(7));
        expect(await claimOne(store, plus(7))).toMatchObject({ ticket: ticket('42'), covers: 2 });
      });

      test('a failed look keeps what it spent until a look goes well', async () => {
        await store.release(
          await begin(store),
          { outcome: 'later', nextLookAt: plus(10), attempt: 3, reason: 'RATE_LIMITED' },
          now,
        );
        expect(await store.claim('worker', 1, MINUTE, plus(9))).toEqual([]);

        const again = await claimOne(store, plus(10));
        expect(again.attempt).toBe(3);
        await store.release(again, { outcome: 'settled', nextLookAt: plus(20) }, plus(10));
        expect((await claimOne(store, plus(20))).attempt).toBe(0);
      });

      test('a new event ends the wait after a failure', async () => {
        const failed = { outcome: 'later', nextLookAt: plus(60 * MINUTE), attempt: 1, reason: 'outage' } as const;
        await store.release(await begin(store), failed, now);
        await store.accept([event('news', ticket('42'))], plus(5));

        expect(await claimOne(store, plus(5))).toMatchObject({ attempt: 1, covers: 2 });
      });

      test('a ticket in work is next due when its lease ends', async () => {
        await begin(store, '1');
        expect(await store.nextDue()).toEqual(plus(MINUTE));

        await store.accept([event('sooner', ticket('2'))], plus(5));
        expect(await store.nextDue()).toEqual(plus(5));
      });

      test('a ticket is given back once', async () => {
        const claim = await begin(store);
        expect(await store.release(claim, { outcome: 'settled' }, now)).toBe(true);
        expect(await store.release(claim, { outcome: 'settled' }, now)).toBe(false);
        expect(await store.extend(claim, MINUTE, now)).toBe(false);
      });
    });

    describe('fences', () => {
      const writes: readonly (readonly [string, (claim: Claim) => Promise<unknown>])[] = [
        ['remember', (claim) => store.remember(claim, { agreed: { issueState: 'Решено' } })],
        ['intend', (claim) => store.intend(claim, commentOn(issue('1'), 'ещё раз', 'comment:otrs:8'), now)],
        ['complete', (claim) => store.complete(claim, commentOn(issue('1'), 'текст'), '99', {}, now)],
        ['retract', (claim) => store.retract(claim, commentOn(issue('1'), 'текст'))],
        ['refuse', (claim) => store.refuse(claim, commentOn(issue('1'), 'текст'), letter())],
      ];

      test.each(writes)('a worker that lost its ticket cannot %s', async (_, write) => {
        const lost = await begin(store);
        await store.intend(lost, commentOn(issue('1'), 'текст'), now);
        const holder = await claimOne(subject.other, plus(MINUTE));

        await expect(write(lost)).rejects.toMatchObject({ code: 'LEASE_LOST', disposition: 'again' });
        expect(await store.extend(lost, MINUTE, plus(MINUTE))).toBe(false);
        expect(await store.release(lost, { outcome: 'settled' }, plus(MINUTE))).toBe(false);
        expect(await store.link(lost.ticket)).toMatchObject({ agreed: {}, done: {}, refused: {} });
        expect(await store.intent(lost.ticket, 'comment:jira:17')).toMatchObject({ state: 'sending', attempts: 1 });
        expect(await store.intent(lost.ticket, 'comment:otrs:8')).toBeUndefined();
        expect(await store.deadLetters({ limit: 10 })).toEqual([]);
        expect(await subject.other.release(holder, { outcome: 'settled' }, plus(MINUTE))).toBe(true);
      });

      test.each(writes)('a worker that gave its ticket back cannot %s', async (_, write) => {
        const claim = await begin(store);
        await store.release(claim, { outcome: 'settled' }, now);
        await expect(write(claim)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      });
    });

    describe('links', () => {
      test('of an unknown ticket nothing is remembered', async () => {
        expect(await store.link(ticket('42'))).toEqual({ ticket: ticket('42'), agreed: {}, done: {}, refused: {} });
      });

      test('what a change does not name stays', async () => {
        const claim = await begin(store);
        await store.remember(claim, { issue: issue('10042') });
        await store.remember(claim, { agreed: { issueState: 'Решено / Исправлено' } });
        await store.remember(claim, { ticket: { system: 'otrs', id: '42', key: '2026030299000042' } });

        expect(await store.link({ system: 'otrs', id: '42' })).toEqual({
          ticket: { system: 'otrs', id: '42', key: '2026030299000042' },
          issue: issue('10042'),
          agreed: { issueState: 'Решено / Исправлено' },
          done: {},
          refused: {},
        });
      });

      test('an issue belongs to one ticket', async () => {
        await linkTo(store, '42', issue('10042'));
        const claim = await begin(store, '43');

        await expect(
          store.remember(claim, { issue: issue('10042'), agreed: { issueState: 'x' } }),
        ).rejects.toMatchObject({
          code: 'INTERNAL',
          disposition: 'again',
          message: expect.stringContaining('belongs to ticket 2026030210000042'),
        });
        expect((await store.link(ticket('43'))).issue).toBeUndefined();
        expect((await store.link(ticket('43'))).agreed).toEqual({});
      });

      test('of two tickets that take one issue at the same time one gets it', async () => {
        const claims = [await begin(store, '42'), await begin(store, '43')];
        const ends = await Promise.allSettled(
          claims.map((claim, at) => (at === 0 ? store : subject.other).remember(claim, { issue: issue('10042') })),
        );

        expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
          reason: { code: 'INTERNAL', disposition: 'again' },
        });
      });
    });

    describe('intents', () => {
      const text = 'Строка «1»\n\tO\'Brien "\\" \0 \ud83d 👩🏽‍💻';
      const action = commentOn(issue('10042'), text);

      test('an intent is on record before the call, and counts its repeats', async () => {
        const claim = await begin(store);
        expect(await store.intent(ticket('42'), action.key)).toBeUndefined();

        const first = { key: action.key, action, state: 'sending', attempts: 1, firstSentAt: now, lastSentAt: now };
        expect(await store.intend(claim, action, now)).toEqual(first);
        expect(await store.intent(ticket('42'), action.key)).toEqual(first);

        const second = { ...first, attempts: 2, lastSentAt: plus(5) };
        expect(await store.intend(claim, action, plus(5))).toEqual(second);
        expect(await store.intent(ticket('42'), action.key)).toEqual(second);
      });

      test('what took effect is remembered with what it changed', async () => {
        const claim = await begin(store);
        await store.intend(claim, action, now);
        await store.complete(claim, action, '9001', { issue: issue('10042'), agreed: { issueState: 'В работе' } }, now);

        expect(await store.link(ticket('42'))).toEqual({
          ticket: ticket('42'),
          issue: issue('10042'),
          agreed: { issueState: 'В работе' },
          done: { [action.key]: '9001' },
          refused: {},
        });
        expect(await store.intent(ticket('42'), action.key)).toMatchObject({ state: 'done', attempts: 1 });
      });

      test('an effect that was found without an intent is remembered too', async () => {
        const claim = await begin(store);
        await store.complete(claim, action, '9001', {}, now);
        expect((await store.link(ticket('42'))).done).toEqual({ [action.key]: '9001' });
      });

      test('a call is either done with its change or not at all', async () => {
        await linkTo(store, '1', issue('10042'));
        const claim = await begin(store);
        await store.intend(claim, action, now);

        await expect(store.complete(claim, action, '9001', { issue: issue('10042') }, now)).rejects.toMatchObject({
          code: 'INTERNAL',
        });
        expect(await store.intent(ticket('42'), action.key)).toMatchObject({ state: 'sending' });
        expect((await store.link(ticket('42'))).done).toEqual({});
      });

      test('a call that was surely not executed is forgotten', async () => {
        const claim = await begin(store);
        await store.intend(claim, action, now);
        await store.retract(claim, action);
        expect(await store.intent(ticket('42'), action.key)).toBeUndefined();
      });

      test('a repeat that was surely not executed leaves the first call in doubt', async () => {
        const claim = await begin(store);
        await store.intend(claim, action, now);
        await store.intend(claim, action, plus(5));
        await store.retract(claim, action);
        expect(await store.intent(ticket('42'), action.key)).toMatchObject({ state: 'sending', attempts: 1 });
      });

      test('what took effect is not forgotten by a retraction that comes late', async () => {
        const claim = await begin(store);
        await store.intend(claim, action, now);
        await store.complete(claim, action, '9001', {}, now);
        await store.retract(claim, action);
        expect((await store.link(ticket('42'))).done).toEqual({ [action.key]: '9001' });
      });

      test('a state that is reached again is a new series of calls', async () => {
        const claim = await begin(store);
        await store.intend(claim, action, now);
        await store.complete(claim, action, '9001', {}, now);
        expect(await store.intend(claim, action, plus(5))).toMatchObject({ attempts: 1, firstSentAt: plus(5) });
      });
    });

    describe('refusals', () => {
      const action = commentOn(issue('10042'), 'Прошу предоставить лог');
      const changed = commentOn(issue('10042'), 'Прошу предоставить лог за 01.03');

      async function refused(): Promise<Claim> {
        const claim = await begin(store);
        await store.intend(claim, action, now);
        await store.refuse(claim, action, letter());
        return claim;
      }

      test('a refused action is remembered with an open letter', async () => {
        await refused();

        expect((await store.link(ticket('42'))).refused).toEqual({ [action.key]: { action, code: 'REFUSED' } });
        expect(await store.deadLetters({ state: 'open', limit: 10 })).toEqual([
          { ...letter(), id: expect.any(String), ticket: ticket('42'), action, state: 'open' },
        ]);
        expect(await store.backlog(now)).toMatchObject({ deadLetters: 1 });
      });

      test('a refusal without a letter does not exist', async () => {
        const claim = await begin(store);
        await store.intend(claim, action, now);
        const unwritable = letter({ at: DateTime.invalid('for the test') });

        await expect(store.refuse(claim, action, unwritable)).rejects.toThrow();
        expect(await store.intent(ticket('42'), action.key)).toMatchObject({ state: 'sending' });
        expect(await store.deadLetters({ limit: 10 })).toEqual([]);
      });

      test('a second refusal leaves one open letter, the newer one', async () => {
        const claim = await refused();
        await store.intend(claim, action, plus(5));
        await store.refuse(claim, action, letter({ code: 'NOT_PERMITTED', at: plus(5) }));

        expect(await store.deadLetters({ state: 'open', limit: 10 })).toMatchObject([{ code: 'NOT_PERMITTED' }]);
        expect((await store.link(ticket('42'))).refused).toMatchObject({ [action.key]: { code: 'NOT_PERMITTED' } });
      });

      test('a later success resolves the letter', async () => {
        const claim = await refused();
        await store.complete(claim, action, '9001', {}, plus(5));

        expect(await store.link(ticket('42'))).toMatchObject({ refused: {}, done: { [action.key]: '9001' } });
        expect(await store.deadLetters({ limit: 10 })).toMatchObject([{ state: 'resolved' }]);
      });

      test('an action with other content replaces the refused one and resolves its letter', async () => {
        const claim = await refused();
        await store.intend(claim, changed, plus(5));

        expect((await store.link(ticket('42'))).refused).toEqual({});
        expect(await store.deadLetters({ state: 'open', limit: 10 })).toEqual([]);
      });

      test('the letter about one action leaves other actions of the ticket alone', async () => {
        const claim = await refused();
        const other = commentOn(issue('10042'), 'Другой', 'comment:jira:18');
        await store.intend(claim, other, now);
        await store.complete(claim, other, '9002', {}, now);

        expect(await store.link(ticket('42'))).toMatchObject({
          done: { 'comment:jira:18': '9002' },
          refused: { [action.key]: { code: 'REFUSED' } },
        });
      });
    });

    describe('dead letters', () => {
      test('one open letter per ticket and code: a repeat renews it', async () => {
        await store.bury(letter({ ticket: ticket('42'), code: 'RECORD_NOT_READABLE', message: 'gone' }));
        const [first] = await store.deadLetters({ limit: 10 });
        await store.bury(
          letter({ ticket: ticket('42'), code: 'RECORD_NOT_READABLE', message: 'still gone', at: plus(5) }),
        );
        await store.bury(letter({ ticket: ticket('42'), code: 'INTERNAL' }));
        await store.bury(letter({ ticket: ticket('43'), code: 'RECORD_NOT_READABLE' }));

        const letters = await store.deadLetters({ limit: 10 });
        expect(letters).toHaveLength(3);
        expect(letters[0]).toMatchObject({ id: first?.id, message: 'still gone', at: plus(5) });
      });

      test('a ticket that can be looked at again has no letters of its own, but keeps those of its actions', async () => {
        const claim = await begin(store);
        await store.refuse(claim, commentOn(issue('1'), 'x'), letter());
        await store.bury(letter({ ticket: ticket('42'), code: 'RECORD_NOT_READABLE' }));
        await store.bury(letter({ ticket: ticket('43'), code: 'RECORD_NOT_READABLE' }));

        await store.unbury(ticket('42'), plus(5));
        const open = await store.deadLetters({ state: 'open', limit: 10 });
        expect(open.map((entry) => [entry.ticket?.id, entry.code]).toSorted()).toEqual([
          ['42', 'REFUSED'],
          ['43', 'RECORD_NOT_READABLE'],
        ]);

        await store.bury(letter({ ticket: ticket('42'), code: 'RECORD_NOT_READABLE' }));
        expect(await store.deadLetters({ ticket: ticket('42'), limit: 10 })).toHaveLength(3);
      });

      test('unreadable messages of no ticket are letters of their own', async () => {
        await store.bury(letter({ code: 'MESSAGE_UNREADABLE', details: { body: '{"a":' } }));
        await store.bury(letter({ code: 'MESSAGE_UNREADABLE', details: { body: '\0\0' } }));

        const letters = await store.deadLetters({ limit: 10 });
        expect(letters.map(({ details }) => details.body).toSorted()).toEqual(['\0\0', '{"a":']);
        expect(letters[0]).not.toHaveProperty('ticket');
      });

      test('the newest letters come first, up to the limit', async () => {
        for (const minute of [2, 3, 1]) {
          await store.bury(letter({ message: `${minute}`, at: plus(minute * MINUTE) }));
        }
        const letters = await store.deadLetters({ limit: 2 });
        expect(letters.map(({ message }) => message)).toEqual(['3', '2']);
      });

      test.each<[string, Record<string, unknown>]>([
        ['one long text', { status: 502, body: '<p>Шлюз</p>'.repeat(100_000) }],
        ['very many short texts', { rows: Array.from({ length: 50_000 }, (_, index) => `строка ${index}`) }],
      ])('details with %s are cut with a note', async (_, details) => {
        await store.bury(letter({ details }));
        const [kept] = await store.deadLetters({ limit: 1 });
        const text = JSON.stringify(kept?.details);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
        expect(text).toMatch(/cut/);
      });

      test('details that JSON cannot say are described instead of lost', async () => {
        const circle: Record<string, unknown> = { cause: new Error('причина'), size: 10n ** 20n };
        await store.bury(letter({ message: 'plain', details: { ...circle } }));
        circle.self = circle;
        await store.bury(letter({ message: 'circle', details: circle, at: plus(-5) }));

        const [plain, circular] = await store.deadLetters({ limit: 2 });
        expect(plain?.details).toEqual({ cause: { name: 'Error', message: 'причина' }, size: '100000000000000000000' });
        expect(circular?.details).toEqual({ note: expect.stringContaining('refer to themselves') });
      });
    });

    describe('sweeps', () => {
      test('a sweep begins once in its time, on one instance', async () => {
        const begun = await Promise.all(
          [store, subject.other, store, subject.other].map((from) => from.beginSweep('jira', MINUTE, now)),
        );
        expect(begun.filter((turn) => turn !== undefined)).toEqual([{ since: undefined }]);
        expect(await store.beginSweep('jira', MINUTE, plus(MINUTE - 1))).toBeUndefined();
        expect(await store.beginSweep('otrs', MINUTE, now)).toEqual({ since: undefined });
      });

      test('a sweep goes on from where the last good one ended', async () => {
        await store.beginSweep('jira', MINUTE, now);
        await store.endSweep('jira', plus(-5));
        expect(await store.beginSweep('jira', MINUTE, plus(MINUTE))).toEqual({ since: plus(-5) });
      });

      test('a sweep that did not end is repeated from the same moment', async () => {
        await store.endSweep('jira', plus(-5));
        await store.beginSweep('jira', MINUTE, plus(MINUTE));
        expect(await store.beginSweep('jira', MINUTE, plus(2 * MINUTE))).toEqual({ since: plus(-5) });
      });

      test('a sweep that ends late does not undo what a newer one has seen', async () => {
        await store.beginSweep('jira', MINUTE, now);
        await store.endSweep('jira', plus(10));
        await store.endSweep('jira', plus(5));
        expect(await store.beginSweep('jira', MINUTE, plus(MINUTE))).toEqual({ since: plus(10) });
      });

      test('a clock that was set back does not stop the sweeps', async () => {
        await store.beginSweep('jira', MINUTE, plus(60 * MINUTE));
        expect(await store.beginSweep('jira', MINUTE, now)).toBeDefined();
      });
    });

    test('the audit trail tells a ticket’s story in the order in which it happened', async () => {
      const who = 'bridge';
      await store.audit({ at: plus(5), who: 'petrova.2l', what: 'replayed', ticket: ticket('42'), detail: {} });
      await store.audit({ at: now, who, what: 'opened', ticket: ticket('42'), detail: { задача: 'OSSTTMB2B-1' } });
      for (let index = 0; index < 12; index += 1) {
        await store.audit({ at: plus(1), who, what: `${index}`, ticket: ticket('42'), detail: {} });
      }
      await store.audit({ at: now, who, what: 'opened', ticket: ticket('43'), detail: {} });
      await store.audit({ at: now, who, what: 'started', detail: {} });

      const trail = await store.auditTrail(ticket('42'));
      expect(trail[0]).toEqual({
        at: now,
        who,
        what: 'opened',
        ticket: ticket('42'),
        detail: { задача: 'OSSTTMB2B-1' },
      });
      expect(trail.slice(1).map(({ what }) => what)).toEqual([...Array(12).keys()].map(String).concat('replayed'));
    });

    test('the backlog tells how many wait and for how long', async () => {
      expect(await store.backlog(now)).toEqual({ due: 0, oldestWaitMs: 0, deadLetters: 0 });

      await store.accept([event('a', ticket('1'))], now);
      await store.accept([event('b', ticket('2')), event('a', ticket('1'))], plus(100));
      expect(await store.backlog(plus(500))).toMatchObject({ due: 2, oldestWaitMs: 500 });

      const claim = await claimOne(store, plus(500));
      expect(await store.backlog(plus(500))).toMatchObject({ due: 2, oldestWaitMs: 500 });

      await store.accept([event('c', ticket('1'))], plus(600));
      await store.release(claim, { outcome: 'settled' }, plus(700));
      expect(await store.backlog(plus(1_000))).toMatchObject({ due: 2, oldestWaitMs: 900 });

      await store.release(await claimOne(store, plus(1_000)), { outcome: 'settled' }, plus(1_000));
      expect(await store.backlog(plus(1_000))).toMatchObject({ due: 1, oldestWaitMs: 400 });

      await store.release(await claimOne(store, plus(1_000)), { outcome: 'settled' }, plus(1_000));
      expect(await store.backlog(plus(1_000))).toEqual({ due: 0, oldestWaitMs: 0, deadLetters: 0 });
    });

    test('a failed look leaves its events waiting', async () => {
      const failed = { outcome: 'later', nextLookAt: plus(60 * MINUTE), attempt: 1, reason: 'outage' } as const;
      await store.release(await begin(store), failed, plus(5));
      expect(await store.backlog(plus(10))).toMatchObject({ due: 0, oldestWaitMs: 10 });
    });

    test('a closed store says so, and finishes what is under way', async () => {
      const underWay = store.accept([event('a', ticket('42'))], now);
      await Promise.all([store.close(), store.close()]);
      expect(await underWay).toEqual({ accepted: 1, foreign: 0 });
      await expect(store.nextDue()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    });
  });

  describe(`${name}: schema`, () => {
    let subject: Subject;

    beforeEach(async () => {
      subject = await open();
    });

    afterEach(() => subject.close());

    test('a database without the bridge’s tables is refused', async () => {
      await expect(subject.store.verify()).rejects.toMatchObject({
        code: 'STORE_OUTDATED',
        message: expect.stringContaining('empty'),
      });
      await expect(subject.store.nextDue()).rejects.toMatchObject({ code: 'STORE_OUTDATED' });
    });

    test('the schema is made once', async () => {
      expect(await subject.store.migrate()).toEqual(['0001-first-schema']);
      await subject.store.verify();
      await begin(subject.store);

      expect(await subject.store.migrate()).toEqual([]);
      expect(await subject.store.backlog(now)).toMatchObject({ due: 1 });
    });

    test('of two that migrate at the same time one does it', async () => {
      const applied = await Promise.all([subject.store.migrate(), subject.other.migrate(), subject.store.migrate()]);
      expect(applied.flat()).toEqual(['0001-first-schema']);
      await subject.other.verify();
    });

    test('a migration that fails leaves nothing behind', async () => {
      await subject.execute('create table sweep (name text primary key)');
      await expect(subject.store.migrate()).rejects.toThrow();

      await subject.execute('drop table sweep');
      expect(await subject.store.migrate()).toEqual(['0001-first-schema']);
    });

    test('a database that lacks a migration is refused by the name of what is missing', async () => {
      await subject.store.migrate();
      await subject.execute(`delete from migration where name = '0001-first-schema'`);
      await expect(subject.store.verify()).rejects.toMatchObject({
        code: 'STORE_OUTDATED',
        message: expect.stringContaining('lacks 0001-first-schema'),
      });
    });

    test('a database of a newer program is neither used nor migrated', async () => {
      await subject.store.migrate();
      await subject.execute(`insert into migration (name) values ('9999-from-the-future')`);
      const refusal = { code: 'STORE_OUTDATED', message: expect.stringContaining('newer than this program') };
      await expect(subject.store.verify()).rejects.toMatchObject(refusal);
      await expect(subject.store.migrate()).rejects.toMatchObject(refusal);
    });
  });
}
