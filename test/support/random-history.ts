import fc from 'fast-check';
import type { Snapshot } from '../../src/domain/ticket.ts';
import {
  aHistory,
  answers,
  asks,
  bridgeAsks,
  closes,
  field,
  foreign,
  type Happening,
  notes,
  priority,
  queue,
  replies,
  robotWrites,
  type Step,
  service,
  state,
  support,
  waits,
  works,
} from './history.ts';
import { written } from './table-4.ts';

/** A random ticket; moments lie on steps of five minutes. */
export interface RandomHistory {
  readonly ticket: Snapshot;
  /** T0 and the entry of the history that brought it: -1 for the registration. */
  readonly complete: { readonly at: number; readonly index: number } | undefined;
  readonly now: number;
}

const STEP = 5 * 60_000;
const steps = (minutes: number) => Math.floor(minutes / 5);
const first = Date.parse('2025-01-08T00:00+03:00') / STEP;
const last = Date.parse('2027-02-01T00:00+03:00') / STEP;

const happenings: Readonly<Record<string, readonly Happening[]>> = {
  asks: [asks],
  waits: [waits],
  'asks and waits': [asks, waits],
  'waits and asks': [waits, asks],
  'the bridge asks': [bridgeAsks],
  answers: [answers],
  'answers by telephone': [notes('Звонок инициатору')],
  'writes a note': [notes('Для памяти')],
  replies: [replies()],
  'a robot writes': [robotWrites],
  works: [works],
  hands: [queue('NTTM::3ЛТП')],
  returns: [queue('NTTM::1ЛТП')],
  'returns with a note': [queue('NTTM::1ЛТП'), notes('Не наша услуга')],
  'takes back to line 2': [queue('NTTM::2ЛТП')],
  'puts back': [state('Назначено')],
  diagnoses: [field('diagnosis_done', '1')],
  solves: [field('solution', 'Перезапущен обмен')],
  'works around': [field('workaround', 'given')],
  'works around by state': [state('Временное решение')],
  'workaround fails': [field('workaround', 'failed')],
  closes: [closes],
  leaves: [service(foreign)],
  returnsToUs: [service(support)],
  'priority 1': [priority(1)],
  'priority 2': [priority(2)],
  'priority 3': [priority(3)],
  'priority 4': [priority(4)],
  'corrects to 2': [priority(2), notes('Приоритет ошибочен')],
  'corrects to 3': [priority(3), notes('Приоритет ошибочен')],
};

const gap = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: steps(90) }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: steps(1_440) }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: steps(4 * 1_440) }) },
);

const event = fc.record({
  gap,
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...Object.keys(happenings)) },
    { weight: 1, arbitrary: fc.constantFrom('asks and waits', 'asks', 'waits', 'answers', 'works') },
  ),
});

export const randomHistories: fc.Arbitrary<RandomHistory> = fc
  .record({
    registered: fc.integer({ min: first, max: last }),
    number: fc.integer({ min: 1, max: 4 }),
    events: fc.array(event, { maxLength: 12 }),
    until: fc.oneof(fc.constant(0), gap),
    /** Which event brings T0. */
    complete: fc.oneof(fc.constant(-1), fc.integer({ min: -1, max: 3 })),
  })
  .map(({ registered, number, events, until, complete }) => {
    const begin = registered * STEP;
    let at = begin;
    let current = number;
    const taken: Step[] = events.map(({ gap: length, kind }) => {
      at += length * STEP;
      const [opening, ...others] = happenings[kind] ?? [];
      const isNoChange = opening !== undefined && opening === priorityAt(current);
      const set = Number(/^(?:priority|corrects to) (\d)$/.exec(kind)?.[1] ?? current);
      const correction = kind.startsWith('corrects') && set === current ? [] : others;
      current = set;
      return [at, ...(opening === undefined || isNoChange ? [] : [opening]), ...correction];
    });
    const ticket = aHistory(begin, { priority: number }, ...taken);
    const story = {
      ticket,
      complete: t0Of(ticket, complete, taken),
      now: at + until * STEP,
    };
    const told = () => events.map(({ kind }, index) => `${written(Number(taken[index]?.[0]))} ${kind}`);
    return {
      ...story,
      [fc.toStringMethod]: () =>
        `priority ${number} ${written(begin)}; ${told().join('; ')}; complete ${story.complete?.index}; now ${written(story.now)}`,
    };
  });

function priorityAt(number: number): Happening | undefined {
  return happenings[`priority ${number}`]?.[0];
}

/** Never for the number 3: then nothing ever completes the ticket. */
function t0Of(ticket: Snapshot, event: number, taken: readonly Step[]): RandomHistory['complete'] {
  if (event < 0 || taken.length === 0) {
    return { at: ticket.createdAt.toMillis(), index: -1 };
  }

  const index = 5 + taken.slice(0, event).reduce((sum, [, ...all]) => sum + all.length, 0);
  const entry = ticket.history[index];
  return event === 3 || entry === undefined ? undefined : { at: entry.at.toMillis(), index };
}
