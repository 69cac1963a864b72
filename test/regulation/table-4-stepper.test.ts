import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTable4, type Table4Case } from '../../src/domain/table-4.ts';
import { shipped } from '../support/table-4.ts';
import { type SteppedCase, stepThrough } from './minute-stepper.ts';

const MINUTE = 60_000;
const table = createTable4(shipped);
const first = Date.parse('2025-01-01T00:00+03:00') / MINUTE;
const last = Date.parse('2027-07-01T00:00+03:00') / MINUTE;

const pause = fc.record({
  begin: fc.oneof(fc.integer({ min: -3_000, max: 20_000 }), fc.integer({ min: -60, max: 600 })),
  length: fc.oneof(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 9_000 })),
});

const cases = fc
  .record({
    priority: fc.integer({ min: 1, max: 4 }),
    registered: fc.integer({ min: first, max: last }),
    delay: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6_000 })),
    pauses: fc.array(pause, { maxLength: 4 }),
  })
  .map(({ priority, registered, delay, pauses }): SteppedCase => {
    const complete = registered + delay;
    return {
      priority,
      registered: registered * MINUTE,
      complete: complete * MINUTE,
      pauses: pauses.map(({ begin, length }) => ({
        from: (complete + begin) * MINUTE,
        to: (complete + begin + length) * MINUTE,
      })),
    };
  });

const dueOf = (ticket: Table4Case) => table.deadlines(ticket).deadlines.map(({ at }) => at ?? Number.NaN);

test('R28a: interval arithmetic and a walk from minute to minute agree', () => {
  fc.assert(
    fc.property(cases, (ticket) => {
      expect(dueOf(ticket)).toEqual(stepThrough(ticket));
    }),
    { numRuns: 2_500 },
  );
}, 120_000);

test('R28a: and from second to second, for a start between minutes', () => {
  fc.assert(
    fc.property(
      cases,
      fc.integer({ min: 1, max: 59 }),
      fc.constantFrom(1, 2),
      ({ registered, pauses }, second, priority) => {
        const start = registered + second * 1_000;
        const ticket = { priority, registered: start, complete: start, pauses: pauses.slice(0, 1) };

        expect(dueOf(ticket)).toEqual(stepThrough(ticket, 1_000));
      },
    ),
    { numRuns: 10 },
  );
}, 120_000);

// A calendar month is left out: 30 January 15:00 and 31 January 10:00 both end on the last day of February.
test('a later T0 has no earlier deadline where open time is counted (R22)', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 0, max: 20_000 }), (ticket, later) => {
      const counted = ticket.priority === 4 ? 3 : 5;
      const before = dueOf(ticket).slice(0, counted);
      const after = dueOf({ ...ticket, complete: ticket.complete + later * MINUTE }).slice(0, counted);

      expect(after.every((due, index) => due >= (before[index] ?? 0))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('one more pause makes no deadline earlier, and the order of pauses does not matter (R26)', () => {
  fc.assert(
    fc.property(cases, pause, (ticket, { begin, length }) => {
      const from = ticket.complete + begin * MINUTE;
      const more = [...ticket.pauses, { from, to: from + length * MINUTE }];
      const before = dueOf(ticket);
      const after = dueOf({ ...ticket, pauses: more });

      expect(after.every((due, index) => due >= (before[index] ?? 0))).toBe(true);
      expect(dueOf({ ...ticket, pauses: more.toReversed() })).toEqual(after);
    }),
    { numRuns: 2_000 },
  );
});

test('a pause that is cut in two counts the same (R26)', () => {
  fc.assert(
    fc.property(cases, fc.double({ min: 0, max: 1, noNaN: true }), (ticket, share) => {
      const halves = ticket.pauses.flatMap(({ from, to }) => {
        const middle = from + Math.floor((to - from) * share);
        return [
          { from, to: middle },
          { from: middle, to },
        ];
      });

      expect(dueOf({ ...ticket, pauses: halves })).toEqual(dueOf(ticket));
    }),
    { numRuns: 1_000 },
  );
});
