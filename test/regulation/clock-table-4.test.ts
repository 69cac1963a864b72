import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { aHistory, answers, asks, clockAt, type Happening, type Step, waits } from '../support/history.ts';
import { written } from '../support/table-4.ts';

interface Example {
  readonly id: string;
  readonly shows: string;
  readonly given: {
    readonly priority: number;
    readonly registered: string;
    readonly complete: string;
    readonly pauses: readonly { readonly from: string; readonly to: string }[];
  };
  readonly expected: Readonly<Record<string, string>>;
}

const examples: readonly Example[] = JSON.parse(await readFile('test/regulation/fixtures/table-4.json', 'utf8'));

/** The history that makes the example: each pause a letter with its state and an answer, T0 the answer that completes it. */
function historyOf({ given }: Example) {
  const completing: readonly (readonly [number, Happening])[] =
    given.complete === given.registered ? [] : [[Date.parse(given.complete), answers]];
  const steps: readonly Step[] = [
    ...given.pauses.flatMap(({ from, to }): readonly Step[] => [
      [Date.parse(from), asks, waits],
      [Date.parse(to), answers],
    ]),
    ...completing,
  ];
  const state = 'В работе';
  return aHistory(Date.parse(given.registered), { priority: given.priority, state }, ...steps);
}

describe('Табл. 4 «Сроки обработки обращений» over a history (R18-R23, R26, R17)', () => {
  test.each(examples)('$id: $shows', (example) => {
    const ticket = historyOf(example);
    const t0 = written(Date.parse(example.given.complete));
    const { result } = clockAt(ticket, { now: written(ticket.changedAt.toMillis()), t0 });
    const found = Object.fromEntries((result?.deadlines ?? []).map(({ name, at }) => [name, written(at ?? 0)]));

    expect(found).toEqual(
      Object.fromEntries(Object.entries(example.expected).map(([name, at]) => [name, written(Date.parse(at))])),
    );
  });

  test('until the information is complete only the reaction has a deadline (R17)', () => {
    const { stages, status } = clockAt(aHistory('23.11.26 09:00', { priority: 2 }), {
      now: '23.11.26 09:10',
      t0: 'missing',
    });

    expect([status, stages.map(({ deadline }) => deadline?.name)]).toEqual([
      'waiting',
      ['reaction', undefined, undefined, undefined],
    ]);
  });
});
