import { describe, expect, test } from '@jest/globals';
import { type Decision, decide } from '../../src/domain/decide.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy } from '../support/policy.ts';
import { agreedFacts, NOW } from '../support/records.ts';

const policy = quietPolicy;
const inWork = { state: 'В работе' };
const done = {
  state: 'Решено',
  phase: 'done',
  resolution: 'Исправлено',
  fields: { solution: 'Исправлена проверка поля «Адрес».', configuration_item: ['Интеграция'] },
} as const satisfies Partial<Snapshot>;

const decideFor = (ticket: Partial<Snapshot>, issue: Partial<Snapshot>, issueState = 'В работе/'): Decision => {
  const facts: Facts = agreedFacts({}, issue, { agreed: { issueState } });
  const shown = { issue_key: 'OSSTTMB2B-1', issue_url: facts.issue?.url ?? '', issue_status: facts.issue?.state ?? '' };
  return decide(
    { ...facts, ticket: { ...facts.ticket, ...ticket, fields: { ...shown, ...ticket.fields } } },
    policy,
    NOW,
  );
};

describe('the closing gate (R52-R54)', () => {
  test('a done issue with all three fields closes its ticket in one step', () => {
    expect(decideFor(inWork, done).actions).toEqual([
      {
        do: 'move',
        key: 'move:ticket',
        ref: { system: 'otrs', id: '42', key: '2026112310000042' },
        to: 'Закрыто',
        phase: 'done',
        fields: {
          closure_code: 'fixed',
          solution: 'Исправлена проверка поля «Адрес».',
          configuration_item: 'integration',
        },
      },
    ]);
  });

  test.each([
    ['Исправлено', 'fixed'],
    ['Не будет исправлено', 'impossible'],
    ['Не воспроизводится', 'impossible'],
    ['Дубликат', 'duplicate'],
    ['Консультация', 'consultation'],
    ['Резолюция, которой нет в таблице', 'fixed'],
  ])('resolution «%s» becomes closure code %s (R53)', (resolution, code) => {
    expect(decideFor(inWork, { ...done, resolution }).actions).toMatchObject([{ fields: { closure_code: code } }]);
  });

  test.each<[string, Partial<Snapshot>, string]>([
    ['no solution', { fields: { configuration_item: ['БД'] } }, '«Решение»'],
    ['no configuration item', { fields: { solution: 'Исправлено в коде.' } }, '«Конфигурационная единица»'],
    [
      'an unknown component',
      { fields: { solution: 'Исправлено.', configuration_item: ['Прочее'] } },
      '«Конфигурационная единица»',
    ],
    ['a blank solution', { fields: { solution: '  ', configuration_item: ['БД'] } }, '«Решение»'],
  ])('a ticket waits and its note says what is missing when the issue is done with %s', (_, issue, missing) => {
    const { actions } = decideFor(inWork, { ...done, ...issue });

    expect(actions.map((action) => action.do)).toEqual(['move', 'comment']);
    expect(actions[0]).toMatchObject({ to: 'Решено' });
    expect(actions[1]).toMatchObject({ comment: { visibility: 'internal', text: expect.stringContaining(missing) } });
    expect(actions.some((action) => action.do === 'move' && action.to === 'Закрыто')).toBe(false);
  });

  test('a waiting ticket closes when an agent fills what was missing', () => {
    const ticket = {
      state: 'Решено',
      fields: { configuration_item: 'db', solution: 'Исправлено в коде.', closure_code: 'fixed' },
    };
    const { actions } = decideFor(ticket, { ...done, fields: {} }, 'Решено/Исправлено');

    expect(actions).toMatchObject([{ do: 'move', to: 'Закрыто', fields: { configuration_item: 'db' } }]);
  });

  test('a waiting ticket whose block is still not filled is left alone and gets no second note', () => {
    const first = decideFor({ state: 'В работе' }, { ...done, fields: {} });
    const note = first.actions.find((action) => action.do === 'comment');
    const facts = agreedFacts(
      { state: 'Решено' },
      { ...done, fields: {} },
      { agreed: { issueState: 'Решено/Исправлено' } },
    );
    const link = { ...facts.link, done: { ...facts.link.done, [note?.key ?? '']: '7' } };
    const ticket = {
      ...facts.ticket,
      fields: { ...facts.ticket.fields, issue_status: 'Решено', closure_code: 'fixed' },
    };

    expect(decide({ ...facts, link, ticket }, policy, NOW).actions).toEqual([]);
  });

  test('a solution that the help desk could only hold in part is not written again at every look', () => {
    const solution = 'Исправлено в коде обмена. '.repeat(400);
    const issue = { ...done, fields: { solution } };
    const ticket = { state: 'Решено', fields: { closure_code: 'fixed', solution: `${solution.slice(0, 3799)}…` } };
    const { actions } = decideFor(ticket, issue, 'Решено/Исправлено');

    expect(actions.filter((action) => action.do === 'update')).toEqual([]);
  });

  test('an agent who takes the ticket back is not overruled', () => {
    const { actions, because } = decideFor(inWork, done, 'Решено/Исправлено');

    expect(actions).toEqual([]);
    expect(because).toContainEqual(expect.objectContaining({ rule: 'agent-took-the-ticket-back' }));
  });

  test('a closed ticket stays as it is, and its issue shows that it is done', () => {
    const { actions } = decideFor({ state: 'Закрыто', phase: 'done' }, done);

    expect(actions).toMatchObject([{ do: 'relate', as: 'origin', isResolved: true }]);
  });

  test('a done issue without resolution closes nothing until the code is known', () => {
    const { resolution: _, ...unresolved } = done;

    expect(decideFor(inWork, unresolved).actions).toContainEqual(
      expect.objectContaining({
        do: 'comment',
        comment: expect.objectContaining({ text: expect.stringContaining('«Код закрытия»') }),
      }),
    );
  });
});
