import { expect, test } from '@jest/globals';
import type { Page } from '../../src/connector.ts';
import { allChanges } from './all-changes.ts';
import type { DeskHarness } from './desk-conformance.ts';

const signal = new AbortController().signal;

/** What every desk promises of the listing of changes. */
export function describeChanges(harness: () => DeskHarness): void {
  test('records changed since a moment are all told, each as it was last changed', async () => {
    const { desk, openRecord, writeComment, now } = harness();
    const early = await openRecord({ title: 'Старая', text: 'Старая' });
    const moment = now();
    const late = await openRecord({ title: 'Новая', text: 'Новая' });
    await writeComment(early, { text: 'и старая изменилась', visibility: 'public' });

    const changes = await allChanges(desk, moment, signal);

    for (const ref of [early, late]) {
      const change = changes.find((each) => each.ref.id === ref.id);
      expect(change?.ref).toEqual(ref);
      expect(change?.changedAt.toMillis()).toBeGreaterThanOrEqual(moment.startOf('minute').toMillis());
    }
  });

  test('a listing tells the clock of the system, and that it has seen everything before', async () => {
    const { desk, openRecord, now } = harness();
    await openRecord({ title: 'Новая', text: 'Новая' });

    let last: Page = { changes: [] };
    do {
      last = await desk.changedSince(now().minus({ minutes: 10 }), last.next, signal);
      expect(
        Math.abs(
          now()
            .diff(last.asOf ?? now().minus({ days: 1 }))
            .as('seconds'),
        ),
      ).toBeLessThan(60);
    } while (last.next !== undefined);
    expect(last.completeBefore).toEqual(last.asOf);
  });

  test('nothing changed in the future', async () => {
    const { desk, now } = harness();

    expect(await allChanges(desk, now().plus({ days: 1 }), signal)).toEqual([]);
  });
}
