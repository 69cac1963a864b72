import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { HistoryEntry, Snapshot } from '../../src/domain/ticket.ts';
import {
  aHistory,
  answers,
  asks,
  clockAt,
  closes,
  doneOf,
  dueOf,
  priority,
  state,
  stoodOf,
  waits,
  works,
} from '../support/history.ts';
import { moment } from '../support/table-4.ts';

const registered = '23.11.26 10:00';
const now = '23.11.26 12:00';
const at = (text: string) => DateTime.fromMillis(moment(text), { zone: 'utc' });

function without(ticket: Snapshot, test: (entry: HistoryEntry) => boolean): Snapshot {
  return { ...ticket, history: ticket.history.filter((entry) => !test(entry)) };
}

describe('a strange history has an outcome, and says what is strange about it', () => {
  test('no history at all: what the ticket shows has happened by its last change', () => {
    const ticket = { ...aHistory(registered, { priority: 1 }, ['23.11.26 10:20', works]), history: [] };
    const clock = clockAt(ticket, { now });

    expect(doneOf(clock)[0]).toBe('23.11.26 10:20 taken-into-work');
    expect(dueOf(clock)[1]).toBe('23.11.26 11:30');
    expect(clock.doubts).toEqual([
      'The history is empty: everything but the comments is taken for as old as the last change of the ticket.',
    ]);
  });

  test('a gap: what follows counts as it is told', () => {
    const ticket = aHistory(
      registered,
      { priority: 1 },
      ['23.11.26 10:20', works],
      ['23.11.26 10:40', state('Передано на 3ЛТП')],
      ['23.11.26 11:00', closes],
    );
    const gapped = without(ticket, ({ changes = [] }) => changes[0]?.to === 'Передано на 3ЛТП');

    expect(clockAt(gapped, { now }).standstill).toBe('closed');
    expect(clockAt(gapped, { now }).doubts).toEqual([
      'The history has a gap: state was «В работе» and then changed from «Передано на 3ЛТП» to «Закрыто».',
    ]);
  });

  test('it ends with another state than the ticket shows: the ticket is right since its last change', () => {
    const ticket = aHistory(registered, { priority: 1, changed: '23.11.26 10:50' }, ['23.11.26 10:20', works]);
    const clock = clockAt({ ...ticket, state: 'Закрыто', phase: 'done' }, { now });

    expect(doneOf(clock)[3]).toBe('23.11.26 10:50 ticket-is-closed');
    expect(clock.doubts).toEqual(['The history ends with state «В работе», but the ticket shows «Закрыто».']);
  });

  test('names that differ in case and «ё» only are no gap', () => {
    const ticket = aHistory(registered, { priority: 1 }, ['23.11.26 10:20', state('в работе')]);

    expect(clockAt({ ...ticket, state: 'В работе' }, { now }).doubts).toEqual([]);
  });

  test('a clock that was set back: the order is kept, and no entry lies before the one above it', () => {
    const ticket = aHistory(registered, { priority: 1 }, ['23.11.26 10:40', asks, waits], ['23.11.26 10:10', answers]);
    const clock = clockAt(ticket, { now });

    expect(stoodOf(clock)).toEqual(['requester 23.11.26 10:40 – 23.11.26 10:40']);
    expect(clock.doubts).toEqual(['The history goes back in time by 1800 s: the order of its entries was kept.']);
  });

  test('equal times: the order of the history decides', () => {
    const answeredLast = aHistory(registered, { priority: 1 }, ['23.11.26 10:40', asks, waits, answers]);
    const askedLast = aHistory(registered, { priority: 1 }, ['23.11.26 10:40', answers, asks, waits]);

    expect(stoodOf(clockAt(answeredLast, { now }))).toEqual(['requester 23.11.26 10:40 – 23.11.26 10:40']);
    expect(stoodOf(clockAt(askedLast, { now }))).toEqual(['requester 23.11.26 10:40 –']);
  });

  test('articles that it does not mention are placed by their time', () => {
    const ticket = aHistory(registered, { priority: 1 }, ['23.11.26 10:40', asks, waits], ['23.11.26 11:10', answers]);
    const clock = clockAt(
      without(ticket, ({ commentId }) => commentId === '102'),
      { now },
    );

    expect(stoodOf(clock)).toEqual(['requester 23.11.26 10:40 – 23.11.26 11:10']);
    expect(clock.doubts).toEqual(['The history does not mention article 102: placed by time.']);
  });

  test('a state that no mapping knows moves no term', () => {
    const ticket = aHistory(
      registered,
      { priority: 1 },
      ['23.11.26 10:20', state('Думаем')],
      ['23.11.26 10:40', works],
    );
    const clock = clockAt(ticket, { now });

    expect(doneOf(clock)[0]).toBe('23.11.26 10:40 taken-into-work');
    expect(clock.doubts).toEqual(['The state «Думаем» is not in status.yaml: it moves no term.']);
  });

  test('merged into another ticket: its system calls it done, so it is closed', () => {
    const ticket = aHistory(registered, { priority: 1 }, ['23.11.26 10:20', state('merged')]);

    expect(clockAt({ ...ticket, phase: 'done' }, { now }).standstill).toBe('closed');
  });

  test('a priority without a row in Table 4 has no terms', () => {
    const clock = clockAt(aHistory(registered, { priority: 7 }), { now });

    expect([clock.status, clock.standstill, clock.stages]).toEqual(['stopped', 'no-targets', []]);
    expect(clock.doubts).toEqual(['Priority «7» has no row in Table 4.']);
  });

  test('one that gets a known priority later counts by that from the beginning', () => {
    const clock = clockAt(aHistory(registered, { priority: 7 }, ['23.11.26 10:20', priority(1)]), { now });

    expect([clock.status, dueOf(clock)[1]]).toEqual(['running', '23.11.26 11:30']);
    expect(clock.doubts).toEqual(['Priority «7» has no row in Table 4.']);
  });

  test('one that gets an unknown priority keeps the terms of the last one that is known', () => {
    const clock = clockAt(aHistory(registered, { priority: 1 }, ['23.11.26 10:20', priority(7)]), { now });

    expect([clock.priority, dueOf(clock)[1]]).toEqual([1, '23.11.26 11:30']);
    expect(clock.doubts).toEqual(['Priority «7» has no row in Table 4.']);
  });

  test('an entry before the registration takes its time', () => {
    const ticket = aHistory(registered, { priority: 1 }, ['23.11.26 10:20', works]);
    const early = { ...ticket, createdAt: at('23.11.26 10:30') };

    expect(doneOf(clockAt(early, { now }))[0]).toBe('23.11.26 10:30 taken-into-work');
    expect(clockAt(early, { now }).doubts).toEqual([
      'The history goes back in time by 1800 s: the order of its entries was kept.',
    ]);
  });

  test('ten thousand entries in one second are read like any others', () => {
    const steps = Array.from({ length: 5_000 }, () => [now, asks, waits] as const);
    const ticket = aHistory(registered, { priority: 1 }, ...steps);

    expect(stoodOf(clockAt(ticket, { now }))).toHaveLength(1);
  });
});
