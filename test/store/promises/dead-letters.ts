import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../../src/store/store.ts';
import { begin, commentOn, issue, letter, MINUTE, plus, type Subject, ticket } from './sample.ts';

/** What waits for a person. */
export function describeDeadLetters(open: () => Promise<Subject>): void {
  describe('dead letters', () => {
    let store: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(() => close());

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
      // People have the number of a ticket rather than its id.
      const { system, key = '' } = ticket('42');
      expect(await store.deadLetters({ ticket: { system, id: key, key }, limit: 10 })).toHaveLength(2);
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
}
