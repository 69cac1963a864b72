import { describe, expect, test } from '@jest/globals';
import type { Action } from '../../src/domain/action.ts';
import { decide, type Policy } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Link } from '../../src/domain/link.ts';
import type { HistoryEntry, Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, agreedFacts, NOW } from '../support/records.ts';

const block = {
  closure_code: 'consultation',
  solution: 'Показано, где кнопка выгрузки.',
  configuration_item: 'ui',
};
const closingAt = (minutes: number): HistoryEntry => ({
  at: NOW.plus({ minutes }),
  by: '21',
  what: 'StateUpdate',
  detail: '',
  changes: [{ property: 'state', from: 'Передано на 3ЛТП', to: 'Закрыто' }],
});
const KEY = 'comment:note:agent-closed:2026-11-23T07:00:00Z';

/** An agent closed the ticket while line 3 was at work. */
function closed(
  ticket: Partial<Snapshot> = {},
  issue: Partial<Snapshot> = {},
  agreed: Link['agreed'] = { issueState: 'Открыто/', issuePhase: 'open', ticketState: 'Передано на 3ЛТП' },
): Facts {
  const facts = agreedFacts({}, issue, { agreed });
  const { fields } = facts.ticket;
  const changes = { state: 'Закрыто', phase: 'done', history: [closingAt(0)], ...ticket } as const;
  return {
    ...facts,
    ticket: { ...facts.ticket, ...changes, fields: { ...fields, ...(ticket.fields ?? block) } },
  };
}

const told = (facts: Facts, policy: Policy = quietPolicy) =>
  decide(facts, policy, NOW).actions.filter(
    (action): action is Extract<Action, { do: 'comment' }> => action.do === 'comment',
  );

describe('R54: an agent closes a ticket whose issue is still under way', () => {
  test('the issue is told once, with code, solution and item, by everyone’s own comment and not by a move', () => {
    const facts = closed();
    const { actions } = decide(facts, quietPolicy, NOW);

    expect(told(facts)).toMatchObject([{ key: KEY, ref: { system: 'jira' }, comment: { visibility: 'public' } }]);
    expect(told(facts)[0]?.comment.text).toMatch(
      /2026112310000042[\s\S]*Код закрытия: Консультация\nРешение: Показано, где кнопка выгрузки\.\nКонфигурационная единица: Интерфейс$/,
    );
    expect(actions.filter((action) => action.do === 'move')).toEqual([]);
    const [action] = told(facts);
    const after = evolve(facts, action as Action, { system: 'jira', id: '900' }, NOW);
    expect(told(after)).toEqual([]);
  });

  test('what the block lacks is a dash', () => {
    expect(told(closed({ fields: {} }))[0]?.comment.text).toMatch(/Решение: —/);
  });

  test.each<[string, Facts]>([
    ['an issue that is done', closed({}, { state: 'Решено', phase: 'done', resolution: 'Исправлено' })],
    ['a ticket that was closed before the bridge saw it', closed({}, {}, { issueState: 'Открыто/' })],
    ['a ticket that the bridge itself closed', closed({}, {}, { issueState: 'Открыто/', ticketState: 'Закрыто' })],
    ['an issue that shows the comment after a lost memory', closed({}, { comments: [aComment({ marker: KEY })] })],
  ])('nothing is told for %s', (_, facts) => {
    expect(told(facts).filter(({ ref }) => ref.system === 'jira')).toEqual([]);
  });

  test('a ticket that was opened and closed again tells it again', () => {
    const first = 'comment:note:agent-closed:2026-11-23T06:00:00Z';
    const issue = { comments: [aComment({ marker: first })] };

    expect(told(closed({ history: [closingAt(-60)] }, issue))).toEqual([]);
    expect(told(closed({ history: [closingAt(-60), closingAt(0)] }, issue))).toMatchObject([{ key: KEY }]);
  });

  test('without the text in the mapping nothing is told', () => {
    const { agentClosedComment: _, ...closure } = quietPolicy.closure;

    expect(told(closed(), { ...quietPolicy, closure })).toEqual([]);
  });
});
