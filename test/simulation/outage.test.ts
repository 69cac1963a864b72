import { describe, expect, test } from '@jest/globals';
import { createMemoryDatabase } from './memory-database.ts';
import { playOutage } from './outage.ts';

const PATIENCE_MS = 300_000;

/** `npm run simulate -- --outage 6h --tickets 10000` plays it with more. */
const TICKETS = 200;
/** Looks that are under way, or about to begin, when JIRA comes back: they are out of turn. */
const UNDER_WAY = 16;

describe('JIRA is away for six hours', () => {
  test(
    'no ticket is lost, none fails for it, OTRS is left in peace, and the most urgent are carried first',
    async () => {
      const database = createMemoryDatabase();
      const { carried, letters, spent, calls, isAtRest } = await playOutage({
        seed: 1,
        hours: 6,
        tickets: TICKETS,
        database,
      });

      expect({ letters, spent, isAtRest }).toEqual({ letters: 0, spent: [], isAtRest: true });
      expect(new Set(carried.map(({ ticket }) => ticket)).size).toBe(TICKETS);
      expect(carried).toHaveLength(TICKETS);
      const astray = carried.slice(UNDER_WAY).filter(({ due, place }) => Math.abs(due - place) > UNDER_WAY);
      expect(astray).toEqual([]);
      // A look at registration, one after the sweep, and one in half an hour: it would be one a minute otherwise.
      expect(calls.otrs / TICKETS).toBeLessThan(16);
    },
    PATIENCE_MS,
  );
});
