import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { Claim, Store } from '../../../src/store/store.ts';
import { begin, commentOn, issue, letter, linkTo, now, plus, type Subject, ticket } from './sample.ts';

/** What is on record about each call. */
export function describeIntents(open: () => Promise<Subject>): void {
  describe('intents', () => {
    let store: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(() => close());

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
        related: [],
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

    test('tries that were not even sent are counted, and nobody doubts them', async () => {
      const claim = await begin(store);
      await store.countUnsent(claim, action, now);
      expect(await store.countUnsent(claim, action, plus(5))).toMatchObject({
        state: 'unsent',
        attempts: 2,
        firstSentAt: now,
      });
      expect(await store.doubtful(ticket('42'))).toEqual([]);

      expect(await store.intend(claim, action, plus(6))).toMatchObject({ state: 'sending', attempts: 3 });
      expect(await store.doubtful(ticket('42'))).toHaveLength(1);
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
    let store: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(() => close());

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

      expect((await store.link(ticket('42'))).refused).toEqual({
        [action.key]: { action, code: 'REFUSED', message: letter().message, at: letter().at },
      });
      expect(await store.deadLetters({ state: 'open', limit: 10 })).toEqual([
        {
          ...letter(),
          id: expect.any(String),
          ticket: ticket('42'),
          action,
          system: 'jira',
          fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
          firstAt: now,
          times: 1,
          state: 'open',
          version: 1,
        },
      ]);
      expect(await store.backlog(now)).toMatchObject({ deadLetters: 1 });
    });

    test('a call without an answer is in doubt until it is done, refused or forgotten', async () => {
      const claim = await begin(store);
      await store.intend(claim, action, now);
      await store.intend(claim, { ...action, key: 'comment:jira:8' }, plus(1));

      expect((await store.doubtful(ticket('42'))).map(({ key }) => key)).toEqual([action.key, 'comment:jira:8']);
      await store.complete(claim, action, '77', {}, now);
      await store.forget(claim, action.key);
      await store.forget(claim, 'comment:jira:8');
      expect(await store.doubtful(ticket('42'))).toEqual([]);
      expect(await store.intent(ticket('42'), action.key)).toMatchObject({ state: 'done' });
      expect(await store.intent(ticket('42'), 'comment:jira:8')).toBeUndefined();
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
}
