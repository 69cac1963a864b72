import { describe, expect, test } from '@jest/globals';
import {
  aHistory,
  answers,
  asks,
  clockAt,
  closes,
  doneOf,
  dueOf,
  field,
  foreign,
  missedOf,
  notes,
  priority,
  queue,
  replies,
  type Step,
  service,
  state,
  stoodOf,
  support,
  waits,
  works,
} from '../support/history.ts';
import { written } from '../support/table-4.ts';

const registered = '23.11.26 10:00';
const read = (number: number, now: string, ...steps: readonly Step[]) =>
  clockAt(aHistory(registered, { priority: number }, ...steps), { now });

describe('what ends a stage (R24, R25, R41, R42)', () => {
  const at = '23.11.26 10:20';

  test.each<[string, Step, number, string]>([
    ['reaction: «Назначено» → «В работе»', [at, works], 0, 'taken-into-work'],
    ['reaction: a request for information', [at, asks, waits], 0, 'information-requested'],
    [
      'reaction: the return to line 1, with a reason',
      [at, queue('NTTM::1ЛТП'), notes('Возврат')],
      0,
      'returned-with-a-reason',
    ],
    ['diagnosis: the mark of the agent', [at, field('diagnosis_done', '1')], 1, 'diagnosis-is-marked'],
    ['diagnosis: the hand-over by ticket queue', [at, queue('NTTM::3ЛТП')], 1, 'handed-over-by-ticket-queue'],
    ['diagnosis: the hand-over by field', [at, field('need_development', '1')], 1, 'handed-over-by-field'],
    ['diagnosis: the related system', [at, field('related_system', 'eip')], 1, 'related-system-is-named'],
    ['answer: a public article whose subject says so', [at, replies('ответ: перезапустите')], 2, 'answered'],
    ['answer: the solution is written', [at, field('solution', 'Перезапущен')], 2, 'solution-is-written'],
    ['workaround: the state', [at, state('Временное решение')], 2, 'workaround-state'],
    ['workaround: the field', [at, field('workaround', 'given')], 2, 'workaround-is-marked'],
    ['permanent solution: «Закрыто»', [at, closes], 3, 'ticket-is-closed'],
  ])('%s', (_, step, stage, rule) => {
    const done = doneOf(read(1, '23.11.26 11:00', step));

    expect(done.slice(0, stage + 1)).toEqual(Array.from({ length: stage + 1 }, () => `${at} ${rule}`));
    expect(done.slice(stage + 1)).toEqual(Array.from({ length: 3 - stage }, () => '—'));
  });

  test.each<[string, Step]>([
    ['an internal note', [at, notes('Ответ')]],
    ['the requester’s own article', [at, answers]],
    ['a public article without the word', [at, replies('Уведомление')]],
    ['an emptied field', [at, field('solution')]],
    ['another state', [at, state('Передано на 3ЛТП')]],
  ])('%s ends none', (_, step) => {
    expect(doneOf(read(1, '23.11.26 11:00', step))).toEqual(['—', '—', '—', '—']);
  });

  test('the first event counts, and a deadline that is met to the second is met', () => {
    const clock = read(
      1,
      '23.11.26 12:00',
      ['23.11.26 10:30', works],
      ['23.11.26 10:40', waits],
      ['23.11.26 11:00', works],
    );

    expect(doneOf(clock)[0]).toBe('23.11.26 10:30 taken-into-work');
    expect(missedOf(clock)).toEqual(['1 diagnosis']);
  });
});

