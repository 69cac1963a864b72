import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { Clock } from '../../src/domain/clock/clock.ts';
import { judgeClock, nextLookOf } from '../../src/domain/clock/judge-clock.ts';
import { issueFieldsOf, statusText, ticketFieldsOf } from '../../src/domain/clock/show.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import {
  aHistory,
  answers,
  asks,
  clockAt,
  closes,
  field,
  foreign,
  notes,
  priority,
  type Reading,
  type Step,
  service,
  waits,
  works,
} from '../support/history.ts';
import { shippedPolicy } from '../support/policy.ts';
import { aComment, aLink, anIssue } from '../support/records.ts';
import { moment, written } from '../support/table-4.ts';

const policy = shippedPolicy.clock;
const registered = '23.11.26 10:00';

function statusOf(number: number, reading: Reading, ...steps: readonly Step[]): string {
  return statusText(
    clockAt(aHistory(registered, { priority: number }, ...steps), reading),
    policy,
    moment(reading.now),
  );
}

describe('how the terms stand, in one line (R28, R56)', () => {
  test.each<[string, number, Reading, readonly Step[]]>([
    ['Реакция: до 23.11.2026 10:30', 1, { now: '23.11.26 10:14' }, []],
    ['Реакция: прошло 50 % срока, до 23.11.2026 10:30', 1, { now: '23.11.26 10:15' }, []],
    ['Реакция: срок истёк 23.11.2026 10:30', 1, { now: '23.11.26 10:30' }, []],
    [
      'Реакция: срок истёк 23.11.2026 10:30; Диагностика: срок истёк 23.11.2026 11:30',
      1,
      { now: '23.11.26 11:40' },
      [],
    ],
    [
      'Диагностика: срок истёк 23.11.2026 11:30; Временное решение, ответ: срок истёк 23.11.2026 12:30',
      1,
      { now: '23.11.26 13:00' },
      [['23.11.26 10:40', works]],
    ],
    ['Диагностика: до 23.11.2026 11:30', 1, { now: '23.11.26 10:35' }, [['23.11.26 10:20', works]]],
    [
      'Приостановлено с 23.11.2026 10:20: ждём ответа инициатора',
      1,
      { now: '24.11.26 10:20' },
      [['23.11.26 10:20', asks, waits]],
    ],
    [
      'Срок не начат: ждём обязательных сведений',
      1,
      { now: '23.11.26 10:30', t0: 'missing' },
      [['23.11.26 10:20', works]],
    ],
    ['Закрыто в срок', 1, { now: '24.11.26 10:20' }, [['23.11.26 10:20', closes]]],
    ['Закрыто с нарушением срока: Реакция, Диагностика', 1, { now: '24.11.26 10:20' }, [['23.11.26 11:40', closes]]],
    [
      'Срок остановлен 23.11.2026 10:20: услуга «DWH: Техническая поддержка» не NTTM; причина: не указана',
      1,
      { now: '24.11.26 10:20' },
      [['23.11.26 10:20', service(foreign)]],
    ],
    [
      'Срок остановлен 23.11.2026 10:20: услуга «DWH: Техническая поддержка» не NTTM; причина: во внутренней заметке',
      1,
      { now: '24.11.26 10:20' },
      [['23.11.26 10:20', notes('Возврат', 'Пользователю не говорить: дело в DWH.'), service(foreign)]],
    ],
    [
      'Срок остановлен 23.11.2026 10:20: услуга «DWH: Техническая поддержка» не NTTM; причина: Отчёты ведёт группа DWH',
      1,
      { now: '24.11.26 10:20' },
      [['23.11.26 10:20', field('return_reason', 'Отчёты ведёт группа DWH'), service(foreign)]],
    ],
  ])('%s', (expected, number, reading, steps) => {
    expect(statusOf(number, reading, ...steps)).toBe(expected);
  });

  test('Реакция: срок не определён, нет календаря на 2028 год', () => {
    const clock = clockAt(aHistory('31.12.27 17:59', { priority: 3 }), { now: '31.12.27 17:59' });

    expect(statusText(clock, policy, moment('31.12.27 17:59'))).toBe(
      'Реакция: срок не определён, нет календаря на 2028 год',
    );
    expect(clock.doubts).toContain(
      'The deadline of the reaction rests on 2028, which no calendar covers: none is given.',
    );
  });

  test('of a priority without a row nothing is said', () => {
    expect(statusOf(7, { now: '23.11.26 10:20' })).toBe('');
  });
});

describe('deadlines in the fields of both systems (R56)', () => {
  const fieldsAt = (now: string, ...steps: readonly Step[]) => {
    const clock = clockAt(aHistory(registered, { priority: 1 }, ['23.11.26 10:10', works], ...steps), { now });
    return { ticket: ticketFieldsOf(clock, policy, moment(now)), issue: issueFieldsOf(clock, policy) };
  };

  test('are moments in UTC, whole seconds', () => {
    expect(fieldsAt('23.11.26 10:20')).toMatchObject({
      ticket: {
        sla_reaction_due: '2026-11-23T07:30:00Z',
        sla_diagnosis_due: '2026-11-23T08:30:00Z',
        sla_workaround_due: '2026-11-23T09:30:00Z',
        sla_resolution_due: '2026-11-23T11:00:00Z',
      },
      issue: { due_date: '2026-11-23', due_at: '2026-11-23T11:00:00Z' },
    });
  });

  test('a deadline that an open pause holds is empty, one that was kept stays', () => {
    expect(fieldsAt('23.11.26 10:50', ['23.11.26 10:40', asks, waits])).toMatchObject({
      ticket: { sla_reaction_due: '2026-11-23T07:30:00Z', sla_diagnosis_due: '', sla_resolution_due: '' },
      issue: { due_date: '', due_at: '' },
    });
  });

  test('the day is a day in Moscow', () => {
    const clock = clockAt(aHistory('23.11.26 22:00', { priority: 1 }), { now: '23.11.26 22:00' });

    expect(issueFieldsOf(clock, policy)).toMatchObject({ due_date: '2026-11-24' });
  });

  test('of a ticket that went to another service only the status is written, and nothing in the issue', () => {
    const { ticket, issue } = fieldsAt('23.11.26 10:50', ['23.11.26 10:40', service(foreign)]);

    expect([Object.keys(ticket), issue]).toEqual([['sla_status'], {}]);
  });
});

