import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { quietPolicy } from '../support/policy.ts';
import { agreedFacts, NOW } from '../support/records.ts';

const policy = quietPolicy;

describe('the ticket follows the status of its issue (R41)', () => {
  test.each([
    ['В работе', 'В работе'],
    ['Ожидает информации', 'Ожидание информации'],
  ])('status «%s» brings the ticket to «%s» and shows itself in it', (status, state) => {
    const { actions, agreed } = decide(agreedFacts({}, { state: status, phase: 'open' }), policy, NOW);

    expect(actions).toMatchObject([{ do: 'move', to: state, fields: { issue_status: status } }]);
    expect(agreed).toMatchObject({ issueState: `${status}/`, issuePhase: 'open' });
  });

  test('an agent’s own choice of state stands until the issue changes again', () => {
    expect(decide(agreedFacts({ state: 'Назначено' }), policy, NOW).actions).toEqual([]);
  });

  test('a status without a row moves nothing and says so', () => {
    const { actions, because } = decide(agreedFacts({}, { state: 'На проверке', phase: 'open' }), policy, NOW);

    expect(actions).toMatchObject([{ do: 'update' }]);
    expect(because).toContainEqual(expect.objectContaining({ rule: 'issue-status-is-not-mapped' }));
  });

  const wasDone = { agreed: { issueState: 'Решено/Исправлено', issuePhase: 'done' } } as const;
  const inWork = { state: 'В работе', phase: 'open' } as const;

  test('a reopened issue brings the ticket back that was closed for it', () => {
    const facts = agreedFacts({ state: 'Закрыто', phase: 'done' }, inWork, wasDone);

    expect(decide(facts, policy, NOW).actions).toContainEqual(expect.objectContaining({ do: 'move', to: 'В работе' }));
  });

  test.each([
    [
      'an agent closed it while the issue was open',
      'Закрыто',
      { agreed: { issueState: 'Открыто/', issuePhase: 'new' } },
    ],
    ['it was merged into another one', 'merged', wasDone],
  ] as const)('a ticket stays ended when %s', (_, state, link) => {
    const { actions, because } = decide(agreedFacts({ state, phase: 'done' }, inWork, link), policy, NOW);

    expect(actions.filter((action) => action.do === 'move')).toEqual([]);
    expect(because).toContainEqual(expect.objectContaining({ rule: 'ended-tickets-stay-ended' }));
  });
});
