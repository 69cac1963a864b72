import { describe, expect, test } from '@jest/globals';
import { followPriority, type PriorityChange } from '../../src/domain/priority-change.ts';
import { createTable4 } from '../../src/domain/table-4.ts';
import type { Readings } from '../../src/domain/table-4-plan.ts';
import { segmentsOf } from '../../src/domain/term.ts';
import { warningsOf } from '../../src/domain/warnings.ts';
import { caseOf, compute, moment, shipped, type WrittenCase, written, writtenDeadlines } from '../support/table-4.ts';

function follow(given: WrittenCase, change: Partial<PriorityChange>, readings: Partial<Readings> = {}) {
  const full = { at: 0, priority: 1, isCorrection: false, ...change };
  return followPriority(createTable4(shipped), caseOf(given), [full], { ...shipped.readings, ...readings });
}

describe('a change of priority (R27)', () => {
  const medium = { priority: 3, t0: '24.11.26 10:00', completed: { reaction: '24.11.26 10:30' } };
  const raised = { at: moment('25.11.26 15:00'), priority: 1 };

  test('raised: the chain starts anew, and the breach of the old one stays', () => {
    const { result, earlierBreaches } = follow(medium, raised);

    expect(writtenDeadlines(result).slice(0, 4)).toEqual([
      '25.11.26 15:30',
      '25.11.26 16:30',
      '25.11.26 17:30',
      '25.11.26 19:00',
    ]);
    expect(earlierBreaches.map(({ priority, deadline }) => [priority, deadline.name])).toEqual([[3, 'diagnosis']]);
  });

  test('raised: no stage ends later than it would have', () => {
    const { result } = follow({ priority: 3, t0: '24.11.26 10:00' }, { at: moment('24.11.26 10:50'), priority: 2 });

    expect(writtenDeadlines(result)[0]).toBe('24.11.26 11:00');
  });

  test('raised at the very second of an old deadline: it has not passed and stays, so nothing is lost', () => {
    const given: WrittenCase = { priority: 3, t0: '24.11.26 10:00', now: '24.11.26 11:10' };
    const { result, earlierBreaches } = follow(given, { at: moment('24.11.26 11:00'), priority: 2 });

    expect(earlierBreaches).toEqual([]);
    expect(writtenDeadlines(result)[0]).toBe('24.11.26 11:00');
    expect(result.deadlines[0]?.lateBy).toBe(10 * 60_000);
  });

  test('raised, read as retroactive: counted from T0', () => {
    const { result } = follow(medium, raised, { priorityRaised: 'retroactive' });

    expect(writtenDeadlines(result).slice(0, 4)).toEqual([
      '24.11.26 10:30',
      '24.11.26 11:30',
      '24.11.26 12:30',
      '24.11.26 14:00',
    ]);
  });

  test.each([
    [false, ['reaction', 'diagnosis']],
    [true, []],
  ])('lowered: counted from T0; entered by mistake %s: breaches %j', (isCorrection, breaches) => {
    const change = { at: moment('23.11.26 12:00'), priority: 3, isCorrection };
    const { result, earlierBreaches } = follow({ priority: 1, t0: '23.11.26 10:00' }, change);

    expect(writtenDeadlines(result)[1]).toBe('24.11.26 10:00');
    expect(earlierBreaches.map(({ deadline }) => deadline.name)).toEqual(breaches);
  });
});

describe('warnings at 50, 80 and 100 % of a stage (R28)', () => {
  const warned = (given: WrittenCase, stage: string) =>
    warningsOf(compute(given), shipped.warnAt)
      .filter(({ deadline }) => deadline.name === stage)
      .map(({ share, at }) => `${share} ${written(at)}`);

  test('round the clock at any hour', () => {
    expect(warned({ priority: 1, t0: '28.11.26 23:00' }, 'resolution')).toEqual([
      '50 29.11.26 01:00',
      '80 29.11.26 02:12',
      '100 29.11.26 03:00',
    ]);
  });

  test('of a working term inside the window only, and not while it is paused', () => {
    const given: WrittenCase = { priority: 3, t0: '27.11.26 17:00', pauses: [['30.11.26 06:00', '30.11.26 08:00']] };

    expect(warned(given, 'diagnosis')).toEqual(['50 30.11.26 12:30', '80 30.11.26 16:24', '100 01.12.26 06:00']);
  });
});

describe('the segments of a stage', () => {
  test('follow each other from start to deadline, and the counted ones sum up to the term', () => {
    const result = compute({ priority: 3, t0: '03.11.26 14:00', pauses: [['03.11.26 16:00', '05.11.26 07:00']] });
    const [, diagnosis] = result.deadlines;
    const { start = 0, at = 0 } = diagnosis ?? {};
    const segments = segmentsOf(start, at, result.calendar, result.pauses);

    expect(segments.map(({ from, isCounted, because }) => [written(from), isCounted, because])).toEqual([
      ['03.11.26 14:00', true, 'working hours'],
      ['03.11.26 16:00', false, 'paused'],
      ['03.11.26 18:00', false, 'paused'],
      ['04.11.26 00:00', false, 'paused'],
      ['05.11.26 00:00', false, 'paused'],
      ['05.11.26 05:00', false, 'paused'],
      ['05.11.26 07:00', true, 'working hours'],
    ]);
    expect(segments.reduce((sum, { from, to, isCounted }) => sum + (isCounted ? to - from : 0), 0)).toBe(
      13 * 3_600_000,
    );
  });
});
