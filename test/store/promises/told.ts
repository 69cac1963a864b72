import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../../src/store/store.ts';
import { begin, commentOn, event, issue, linkTo, MINUTE, now, plus, type Subject, ticket } from './sample.ts';

const SLACK = 2 * MINUTE;

/** Who told of what a sweep finds. */
export function describeTold(open: () => Promise<Subject>): void {
  describe('who told of a change', () => {
    let store: Store;
    let close: Subject['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
      await linkTo(store, '42', issue('10042'));
    });

    afterEach(() => close());

    const changed = (minutes: number, ref = issue('10042')) => ({ ref, changedAt: plus(minutes * MINUTE) });
    const whoTold = async (...changes: ReturnType<typeof changed>[]) => store.whoTold(changes, SLACK);

    test('a webhook about the record itself that came after it, or a little before by the other clock', async () => {
      await store.accept([event('w', issue('10042'))], plus(60 * MINUTE));

      expect(await whoTold(changed(10), changed(61), changed(63))).toEqual(['webhook', 'webhook', 'nobody']);
    });

    test('neither a sweep nor a webhook about the ticket tells of its issue', async () => {
      await store.accept([event('s', issue('10042'), { channel: 'sweep' })], plus(60 * MINUTE));
      await store.accept([event('t', ticket('42'))], plus(60 * MINUTE));

      expect(await whoTold(changed(59), changed(59, ticket('42')))).toEqual(['nobody', 'webhook']);
    });

    test('a repeat of a webhook counts from its last arrival', async () => {
      await store.accept([event('w', issue('10042'))], plus(10 * MINUTE));
      await store.accept([event('w', issue('10042'))], plus(60 * MINUTE));

      expect(await whoTold(changed(50))).toEqual(['webhook']);
    });

    test('the bridge’s own calls for the ticket explain what changes about then', async () => {
      const claim = await begin(store);
      const comment = commentOn(issue('10042'), 'Здравствуйте');
      await store.intend(claim, comment, plus(60 * MINUTE));
      await store.complete(claim, comment, '9001', {}, plus(60 * MINUTE));

      expect(await whoTold(changed(57), changed(59), changed(61), changed(63))).toEqual([
        'nobody',
        'bridge',
        'bridge',
        'nobody',
      ]);
    });

    test('of a linked ticket the calls for the ticket that it was opened for tell', async () => {
      const claim = await begin(store);
      await store.remember(claim, { related: [{ name: 'eip', role: 'related', ref: ticket('77') }] });
      const comment = commentOn(ticket('77'), 'Здравствуйте', 'comment:to-eip:17');
      await store.intend(claim, comment, plus(60 * MINUTE));
      await store.complete(claim, comment, '9001', {}, plus(60 * MINUTE));

      expect(await whoTold(changed(61, ticket('77')), changed(63, ticket('77')))).toEqual(['bridge', 'nobody']);
    });

    test('of a record in a system of its own the calls to that system tell', async () => {
      const claim = await begin(store);
      const ref = { system: 'desk', id: '77' };
      await store.remember(claim, { related: [{ name: 'dwh', role: 'related', ref }] });
      const comment = commentOn(ref, 'Здравствуйте', 'comment:to-dwh:17');
      await store.intend(claim, comment, plus(60 * MINUTE));
      await store.complete(claim, comment, '9001', {}, plus(60 * MINUTE));

      expect(await whoTold(changed(61, ref), changed(63, ref), changed(61, { ...ref, id: '78' }))).toEqual([
        'bridge',
        'nobody',
        'foreign',
      ]);
    });

    test('an issue of no ticket is foreign, and a ticket is ours before anything is known of it', async () => {
      expect(await whoTold(changed(1, issue('777')), changed(1, ticket('777')))).toEqual(['foreign', 'nobody']);
    });

    test('thousands of changes are told apart in one go, and none is an answer as well', async () => {
      await store.accept([event('w', ticket('2999'))], now);
      const changes = Array.from({ length: 2_000 }, (_, index) => changed(0, ticket(String(1_000 + index))));
      const toldBy = await whoTold(...changes);

      expect(toldBy.filter((each) => each === 'webhook')).toHaveLength(1);
      expect(toldBy.indexOf('webhook')).toBe(1_999);
      expect(await whoTold()).toEqual([]);
    });
  });
}
