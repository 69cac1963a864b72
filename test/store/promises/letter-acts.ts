import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Operator } from '../../../src/store/letters.ts';
import type { Claim, DeadLetter, Store } from '../../../src/store/store.ts';
import { begin, claimOne, commentOn, event, issue, letter, MINUTE, now, plus, type Subject, ticket } from './sample.ts';

/** What people do with letters. */
export function describeLetterActs(open: () => Promise<Subject>): void {
  describe('acts on letters', () => {
    let store: Store;
    let other: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, other, close } = await open());
    });

    afterEach(() => close());

    const action = commentOn(issue('10042'), 'Прошу предоставить лог');
    const edited = commentOn(issue('10042'), 'Прошу предоставить лог за 01.03');
    const by = (who = 'petrova.2l', changes: Partial<Operator> = {}): Operator => ({
      who,
      now: plus(MINUTE),
      ...changes,
    });
    const refusedKeys = async () => Object.keys((await store.link(ticket('42'))).refused);

    async function refuse(claim: Claim, code = 'REFUSED'): Promise<void> {
      await store.intend(claim, action, now);
      await store.refuse(claim, action, letter({ code }));
    }

    async function only(state: DeadLetter['state'] = 'open'): Promise<DeadLetter> {
      const letters = await store.deadLetters({ state, limit: 10 });
      const [first] = letters;
      if (first === undefined || letters.length > 1) {
        throw new Error(`${letters.length} letters are ${state}`);
      }
      return first;
    }

    /** A ticket with one refused action, whose look has ended. */
    async function buried(code?: string): Promise<DeadLetter> {
      const claim = await begin(store);
      await refuse(claim, code);
      await store.release(claim, { outcome: 'settled' }, now);
      return only();
    }

    const lookAgain = () => claimOne(store, plus(2 * MINUTE));

    test('a replay lifts the refusal and makes the ticket due at once, also while it is backing off', async () => {
      const claim = await begin(store);
      await refuse(claim);
      const later = { outcome: 'later', nextLookAt: plus(60 * MINUTE), attempt: 3, reason: 'x' } as const;
      await store.release(claim, later, now);
      const ordered = await store.orderReplay(await only(), 'now', by());

      expect(ordered).toMatchObject({ state: 'open', order: { as: 'now', by: 'petrova.2l', at: plus(MINUTE) } });
      expect(await refusedKeys()).toEqual([]);
      expect(await store.claim('worker', 1, MINUTE, plus(MINUTE))).toHaveLength(1);
      expect((await store.arrivals(ticket('42'))).at(-1)).toMatchObject({ kind: 'replayed', channel: 'operator' });
      expect((await store.auditTrail(ticket('42'))).at(-1)).toMatchObject({
        who: 'petrova.2l',
        what: 'replayed',
        detail: { letter: ordered.id, key: action.key, as: 'now' },
      });
    });

    test('what a replay brought about is resolved in the name of whoever ordered it', async () => {
      await store.orderReplay(await buried(), 'recorded', by());
      const claim = await lookAgain();
      expect(await store.orders(ticket('42'))).toMatchObject([{ action, order: { as: 'recorded' } }]);
      await store.intend(claim, action, plus(2 * MINUTE));
      await store.complete(claim, action, '9001', {}, plus(2 * MINUTE));

      expect(await only('resolved')).toMatchObject({
        resolution: { how: 'carried', by: 'petrova.2l', at: plus(2 * MINUTE) },
      });
      expect(await store.orders(ticket('42'))).toEqual([]);
    });

    test('a replay that is refused again renews the letter, and the order is over', async () => {
      const before = await buried();
      await store.orderReplay(before, 'now', by());
      const claim = await lookAgain();
      await store.intend(claim, action, plus(2 * MINUTE));
      await store.refuse(claim, action, letter({ message: 'still refused', at: plus(2 * MINUTE) }));

      const after = await only();
      expect(after).toMatchObject({
        id: before.id,
        firstAt: now,
        at: plus(2 * MINUTE),
        times: 2,
        message: 'still refused',
      });
      expect(after.order).toBeUndefined();
      expect(await refusedKeys()).toEqual([action.key]);
    });

    test('an order that comes while a look goes on is for the next look', async () => {
      await buried();
      await store.accept([event('again', ticket('42'))], now);
      const claim = await claimOne(store);
      await store.orderReplay(await only(), 'now', by());
      await store.intend(claim, action, plus(2 * MINUTE));
      await store.refuse(claim, action, letter({ at: plus(2 * MINUTE) }));
      await store.settleOrders(claim, 'unwanted', plus(2 * MINUTE));

      expect(await store.orders(ticket('42'))).toHaveLength(1);
      await store.release(claim, { outcome: 'settled' }, plus(2 * MINUTE));
      const next = await lookAgain();
      await store.settleOrders(next, 'unwanted', plus(3 * MINUTE));
      expect((await only('resolved')).resolution).toMatchObject({ how: 'unwanted', by: 'petrova.2l' });
    });

    test('an order that was in vain is over, and its letter is open as before', async () => {
      await buried();
      const ordered = await store.orderReplay(await only(), 'now', by());
      const claim = await lookAgain();
      await store.settleOrders(claim, 'in-vain', plus(2 * MINUTE));

      expect(await store.orders(ticket('42'))).toEqual([]);
      expect(await only()).toMatchObject({ id: ordered.id, state: 'open', version: ordered.version + 1 });
      expect(await store.orderReplay(await only(), 'now', by())).toMatchObject({ order: { as: 'now' } });
    });

    test('what is in doubt is in doubt again when it is replayed, with tries of its own', async () => {
      await store.orderReplay(await buried('STILL_IN_DOUBT'), 'now', by());
      expect(await store.doubtful(ticket('42'))).toMatchObject([{ key: action.key, attempts: 0 }]);
    });

    test('what was refused is not in doubt when it is replayed', async () => {
      await store.orderReplay(await buried(), 'now', by());
      expect(await store.doubtful(ticket('42'))).toEqual([]);
    });

    test('an edited revision takes the place of the letter, and the rules do not come between', async () => {
      const before = await buried();
      const revision = await store.reviseLetter(before, { action: edited }, by());

      expect(revision).toMatchObject({ revisionOf: before.id, action: edited, state: 'open' });
      expect(await only('resolved')).toMatchObject({ id: before.id, resolution: { how: 'revised', by: 'petrova.2l' } });
      expect((await store.link(ticket('42'))).refused[action.key]?.action).toEqual(action);
      expect((await store.revisions(before.id)).map(({ id }) => id)).toEqual([before.id, revision.id]);

      await store.orderReplay(revision, 'recorded', by());
      const claim = await lookAgain();
      await store.intend(claim, edited, plus(2 * MINUTE));
      expect((await only()).id).toBe(revision.id);
      await store.refuse(claim, edited, letter({ at: plus(2 * MINUTE) }));
      expect(await only()).toMatchObject({ id: revision.id, action: edited, times: 1 });
    });

    test('a revision of another action is refused', async () => {
      const before = await buried();
      const foreign = { ...edited, key: 'comment:jira:18' };
      await expect(store.reviseLetter(before, { action: foreign }, by())).rejects.toMatchObject({
        code: 'LETTER_UNUSABLE',
      });
      expect((await only()).id).toBe(before.id);
    });

    test('a discarded action stays refused for that content; another content replaces it', async () => {
      await store.discardLetter(await buried(), by('petrova.2l', { reason: 'дубль' }));
      const discarded = await only('discarded');
      expect(discarded.resolution).toEqual({ how: 'discarded', by: 'petrova.2l', at: plus(MINUTE), reason: 'дубль' });
      expect((await store.link(ticket('42'))).refused[action.key]).toMatchObject({ discarded: [action] });

      await store.accept([event('again', ticket('42'))], now);
      const claim = await lookAgain();
      await store.intend(claim, edited, plus(2 * MINUTE));
      await store.refuse(claim, edited, letter({ at: plus(2 * MINUTE) }));
      expect((await only()).action).toEqual(edited);
      expect((await store.link(ticket('42'))).refused[action.key]).toMatchObject({
        action: edited,
        discarded: [action],
      });
    });

    test('a discarded letter is open again when it is restored, unless there is another one about the same', async () => {
      await store.discardLetter(await buried(), by('petrova.2l', { reason: 'дубль' }));
      const restored = await store.restoreLetter(await only('discarded'), by('smirnov.2l'));
      expect(restored).toMatchObject({ state: 'open' });
      expect(restored.resolution).toBeUndefined();
      await expect(store.restoreLetter(restored, by('smirnov.2l'))).rejects.toMatchObject({
        code: 'LETTER_TAKEN',
        message: expect.stringContaining('it is open, and is not discarded'),
      });

      await store.discardLetter(restored, by('petrova.2l', { reason: 'дубль' }));
      await store.accept([event('again', ticket('42'))], now);
      const claim = await lookAgain();
      await store.intend(claim, edited, now);
      await store.refuse(claim, edited, letter());
      await expect(store.restoreLetter(await only('discarded'), by())).rejects.toMatchObject({ code: 'LETTER_TAKEN' });
    });

    test('a discarded fault of a ticket is counted, and a good look ends that', async () => {
      const fault = { ticket: ticket('42'), code: 'RECORD_NOT_READABLE', message: 'OTRS shows no ticket 42' };
      await store.bury(letter(fault));
      await store.discardLetter(await only(), by('petrova.2l', { reason: 'удалена' }));
      await store.bury(letter({ ...fault, at: plus(MINUTE) }));
      expect(await only('discarded')).toMatchObject({ times: 2, at: plus(MINUTE) });

      await store.unbury(ticket('42'), plus(MINUTE));
      await store.bury(letter({ ...fault, at: plus(2 * MINUTE) }));
      expect((await only()).times).toBe(1);
    });

    test('a discard needs a reason', async () => {
      const before = await buried();
      await expect(store.discardLetter(before, by('petrova.2l', { reason: ' ' }))).rejects.toMatchObject({
        code: 'LETTER_UNUSABLE',
      });
      expect(await only()).toEqual(before);
    });

    test('a message that can be read after all is taken in with its letter', async () => {
      await store.bury(letter({ code: 'MESSAGE_UNREADABLE', details: { body: '{' } }));
      const before = await only();
      const revision = await store.reviseLetter(before, { body: '{"готово":1}' }, by());
      expect(revision.details).toEqual({ body: '{"готово":1}' });

      expect(await store.deliverLetter(revision, [event('a', ticket('7'))], by())).toEqual({ accepted: 1, foreign: 0 });
      expect(await store.backlog(plus(MINUTE))).toMatchObject({ due: 1, deadLetters: 0 });
      await expect(store.deliverLetter(revision, [event('b', ticket('8'))], by())).rejects.toMatchObject({
        code: 'LETTER_TAKEN',
      });
      expect(await store.backlog(plus(MINUTE))).toMatchObject({ due: 1 });
    });

    test.each<[string, (store: Store, seen: DeadLetter, who: string) => Promise<unknown>, RegExp]>([
      [
        'a replay',
        (at, seen, who) => at.orderReplay(seen, 'now', by(who)),
        /petrova\.2l ordered its replay at 2026-03-02/,
      ],
      [
        'a discard',
        (at, seen, who) => at.discardLetter(seen, by(who, { reason: 'x' })),
        /petrova\.2l has discarded it/,
      ],
      [
        'an edit',
        (at, seen, who) => at.reviseLetter(seen, { action: edited }, by(who)),
        /petrova\.2l has resolved it.*revised/,
      ],
    ])('of two people at once one wins with %s, and the other is told who did what when', async (_, act, told) => {
      const seen = await buried();
      await act(store, seen, 'petrova.2l');
      const error = await act(other, seen, 'smirnov.2l').catch((thrown: unknown) => thrown);

      expect(error).toMatchObject({ code: 'LETTER_TAKEN', message: expect.stringMatching(told) });
      expect((await store.auditTrail(ticket('42'))).map(({ who }) => who)).toEqual(['petrova.2l']);
    });

    test('of two at the very same moment one wins', async () => {
      const seen = await buried();
      const answers = await Promise.allSettled([
        store.discardLetter(seen, by('petrova.2l', { reason: 'x' })),
        other.orderReplay(seen, 'now', by('smirnov.2l')),
        other.reviseLetter(seen, { action: edited }, by('smirnov.2l')),
      ]);
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await store.auditTrail(ticket('42'))).toHaveLength(1);
    });

    test('an id that nobody has is told', async () => {
      const nobody = { id: '00000000-0000-4000-8000-000000000000', version: 1 };
      await expect(store.discardLetter(nobody, by('petrova.2l', { reason: 'x' }))).rejects.toMatchObject({
        code: 'LETTER_UNKNOWN',
      });
    });
  });
}