describe('the note at a share of a stage (R28, R32, R33)', () => {
  interface Noted {
    readonly now: string;
    readonly t0?: string;
    readonly done?: Readonly<Record<string, string>>;
  }

  function notesFor(ticket: Snapshot, { done = {}, ...reading }: Noted): readonly string[] {
    const now = DateTime.fromMillis(moment(reading.now));
    const facts = { ticket, issue: anIssue(), link: aLink({ done }) };
    return judgeClock(facts, clockAt(ticket, reading), policy, now).actions.flatMap((action) =>
      action.do === 'comment' ? [action.key] : [],
    );
  }

  const ticket = aHistory(registered, { priority: 1 });
  const reaction80 = 'comment:note:terms:reaction:80:1';

  test.each<[string, Snapshot, Noted, readonly string[]]>([
    ['none before 80 %', ticket, { now: '23.11.26 10:23' }, []],
    ['at 80 %', ticket, { now: '23.11.26 10:24' }, [reaction80]],
    ['of several shares only the highest', ticket, { now: '23.11.26 10:31' }, ['comment:note:terms:reaction:100:1']],
    [
      'once: what is remembered is not written again',
      ticket,
      { now: '23.11.26 10:25', done: { [reaction80]: '7' } },
      [],
    ],
    [
      'once: nor what the ticket shows',
      {
        ...ticket,
        comments: [...ticket.comments, aComment({ id: '500', visibility: 'internal', marker: reaction80 })],
      },
      { now: '23.11.26 10:25' },
      [],
    ],
    [
      'none after the stage is done',
      aHistory(registered, { priority: 1 }, ['23.11.26 10:20', works]),
      { now: '23.11.26 10:25' },
      [],
    ],
    ['none for old news', ticket, { now: '24.11.26 10:00' }, []],
    [
      'none for a closed ticket',
      aHistory(registered, { priority: 1 }, ['23.11.26 10:29', closes]),
      { now: '23.11.26 10:31' },
      [],
    ],
    [
      'none while the clock stands',
      aHistory(registered, { priority: 1 }, ['23.11.26 10:20', asks, waits]),
      { now: '23.11.26 16:00' },
      [],
    ],
    [
      'a raised priority warns anew',
      aHistory(registered, { priority: 2 }, ['23.11.26 10:20', priority(1)]),
      { now: '23.11.26 10:25', done: { 'comment:note:terms:reaction:80:2': '7' } },
      [reaction80],
    ],
  ])('%s', (_, given, noted, expected) => {
    expect(notesFor(given, noted)).toEqual(expected);
  });

  test('«Средний» is warned inside the window only', () => {
    const { warnings } = clockAt(aHistory('27.11.26 17:30', { priority: 3 }), { now: '27.11.26 17:30' });

    expect(warnings.slice(0, 3).map(({ share, at }) => `${share} ${written(at)}`)).toEqual([
      '50 27.11.26 18:00',
      '80 30.11.26 05:18',
      '100 30.11.26 05:30',
    ]);
  });

  test('says stage, share, deadline and term', () => {
    const facts = { ticket, link: aLink() };
    const now = DateTime.fromMillis(moment('23.11.26 10:31'));
    const [note] = judgeClock(facts, clockAt(ticket, { now: '23.11.26 10:31' }), policy, now).actions.flatMap(
      (action) => (action.do === 'comment' ? [action.comment] : []),
    );

    expect(note).toMatchObject({ visibility: 'internal', subject: 'Срок: Реакция, прошло 100 %' });
    expect(note?.text).toContain('Срок — 23.11.2026 10:30 МСК.');
  });
});

describe('when to look again', () => {
  const look = (clock: Clock, now: string) => {
    const next = nextLookOf(clock, moment(now));
    return next === undefined ? undefined : written(next.toMillis());
  };

  test.each<[string, string, readonly Step[], string | undefined]>([
    ['at the next warning', '23.11.26 10:01', [], '23.11.26 10:15'],
    ['after now, not at a warning that has come', '23.11.26 10:15', [], '23.11.26 10:24'],
    ['of the next stage when one is done', '23.11.26 10:12', [['23.11.26 10:10', works]], '23.11.26 10:45'],
    ['not while paused: the answer brings an event', '23.11.26 10:50', [['23.11.26 10:10', asks, waits]], undefined],
    [
      'again after the answer',
      '23.11.26 10:50',
      [
        ['23.11.26 10:10', asks, waits],
        ['23.11.26 10:40', answers],
      ],
      '23.11.26 11:15',
    ],
    ['not when closed', '23.11.26 10:50', [['23.11.26 10:10', closes]], undefined],
    ['not when everything is late', '30.11.26 10:50', [], undefined],
    [
      'at the longer term once a workaround was given',
      '23.11.26 15:00',
      [['23.11.26 11:00', field('workaround', 'given')]],
      '25.11.26 11:15',
    ],
  ])('%s', (_, now, steps, expected) => {
    expect(look(clockAt(aHistory(registered, { priority: 1 }, ...steps), { now }), now)).toBe(expected);
  });
});
