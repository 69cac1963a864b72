import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { timelineOf } from '../../src/domain/timeline.ts';
import { factsOf } from '../../src/replay/facts-file.ts';
import { happenedSchema, withHappenings } from '../../src/replay/happened.ts';

const AT = DateTime.fromISO('2026-11-23T12:00:00+03:00', { setZone: true });
const registered = {
  title: 'Карточка',
  text: 'Не сохраняется',
  state: 'Назначено',
  phase: 'new',
  priority: '3 Средний',
  fields: { external_number: '554321' },
  createdAt: AT.minus({ hours: 2 }),
} as const;

function ticketAfter(...happened: readonly object[]) {
  const ticket = withHappenings(registered, happenedSchema.parse(happened), AT);
  return factsOf({ at: AT, ticket }).ticket;
}

const minute = (number: number) => `2026-11-23T10:${String(number).padStart(2, '0')}:00+03:00`;

describe('a history in short form', () => {
  test('of nothing is the registration alone, and nothing is strange about it', () => {
    const ticket = ticketAfter();

    expect(ticket.history).toHaveLength(1);
    expect(ticket.history[0]?.changes).toEqual([
      { property: 'title', to: 'Карточка' },
      { property: 'priority', to: '3 Средний' },
      { property: 'state', to: 'Назначено' },
      { property: 'fields.external_number', to: '554321' },
    ]);
    expect(timelineOf(ticket).doubts).toEqual([]);
  });

  test('changes what the ticket shows, and remembers what it showed before', () => {
    const ticket = ticketAfter(
      { at: minute(5), state: 'В работе' },
      { at: minute(9), priority: '2 Высокий', fields: { diagnosis_done: '1', external_number: '' } },
    );

    expect(ticket).toMatchObject({ state: 'В работе', phase: 'open', priority: '2 Высокий' });
    expect(ticket.fields).toEqual({ diagnosis_done: '1' });
    expect(ticket.changedAt.toISO()).toBe('2026-11-23T10:09:00.000+03:00');
    expect(ticket.history.slice(1).map(({ changes }) => changes)).toEqual([
      [{ property: 'state', from: 'Назначено', to: 'В работе' }],
      [
        { property: 'priority', from: '3 Средний', to: '2 Высокий' },
        { property: 'fields.diagnosis_done', to: '1' },
        { property: 'fields.external_number', from: '554321' },
      ],
    ]);
    expect(timelineOf(ticket).doubts).toEqual([]);
  });

  test('words become comments that the history tells of, before the changes of the same moment', () => {
    const ticket = ticketAfter(
      {
        at: minute(5),
        by: 'agent',
        visibility: 'public',
        text: 'Уточните номер',
        state: 'Ожидание информации',
        phase: 'pending',
      },
      { at: minute(9), by: 'requester', visibility: 'public', text: '554321' },
    );

    expect(ticket.phase).toBe('pending');
    expect(ticket.comments.map(({ id, by, text }) => [id, by, text])).toEqual([
      ['201', 'agent', 'Уточните номер'],
      ['202', 'requester', '554321'],
    ]);
    expect(
      timelineOf(ticket)
        .entries.map(({ kind }) => kind)
        .slice(-3),
    ).toEqual(['commented', 'changed', 'commented']);
    expect(timelineOf(ticket).doubts).toEqual([]);
  });

  test('words of which nothing else is said are an agent’s and internal', () => {
    expect(ticketAfter({ at: minute(5), text: 'Для себя' }).comments).toMatchObject([
      { by: 'agent', visibility: 'internal' },
    ]);
  });
});
