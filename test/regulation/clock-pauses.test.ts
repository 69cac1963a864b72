import { describe, expect, test } from '@jest/globals';
import {
  aHistory,
  answers,
  asks,
  bridgeAsks,
  clockAt,
  closes,
  dueOf,
  field,
  missedOf,
  notes,
  priority,
  type Registration,
  robotWrites,
  type Step,
  state,
  stoodOf,
  waits,
  works,
} from '../support/history.ts';
import { shippedPolicy } from '../support/policy.ts';

const registered = '23.11.26 10:00';
const critical: Registration = { priority: 1, state: 'В работе' };
const now = '23.11.26 16:00';

function stood(...steps: readonly Step[]): readonly string[] {
  return stoodOf(clockAt(aHistory(registered, critical, ...steps), { now }));
}

describe('«время … приостанавливается до получения дополнительной информации … от инициатора» (R26)', () => {
  test.each<[string, readonly Step[], readonly string[]]>([
    [
      'from the request to the answer',
      [
        ['23.11.26 10:40', asks, waits],
        ['23.11.26 12:10', answers],
      ],
      ['requester 23.11.26 10:40 – 23.11.26 12:10'],
    ],
    ['until now while nobody answers', [['23.11.26 10:40', asks, waits]], ['requester 23.11.26 10:40 –']],
    ['the state may come first', [['23.11.26 10:40', waits, asks]], ['requester 23.11.26 10:40 –']],
    [
      'a request up to a quarter of an hour before the state begins the pause',
      [
        ['23.11.26 10:40', asks],
        ['23.11.26 10:55', waits],
      ],
      ['requester 23.11.26 10:40 –'],
    ],
    [
      'an older one does not',
      [
        ['23.11.26 10:40', asks],
        ['23.11.26 10:56', waits],
      ],
      [],
    ],
    [
      'a request after the state begins it with the request',
      [
        ['23.11.26 10:40', waits],
        ['23.11.26 11:20', asks],
      ],
      ['requester 23.11.26 11:20 –'],
    ],
    ['the state without a request is no ground', [['23.11.26 10:40', waits]], []],
    ['a request without the state is no ground', [['23.11.26 10:40', asks]], []],
    ['a letter of the system asks nothing', [['23.11.26 10:40', robotWrites, waits]], []],
    ['an internal note asks nothing', [['23.11.26 10:40', notes('Уточните'), waits]], []],
    ['waiting for 3ЛТП is no ground', [['23.11.26 10:40', asks, state('Передано на 3ЛТП')]], []],
    ['waiting for an update is no ground (R52)', [['23.11.26 10:40', asks, state('Ожидает установки обновления')]], []],
    [
      'a second request while the first is open changes nothing',
      [
        ['23.11.26 10:40', asks, waits],
        ['23.11.26 11:00', asks],
        ['23.11.26 12:10', answers],
      ],
      ['requester 23.11.26 10:40 – 23.11.26 12:10'],
    ],
    [
      'after an answer a new request pauses again, although the state stayed',
      [
        ['23.11.26 10:40', asks, waits],
        ['23.11.26 11:00', answers],
        ['23.11.26 11:30', asks],
        ['23.11.26 12:10', answers],
      ],
      ['requester 23.11.26 10:40 – 23.11.26 11:00', 'requester 23.11.26 11:30 – 23.11.26 12:10'],
    ],
    [
      'an agent who goes on with the work ends it without an answer',
      [
        ['23.11.26 10:40', asks, waits],
        ['23.11.26 11:00', works],
      ],
      ['requester 23.11.26 10:40 – 23.11.26 11:00'],
    ],
    [
      'closing ends it',
      [
        ['23.11.26 10:40', asks, waits],
        ['23.11.26 11:00', closes],
      ],
      ['requester 23.11.26 10:40 – 23.11.26 11:00'],
    ],
    [
      'a note on the call ends it: «исполнитель может связаться с инициатором обращения» (R49a)',
      [
        ['23.11.26 10:40', asks, waits],
        ['23.11.26 11:00', notes('Звонок инициатору: шаги получены')],
      ],
      ['requester 23.11.26 10:40 – 23.11.26 11:00'],
    ],
    [
      'nor does one whose first line says so',
      [
        ['23.11.26 10:40', asks, waits],
        ['23.11.26 11:00', notes('Звонок', 'Не берёт трубку.\nПерезвоню в 12:00.')],
      ],
      ['requester 23.11.26 10:40 –'],
    ],
    [
      'what a later line says of others does not matter',
      [
        ['23.11.26 10:40', asks, waits],
        ['23.11.26 11:00', notes('Звонок', 'Шаги получены.\nСервер обмена не отвечает с утра.')],
      ],
      ['requester 23.11.26 10:40 – 23.11.26 11:00'],
    ],
    [
      'another note does not',
      [
        ['23.11.26 10:40', asks, waits],
        ['23.11.26 11:00', notes('Ждём')],
      ],
      ['requester 23.11.26 10:40 –'],
    ],
  ])('%s', (_, steps, expected) => {
    expect(stood(...steps)).toEqual(expected);
  });

  test.each(['Звонок: не отвечает', 'Звонок инициатору, НЕ ОТВЕТИЛ', 'Разговор не состоялся: телефон недоступен'])(
    'a call that nobody took does not: «%s» (R49a)',
    (subject) => {
      expect(stood(['23.11.26 10:40', asks, waits], ['23.11.26 11:00', notes(subject)])).toEqual([
        'requester 23.11.26 10:40 –',
      ]);
    },
  );

  test.each(shippedPolicy.completeness.callNotes)(
    'a note «%s…» that brings information ends it, too (R49a)',
    (subject) => {
      expect(stood(['23.11.26 10:40', asks, waits], ['23.11.26 11:00', notes(`${subject}: шаги получены`)])).toEqual([
        'requester 23.11.26 10:40 – 23.11.26 11:00',
      ]);
    },
  );

  test('the pause names who asked in which article, and who answered (I6)', () => {
    const ticket = aHistory(registered, critical, ['23.11.26 10:40', asks, waits], ['23.11.26 12:10', answers]);

    expect(clockAt(ticket, { now }).suspensions).toMatchObject([
      {
        clause: 'R26',
        begunBy: 'article 101 «Уточните, пожалуйста» by «Ольга Петрова»',
        endedBy: 'article 102 «Re: Уточните» by «Анна Кузнецова»',
      },
    ]);
  });

  test('waiting without a request is told', () => {
    const { unproven, status } = clockAt(aHistory(registered, critical, ['23.11.26 10:40', waits]), { now });

    expect([status, unproven.map(({ because }) => because)]).toEqual([
      'running',
      ['the ticket waits for the requester, but no public article of an agent asks for anything'],
    ]);
  });

  test('an answer with which mandatory information is still missing does not end it; what completes it does', () => {
    const steps: readonly Step[] = [
      ['23.11.26 10:40', asks, waits],
      ['23.11.26 11:00', answers],
      ['23.11.26 12:10', answers],
    ];
    const ticket = aHistory(registered, critical, ...steps);

    expect(stoodOf(clockAt(ticket, { now, t0: 'missing' }))).toEqual(['requester 23.11.26 10:40 –']);
    expect(stoodOf(clockAt(ticket, { now, t0: '23.11.26 12:10' }))).toEqual([
      'requester 23.11.26 10:40 – 23.11.26 12:10',
    ]);
  });

  test('read as `acceptance`, only an agent ends it', () => {
    const steps: readonly Step[] = [
      ['23.11.26 10:40', asks, waits],
      ['23.11.26 11:00', answers],
      ['23.11.26 11:20', works],
    ];
    const policy = { pauses: { ...shippedPolicy.clock.pauses, ends: 'acceptance' as const } };

    expect(stoodOf(clockAt(aHistory(registered, critical, ...steps), { now, policy }))).toEqual([
      'requester 23.11.26 10:40 – 23.11.26 11:20',
    ]);
  });
});

