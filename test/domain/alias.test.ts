import { describe, expect, test } from '@jest/globals';
import { isCalled } from '../../src/domain/alias.ts';
import { decide } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import { isNewsOfIssue } from '../../src/domain/link.ts';
import type { Aliases, Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy as policy } from '../support/policy.ts';
import { aComment, agreedFacts, anIssue, NOW } from '../support/records.ts';

const aliases: Aliases = { state: ['5', 'Решено'], resolution: ['10000', 'Исправлено'] };
const english: Partial<Snapshot> = { state: 'Resolved', phase: 'done', resolution: 'Fixed', aliases };

describe('a status, priority or resolution', () => {
  test.each(['Resolved', '5', ' решено '])('goes by the name «%s»', (name) => {
    expect(isCalled(anIssue(english), 'state', name)).toBe(true);
  });

  test.each([
    ['another name', anIssue(english), 'state', 'Закрыто'],
    ['a name of another property', anIssue(english), 'state', 'Исправлено'],
    ['a name that nothing has', anIssue(), 'resolution', ''],
  ] as const)('does not go by %s', (_, issue, property, name) => {
    expect(isCalled(issue, property, name)).toBe(false);
  });
});

describe('rules that name a status or a resolution in Russian hold for a JIRA that speaks English', () => {
  test('a done issue closes its ticket with the code of its resolution', () => {
    const fields = { solution: 'Исправлен адрес шлюза.', configuration_item: 'Интеграция' };
    const { actions } = decide(agreedFacts({}, { ...english, fields }), policy, NOW);

    expect(actions).toContainEqual(
      expect.objectContaining({ to: 'Закрыто', fields: expect.objectContaining({ closure_code: 'fixed' }) }),
    );
  });

  test('an issue that waits takes the requester’s answer', () => {
    const waiting = { state: 'Waiting', phase: 'open', aliases: { state: ['Ожидает информации'] } } as const;
    const facts = agreedFacts(
      { state: 'Ожидание информации', phase: 'pending', comments: [aComment({ id: '120', by: 'requester' })] },
      waiting,
      { agreed: { issueState: 'Ожидает информации/', ticketState: 'Ожидание информации', answer: '100' } },
    );

    expect(decide(facts, policy, NOW).actions).toContainEqual(
      expect.objectContaining({ key: 'move:ticket', to: 'В работе' }),
    );
  });

  test('another language of the account is no news', () => {
    const link = { agreed: { issueState: 'Решено/Исправлено' } };

    expect(isNewsOfIssue(anIssue(english), link)).toBe(false);
    expect(isNewsOfIssue(anIssue({ ...english, resolution: 'Duplicate', aliases: {} }), link)).toBe(true);
    expect(isNewsOfIssue(anIssue({ state: 'Решено' }), link)).toBe(true);
  });

  test('the names of a status that was left are forgotten with it', () => {
    const facts: Facts = agreedFacts({}, english);
    const moved = evolve(
      facts,
      { do: 'move', key: 'move:issue', ref: anIssue().ref, to: 'В работе', phase: 'open', fields: {} },
      { system: 'jira', id: '10001' },
      NOW,
    );

    expect(moved.issue).toMatchObject({ state: 'В работе', aliases: {} });
    expect(moved.issue).not.toHaveProperty('resolution');
  });
});