describe('«Или +4 суток, если было предоставлено временное решение» (R20)', () => {
  const given = (at: string): Step => [at, field('workaround', 'given')];
  const failed = (at: string): Step => [at, field('workaround', 'failed')];

  test.each<[string, readonly Step[], string, readonly string[]]>([
    ['in time: the longer term binds', [given('23.11.26 11:10')], '27.11.26 12:30', ['1 reaction']],
    ['exactly at the plain deadline is in time', [given('23.11.26 14:00')], '27.11.26 12:30', []],
    ['later: the breach of the plain term stays', [given('23.11.26 14:30')], '27.11.26 12:30', ['1 resolution']],
    [
      'withdrawn: back to the plain term',
      [given('23.11.26 11:10'), failed('24.11.26 09:00')],
      '23.11.26 14:00',
      ['1 resolution'],
    ],
    [
      'given again before the plain deadline: the longer term once more',
      [given('23.11.26 11:10'), failed('23.11.26 12:00'), given('23.11.26 13:00')],
      '27.11.26 12:30',
      [],
    ],
    [
      'given again after it: the breach stays',
      [given('23.11.26 11:10'), failed('24.11.26 09:00'), given('24.11.26 10:00')],
      '27.11.26 12:30',
      ['1 resolution'],
    ],
  ])('%s', (_, steps, due, missed) => {
    const clock = read(1, '25.11.26 10:00', ...steps);

    expect(dueOf(clock)[3]).toBe(due);
    expect(missedOf(clock)).toEqual(expect.arrayContaining([...missed]));
    expect(missedOf(clock).includes('1 resolution')).toBe(missed.includes('1 resolution'));
  });

  test('the stage of the workaround ends with the first one, or with an answer before it, also if it did not hold', () => {
    const again = read(1, '25.11.26 10:00', given('23.11.26 11:10'), failed('23.11.26 12:00'), given('23.11.26 13:00'));
    const answered = read(1, '25.11.26 10:00', ['23.11.26 11:00', replies()], given('23.11.26 13:00'));

    expect(doneOf(again)[2]).toBe('23.11.26 11:10 workaround-is-marked');
    expect(doneOf(answered)[2]).toBe('23.11.26 11:00 answered');
    expect([...missedOf(again), ...missedOf(answered)]).not.toContain('1 workaround');
  });

  test('«Низкий» has no such term', () => {
    expect(dueOf(read(4, '24.11.26 10:00', given('23.11.26 11:10')))[3]).toBe('23.12.26 10:00');
  });
});

describe('a change of priority (R27)', () => {
  const reads = (now: string, ...steps: readonly Step[]) =>
    clockAt(aHistory('24.11.26 10:00', { priority: 3 }, ['24.11.26 10:30', works], ...steps), { now });

  test.each<[string, readonly Step[], readonly string[], readonly string[]]>([
    [
      'raised: a new chain from the change on, and the old breach stays',
      [['25.11.26 15:00', priority(1)]],
      ['25.11.26 15:30', '25.11.26 16:30', '25.11.26 17:30', '25.11.26 19:00'],
      ['3 diagnosis'],
    ],
    [
      'raised while paused: the new chain stands until the answer',
      [
        ['24.11.26 11:00', asks, waits],
        ['24.11.26 12:00', priority(1)],
        ['24.11.26 13:00', answers],
      ],
      ['24.11.26 12:30', '24.11.26 14:30', '24.11.26 15:30', '24.11.26 17:00'],
      ['1 diagnosis', '1 workaround', '1 resolution'],
    ],
    [
      'raised twice in one second: the last one counts from there',
      [['24.11.26 12:00', priority(2), priority(1)]],
      ['24.11.26 12:30', '24.11.26 13:30', '24.11.26 14:30', '24.11.26 16:00'],
      ['1 diagnosis', '1 workaround', '1 resolution'],
    ],
    [
      'raised and lowered again: counted from T0, what was missed in between stays',
      [
        ['24.11.26 11:00', priority(1)],
        ['24.11.26 14:00', priority(3)],
      ],
      ['24.11.26 11:00', '25.11.26 10:00', '26.11.26 10:00', '01.12.26 10:00'],
      ['1 diagnosis', '1 workaround', '3 diagnosis'],
    ],
    [
      'corrected with a note: counted from T0, and the mistake leaves no breach behind',
      [
        ['24.11.26 11:00', priority(1)],
        ['24.11.26 14:00', priority(3), notes('Приоритет ошибочен: выбран не тот')],
      ],
      ['24.11.26 11:00', '25.11.26 10:00', '26.11.26 10:00', '01.12.26 10:00'],
      ['3 diagnosis'],
    ],
    [
      'words about «ошибочное поведение» correct nothing',
      [
        ['24.11.26 11:00', priority(1)],
        ['24.11.26 14:00', priority(3), notes('Воспроизведено ошибочное поведение')],
      ],
      ['24.11.26 11:00', '25.11.26 10:00', '26.11.26 10:00', '01.12.26 10:00'],
      ['1 diagnosis', '1 workaround', '3 diagnosis'],
    ],
  ])('%s', (_, steps, due, missed) => {
    const clock = reads('25.11.26 15:00', ...steps);

    expect(dueOf(clock)).toEqual(due);
    expect(missedOf(clock)).toEqual(missed);
  });

  test('the plain breach stays although the workaround came in time for the later priority (I5)', () => {
    const steps: readonly Step[] = [
      ['23.11.26 15:00', priority(2)],
      ['23.11.26 15:20', field('workaround', 'given')],
    ];

    expect(missedOf(read(1, '23.11.26 15:30', ...steps))).toContain('1 resolution');
  });

  test('a correction names the note that it rests on, and each note is about one change', () => {
    const clock = reads(
      '24.11.26 12:00',
      ['24.11.26 11:00', priority(2)],
      ['24.11.26 11:05', priority(1)],
      ['24.11.26 11:06', notes('Ошибочный приоритет')],
    );

    expect(clock.priorityChanges.map(({ isCorrection, corrects }) => [isCorrection, corrects])).toEqual([
      [false, undefined],
      [true, 'article 101 «Ошибочный приоритет» by «Ольга Петрова»'],
    ]);
  });

  test('warnings of a raised priority count round the clock', () => {
    const { warnings } = reads('24.11.26 17:50', ['24.11.26 17:45', priority(1)]);
    const diagnosis = warnings.filter(({ deadline }) => deadline.name === 'diagnosis');

    expect(diagnosis.map(({ share, at }) => `${share} ${written(at)}`)).toEqual([
      '50 24.11.26 18:30',
      '80 24.11.26 18:57',
      '100 24.11.26 19:15',
    ]);
  });
});

