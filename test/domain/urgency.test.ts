import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { urgencyOf } from '../../src/domain/urgency.ts';
import { shippedPolicy } from '../support/policy.ts';
import { aLink, aTicket, NOW } from '../support/records.ts';

/** Registered so many hours ago, with a priority of the shipped mappings. */
function urgencyAfter(hours: number, rank: number, changes: Parameters<typeof aTicket>[0] = {}): number {
  const priority = shippedPolicy.priority.names.find((each) => each.rank === rank)?.ticket ?? 'wie noch nie';
  const at = NOW.minus({ hours });
  const ticket = aTicket({ priority, createdAt: at, changedAt: at, comments: [], ...changes });
  const { clock } = decide({ ticket, link: aLink() }, shippedPolicy, NOW);
  return urgencyOf(ticket, clock, shippedPolicy.priority.names);
}

describe('which ticket comes first after an outage', () => {
  test('the higher priority, however long the lower one has waited', () => {
    const [critical = 0, high = 0, middle = 0, low = 0, unknown = 0] = [1, 2, 3, 4, 5].map((rank) =>
      urgencyAfter(rank * 100, rank),
    );
    expect(critical).toBeLessThan(high);
    expect(high).toBeLessThan(middle);
    expect(middle).toBeLessThan(low);
    expect(low).toBeLessThan(unknown);
  });

  test('the nearer deadline within a priority, and a missed one before all that can still be met', () => {
    expect(urgencyAfter(120, 3)).toBeLessThan(urgencyAfter(1, 3));
    expect(urgencyAfter(2_000, 3)).toBeLessThan(urgencyAfter(120, 3));
  });

  test('a ticket without a deadline last in its priority', () => {
    const none = urgencyAfter(500, 3, { phase: 'done', state: 'Закрыто' });
    expect(none).toBeGreaterThan(urgencyAfter(0, 3));
    expect(none).toBeLessThan(urgencyAfter(0, 4));
  });
});