describe('«либо запросить требуемую информацию через сотрудника 2ЛТП» (R51a)', () => {
  const steps: readonly Step[] = [['23.11.26 10:40', bridgeAsks, waits]];

  test('a question of 3ЛТП that the bridge wrote pauses an ordinary ticket', () => {
    expect(stoodOf(clockAt(aHistory(registered, { ...critical, priority: 2 }, ...steps), { now }))).toEqual([
      'requester 23.11.26 10:40 –',
    ]);
  });

  test('a critical one only when an agent asks, and the reason is told once', () => {
    const clock = clockAt(aHistory(registered, critical, ...steps), { now });

    expect(stoodOf(clock)).toEqual([]);
    expect(clock.unproven.map(({ because }) => because)).toEqual([
      'article 101 «Вопрос 3ЛТП» by «Ольга Петрова» was written by the bridge; at priority 1 an agent has to ask',
    ]);
  });

  test('an agent who then asks himself pauses it from his own request on', () => {
    expect(stood(...steps, ['23.11.26 11:00', asks])).toEqual(['requester 23.11.26 11:00 –']);
  });

  test('it counts by the priority of that time', () => {
    const raised: readonly Step[] = [...steps, ['23.11.26 11:00', priority(1)]];

    expect(stoodOf(clockAt(aHistory(registered, { ...critical, priority: 2 }, ...raised), { now }))).toHaveLength(1);
  });
});