describe('«возвращаются на 1ЛТП для изменения услуги/сервиса» (R43)', () => {
  const left: Step = ['23.11.26 10:20', service(foreign)];

  test('a service that is not ours stops the clock', () => {
    const { status, standstill, suspensions } = read(1, '23.11.26 12:00', left);

    expect([status, standstill, suspensions[0]?.begunBy]).toEqual([
      'stopped',
      'left',
      'service became «DWH: Техническая поддержка» (user 21)',
    ]);
  });

  test('coming back it goes on from T0, without the time away', () => {
    const clock = read(1, '23.11.26 13:00', left, ['23.11.26 12:20', service(support)]);

    expect([clock.status, ...stoodOf(clock)]).toEqual(['running', 'elsewhere 23.11.26 10:20 – 23.11.26 12:20']);
    expect(dueOf(clock)).toEqual(['23.11.26 12:30', '23.11.26 13:30', '23.11.26 14:30', '23.11.26 16:00']);
  });

  test('one of our services for another changes nothing', () => {
    expect(stoodOf(read(1, '23.11.26 13:00', ['23.11.26 10:20', service('NTTM: Решение проблем с доступом')]))).toEqual(
      [],
    );
  });
});

describe('closing and opening again (R3, R54)', () => {
  const closed: Step = ['23.11.26 11:00', closes];

  test('closing ends every stage that is not done', () => {
    const clock = read(1, '24.11.26 12:00', ['23.11.26 10:20', works], closed);

    expect([clock.status, clock.standstill]).toEqual(['stopped', 'closed']);
    expect(doneOf(clock)).toEqual([
      '23.11.26 10:20 taken-into-work',
      ...Array.from({ length: 3 }, () => '23.11.26 11:00 ticket-is-closed'),
    ]);
    expect(missedOf(clock)).toEqual([]);
  });

  test('opened again «the clock continues from where it stopped»', () => {
    const clock = read(1, '23.11.26 14:10', ['23.11.26 10:20', works], closed, ['23.11.26 14:00', works]);

    expect([clock.status, ...stoodOf(clock)]).toEqual(['running', 'closed 23.11.26 11:00 – 23.11.26 14:00']);
    expect(dueOf(clock)).toEqual(['23.11.26 10:30', '23.11.26 14:30', '23.11.26 15:30', '23.11.26 17:00']);
    expect(doneOf(clock).slice(1)).toEqual(['—', '—', '—']);
  });

  test.each<[string, Step]>([
    ['a workaround that is taken back', ['25.11.26 10:00', field('workaround', 'failed')]],
    ['another priority', ['25.11.26 10:00', priority(1)]],
    ['another service', ['25.11.26 10:00', service(foreign)]],
    ['a second closing', ['25.11.26 10:00', closes]],
  ])('a closed ticket keeps its result: %s changes nothing (R29)', (_, step) => {
    const steps: readonly Step[] = [
      ['23.11.26 10:20', works],
      ['23.11.26 10:40', field('workaround', 'given')],
      ['24.11.26 09:00', closes],
    ];
    const before = read(2, '26.11.26 10:00', ...steps);
    const after = read(2, '26.11.26 10:00', ...steps, step);

    expect([dueOf(after), doneOf(after), missedOf(after)]).toEqual([dueOf(before), doneOf(before), missedOf(before)]);
  });

  test('a breach stays when the ticket is opened again (I5)', () => {
    const clock = read(1, '25.11.26 10:00', ['23.11.26 15:00', closes], ['24.11.26 10:00', works]);

    expect(missedOf(clock)).toEqual(['1 reaction', '1 diagnosis', '1 workaround', '1 resolution']);
  });
});
