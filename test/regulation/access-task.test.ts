import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { done, factsOf, settle } from '../support/closing.ts';
import { quietPolicy as policy, shippedPolicy } from '../support/policy.ts';
import { aComment, aLink, aTicket, NOW } from '../support/records.ts';

const SERVICE = 'NTTM: Решение проблем с доступом';
const taskRef = { system: 'otrs', id: '77', key: '2026112310000077' };

/** A complete access problem of line 1, registered an hour ago. */
function problem(changes: Partial<Snapshot> = {}): Facts {
  const ticket = aTicket({
    title: 'Не могу войти',
    text: 'ФИО: Кузнецова Анна Ивановна\nЛогин: user.volga\nОписание: при входе ошибка 403',
    service: SERVICE,
    ticketQueue: 'NTTM::1ЛТП',
    comments: [
      aComment({ id: '100', by: 'requester' }),
      aComment({ id: '101', marker: 'comment:note:checklist', visibility: 'internal' }),
    ],
    ...changes,
  });
  return { ticket: { ...ticket, fields: { information: 'complete', ...ticket.fields } }, link: aLink() };
}

function task(changes: Partial<Snapshot> = {}): Snapshot {
  return aTicket({
    ref: taskRef,
    service: SERVICE,
    state: 'Назначено',
    phase: 'new',
    comments: [aComment({ id: '700', marker: 'open:related:line-2' })],
    textCommentId: '700',
    createdAt: NOW,
    ...changes,
    fields: {
      parent_ticket: '2026112310000042 (В работе)',
      inherited_start: '2026-11-23T06:00:00Z',
      ...changes.fields,
    },
  });
}

function withTask(facts: Facts, record: Snapshot): Facts {
  const related = { name: 'line-2', role: 'task', ref: taskRef } as const;
  return {
    ...facts,
    link: { ...facts.link, related: [related], done: { 'open:related:line-2': '77' } },
    related: [{ ...related, record }],
  };
}

const handedOver = { need_line_2: '1' };

describe('R65 «по инциденту создается задача на 2ЛТП»', () => {
  test('line 1 hands over, and a task of the same service is opened in the ticket queue of line 2', () => {
    const { actions } = decide(problem({ fields: handedOver }), policy, NOW);

    expect(actions.find(({ key }) => key === 'open:related:line-2')).toMatchObject({
      do: 'open',
      role: 'task',
      system: 'otrs',
      draft: {
        project: 'NTTM::2ЛТП',
        type: 'Инцидент',
        requester: 'user.volga',
        text: expect.stringContaining('ошибка 403'),
        // The ticket was complete when it was registered.
        fields: { service: SERVICE, inherited_start: '2026-11-23T06:00:00Z' },
      },
    });
  });

  test.each([
    ['nobody handed it over', problem()],
    ['it is technical support', problem({ service: 'NTTM: Техническая поддержка', fields: handedOver })],
    ['it is closed', problem({ fields: handedOver, state: 'Закрыто', phase: 'done' })],
    ['it is a task itself', problem({ fields: { ...handedOver, parent_ticket: '2026' } })],
    ['its task is there', withTask(problem({ fields: handedOver }), task())],
  ])('no task is opened where %s', (_, facts) => {
    expect(decide(facts, policy, NOW).actions.filter(({ do: act }) => act === 'open')).toEqual([]);
  });

  test('a task that was opened before the ticket was complete gets the start of the terms later', () => {
    const facts = withTask(problem({ fields: handedOver }), task({ fields: { inherited_start: '' } }));
    const { actions } = decide(facts, policy, NOW);
    const update = actions.find((action) => action.do === 'update' && action.ref.id === '77');

    expect(update).toMatchObject({ fields: { inherited_start: '2026-11-23T06:00:00Z' } });
    const after = update === undefined ? facts : evolve(facts, update, taskRef, NOW);
    expect(decide(after, policy, NOW).actions.filter(({ key }) => key.startsWith('update:related'))).toEqual([]);
  });
});

describe('R65: one clock and one voice for the user, those of the ticket', () => {
  const own = (record: Snapshot): Facts => ({ ticket: record, link: aLink({ ticket: taskRef }) });

  test('the terms of the task begin where those of its ticket began', () => {
    const { clock } = decide(own(task()), policy, NOW);

    expect(clock.completed).toMatchObject({ at: NOW.minus({ hours: 1 }).toMillis() });
  });

  test('nobody is asked for information, handed a checklist or written a letter', () => {
    const bare = task({ title: 'Вход', text: 'не работает', fields: { inherited_start: '' } });
    const { actions, because } = decide(own(bare), shippedPolicy, NOW);

    expect(actions.filter(({ do: act }) => act === 'comment')).toEqual([]);
    expect(because.map(({ rule }) => rule)).not.toContain('information-is-missing');
  });

  test('it is a ticket of ours and goes to line 3 like any other (R50)', () => {
    const { actions } = decide(own(task({ ticketQueue: 'NTTM::3ЛТП' })), policy, NOW);

    expect(actions.map(({ key }) => key)).toContain('open:issue');
  });
});

describe('R65 «остается открытым до момента решения проблемы на 2ЛТП»', () => {
  const closed = {
    state: 'Закрыто',
    phase: 'done',
    fields: {
      ...handedOver,
      closure_code: 'fixed',
      solution: 'Учётная запись разблокирована',
      configuration_item: 'ui',
    },
  } as const;
  const gapsOf = (record: Snapshot) =>
    decide(withTask(problem(closed), record), policy, NOW).because.filter(
      ({ rule }) => rule === 'closed-without-its-closing-block',
    );

  test('a ticket that was closed before its task is reported', () => {
    expect(gapsOf(task())).toMatchObject([
      { clause: 'R65', evidence: expect.stringContaining('«Задача 2ЛТП» (2026112310000077: Назначено)') },
    ]);
  });

  test('a task that cannot be read is not done unless it was seen to be', () => {
    const facts = withTask(problem(closed), task());
    const unread = { ...facts, related: facts.link.related };
    const gaps = (from: Facts) =>
      decide(from, policy, NOW).because.filter(({ rule }) => rule === 'closed-without-its-closing-block');

    expect(gaps(unread)).toMatchObject([{ evidence: expect.stringContaining('«Задача 2ЛТП» (2026112310000077)') }]);
    const agreed = { ...facts.link.agreed, ended: ['line-2'] };
    expect(gaps({ ...unread, link: { ...facts.link, agreed } })).toEqual([]);
  });

  test('after its task it may be closed', () => {
    expect(gapsOf(task({ state: 'Закрыто', phase: 'done' }))).toEqual([]);
  });

  test('a task that is decided in the very look in which its issue is done is opened, and waited for', () => {
    const { ticket } = problem({ fields: handedOver });
    const facts = factsOf({ ...ticket, state: 'В работе', phase: 'open' }, done);
    const { performed } = settle(facts, policy);

    expect(performed.map(({ key }) => key)).toContain('open:related:line-2');
    expect(performed.filter((action) => action.do === 'move' && action.phase === 'done')).toEqual([]);
  });
});