describe('what a pause does to the deadlines (R26)', () => {
  test.each<[string, Registration, readonly Step[], string, readonly string[]]>([
    [
      'an open one moves them on with the time, as if it ended now',
      critical,
      [['23.11.26 10:40', asks, waits]],
      '23.11.26 12:10',
      ['23.11.26 10:30', '23.11.26 13:00', '23.11.26 14:00', '23.11.26 15:30'],
    ],
    [
      'a weekend gives the working hours nothing',
      { priority: 3, state: 'В работе' },
      [
        ['28.11.26 09:00', asks, waits],
        ['29.11.26 20:00', answers],
      ],
      '30.11.26 10:00',
      ['23.11.26 11:00', '24.11.26 10:00', '25.11.26 10:00', '30.11.26 10:00'],
    ],
  ])('%s', (_, registration, steps, at, expected) => {
    expect(dueOf(clockAt(aHistory(registered, registration, ...steps), { now: at }))).toEqual(expected);
  });

  test('of a pause that began before T0 only the rest counts', () => {
    const steps: readonly Step[] = [
      ['23.11.26 10:10', asks, waits],
      ['23.11.26 11:00', works],
    ];

    expect(dueOf(clockAt(aHistory(registered, critical, ...steps), { now, t0: '23.11.26 10:20' }))).toEqual([
      '23.11.26 10:30',
      '23.11.26 12:30',
      '23.11.26 13:30',
      '23.11.26 15:00',
    ]);
  });

  test('a request is known only with its state: a deadline that had passed by then stays missed (I5)', () => {
    const steps: readonly Step[] = [
      ['23.11.26 11:25', asks],
      ['23.11.26 11:35', waits],
    ];
    const clock = clockAt(aHistory(registered, critical, ...steps), { now: '23.11.26 12:00' });

    expect(missedOf(clock)).toEqual(['1 diagnosis']);
    expect(dueOf(clock).slice(1, 3)).toEqual(['23.11.26 11:30', '23.11.26 13:05']);
  });

  test('a stage that is done keeps its deadline, however long the pause lasts (I10)', () => {
    const steps: readonly Step[] = [
      ['23.11.26 10:10', asks, waits],
      ['23.11.26 10:50', field('workaround', 'given')],
    ];
    const ticket = aHistory(registered, { priority: 1 }, ...steps);

    const soon = dueOf(clockAt(ticket, { now: '23.11.26 11:00' }));
    const late = dueOf(clockAt(ticket, { now: '25.11.26 11:00' }));

    expect(soon).toEqual(['23.11.26 10:30', '23.11.26 12:10', '23.11.26 13:10', '27.11.26 13:20']);
    expect(late).toEqual([...soon.slice(0, 3), '29.11.26 13:20']);
  });
});
