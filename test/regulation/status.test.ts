import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Action } from '../../src/domain/action.ts';
import { decide, type Policy } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, agreedFacts, NOW } from '../support/records.ts';

const policy = quietPolicy;

/** Lets the bridge act until nothing is left. Throws if that takes more steps than both sides can need. */
function settle(start: Facts, rules: Policy = policy): { readonly end: Facts; readonly performed: readonly Action[] } {
  let end = start;
  const performed: Action[] = [];
  for (;;) {
    const decision = decide(end, rules, NOW);
    const [action] = decision.actions;
    if (action === undefined) {
      return { end: { ...end, link: { ...end.link, agreed: decision.agreed } }, performed };
    }
    performed.push(action);
    if (performed.length > 12) {
      throw new Error(`no rest: ${performed.map(({ key }) => key).join(', ')}`);
    }
    end = evolve(end, action, { system: 'any', id: 'effect' }, NOW);
  }
}

const movesOf = (actions: readonly Action[]) =>
  actions.flatMap((action) => (action.do === 'move' ? [`${action.ref.system}: ${action.to}`] : []));

/** Both sides at rest, the issue and the ticket as given. */
const atRest = (state: string, status: string, changes: Partial<Snapshot> = {}) =>
  settle(
    agreedFacts(
      { state, ...changes },
      { state: status, phase: 'open' },
      { agreed: { issueState: `${status}/`, issuePhase: 'open', ticketState: state, answer: '100' } },
    ),
  ).end;

const inTicket = (facts: Facts, changes: Partial<Snapshot>): Facts => ({
  ...facts,
  ticket: { ...facts.ticket, ...changes },
});
const inIssue = (facts: Facts, state: string): Facts =>
  facts.issue === undefined ? facts : { ...facts, issue: { ...facts.issue, state, phase: 'open' } };

const answer = aComment({ id: '120', by: 'requester', text: 'Да, на всех заявках.' });
const answered = (facts: Facts, changes: Partial<typeof answer> = {}) =>
  inTicket(facts, { comments: [...facts.ticket.comments, { ...answer, ...changes }] });

describe('R51a: «запросить требуемую информацию через сотрудника 2ЛТП», and back when it is there', () => {
  test.each(['В работе', 'Передано на 3ЛТП'])(
    'a ticket that a person moves on to «%s» takes the waiting issue along',
    (state) => {
      const { end, performed } = settle(inTicket(atRest('Ожидание информации', 'Ожидает информации'), { state }));

      expect(movesOf(performed)).toEqual(['jira: В работе']);
      expect([end.ticket.state, end.issue?.state]).toEqual([state, 'В работе']);
    },
  );

  test.each([
    ['a state without a row', 'Назначено', 'Ожидает информации'],
    ['an issue that does not wait', 'В работе', 'Открыто'],
  ])('nothing is brought back for %s, and the decision says so', (_, state, status) => {
    const { actions, because } = decide(inTicket(atRest('Временное решение', status), { state }), policy, NOW);

    expect(movesOf(actions)).toEqual([]);
    expect(because).toContainEqual(expect.objectContaining({ rule: 'state-asks-nothing-of-the-issue' }));
  });

  test('what the bridge set itself is no person’s choice', () => {
    const { end, performed } = settle(inIssue(atRest('В работе', 'В работе'), 'Ожидает информации'));

    expect(movesOf(performed)).toEqual(['otrs: Ожидание информации']);
    expect(end.link.agreed.ticketState).toBe('Ожидание информации');
  });

  test('where both sides changed, the issue wins', () => {
    const both = inIssue(inTicket(atRest('Передано на 3ЛТП', 'Открыто'), { state: 'Назначено' }), 'Ожидает информации');

    expect(movesOf(settle(both).performed)).toEqual(['otrs: Ожидание информации']);
  });

  test('the decision says that the ticket’s own change was not brought over', () => {
    const both = inIssue(inTicket(atRest('Передано на 3ЛТП', 'Открыто'), { state: 'Назначено' }), 'Ожидает информации');

    expect(decide(both, policy, NOW).because).toContainEqual(
      expect.objectContaining({ rule: 'issue-changed-as-well', clause: 'R41' }),
    );
  });

  test('a memory from before the states were remembered moves nothing', () => {
    const facts = agreedFacts(
      { state: 'В работе' },
      { state: 'Ожидает информации', phase: 'open' },
      {
        agreed: { issueState: 'Ожидает информации/', issuePhase: 'open' },
      },
    );

    expect(movesOf(settle(facts).performed)).toEqual([]);
  });

  test('a refused transition is not tried at every look', () => {
    const facts = inTicket(atRest('Ожидание информации', 'Ожидает информации'), { state: 'В работе' });
    const [action] = decide(facts, policy, NOW).actions;
    if (action === undefined) {
      throw new Error('no action was decided');
    }
    const refused = { [action.key]: { action, code: 'REFUSED', at: NOW } };

    expect(decide({ ...facts, link: { ...facts.link, refused } }, policy, NOW).actions).toEqual([]);
  });
});

describe('R51a: the requester’s answer ends the waiting', () => {
  test('the answer goes to the issue, the ticket leaves its waiting, the issue follows', () => {
    const { end, performed } = settle(answered(atRest('Ожидание информации', 'Ожидает информации')));

    expect(performed.map(({ key }) => key)).toEqual([
      'comment:jira:120',
      'move:ticket',
      'move:issue',
      'update:ticket:reference',
    ]);
    expect([end.ticket.state, end.issue?.state]).toEqual(['В работе', 'В работе']);
    expect(end.link.agreed.answer).toBe('120');
  });

  test('a ticket that waits for something else, or does not wait, stays as it is', () => {
    const { end, performed } = settle(answered(atRest('Временное решение', 'Ожидает информации')));

    expect(movesOf(performed)).toEqual(['jira: В работе']);
    expect(end.ticket.state).toBe('Временное решение');
  });

  test('the issue still follows when the bridge was killed between the two moves', () => {
    const facts = answered(atRest('Ожидание информации', 'Ожидает информации'));
    const [comment, move] = settle(facts).performed;
    const killed = [comment, move].reduce(
      (state, action) => (action === undefined ? state : evolve(state, action, { system: 'any', id: 'effect' }, NOW)),
      facts,
    );

    expect(killed.ticket.state).toBe('В работе');
    expect(movesOf(settle(killed).performed)).toEqual(['jira: В работе']);
  });

  test.each<[string, Partial<typeof answer>]>([
    ['an internal note', { visibility: 'internal' }],
    ['an agent’s letter', { by: 'agent' }],
    ['an automatic letter', { by: 'system' }],
  ])('%s is no answer', (_, changes) => {
    expect(movesOf(settle(answered(atRest('Ожидание информации', 'Ожидает информации'), changes)).performed)).toEqual(
      [],
    );
  });

  test('words that were there before line 3 asked are no answer', () => {
    const { end } = settle(answered(atRest('В работе', 'В работе')));

    expect(movesOf(settle(inIssue(end, 'Ожидает информации')).performed)).toEqual(['otrs: Ожидание информации']);
  });

  test('words that come together with the question do not answer it', () => {
    const both = inIssue(answered(atRest('В работе', 'В работе')), 'Ожидает информации');

    expect(movesOf(settle(both).performed)).toEqual(['otrs: Ожидание информации']);
  });
});

describe('R3: «Подтверждает решение по обращению», or does not', () => {
  const toIssue = [
    { ticketState: 'В работе', fromIssueStatus: ['Решено', 'Закрыто'], issueStatus: 'В работе', clause: 'R3' },
  ];
  const reopening = { ...policy, status: { ...policy.status, toIssue } };
  const closed = agreedFacts(
    { state: 'Закрыто', phase: 'done' },
    { state: 'Решено', phase: 'done', resolution: 'Исправлено' },
    { agreed: { issueState: 'Решено/Исправлено', issuePhase: 'done', ticketState: 'Закрыто', answer: '100' } },
  );
  const takenBack = inTicket(closed, { state: 'В работе', phase: 'open' });

  test('a ticket that is taken back leaves its issue as it is, unless a row reopens it', () => {
    expect(movesOf(settle(takenBack).performed)).toEqual([]);
    expect(movesOf(settle(takenBack, reopening).performed)).toEqual(['jira: В работе']);
  });

  test('a ticket that goes back to line 3 takes its done issue along, and the link shows it open again', () => {
    const { end, performed } = settle(inTicket(settle(closed).end, { state: 'Передано на 3ЛТП', phase: 'open' }));

    expect(movesOf(performed)).toEqual(['jira: В работе']);
    expect(end.issue).toMatchObject({ state: 'В работе', phase: 'open' });
    expect(end.ticket.state).toBe('Передано на 3ЛТП');
    expect(end.link.agreed.shownTicket).toMatch(/^open\//);
    expect(settle(end).performed).toEqual([]);
  });

  test('an issue that line 3 opens again brings its closed ticket back to work, and the link shows it open again', () => {
    const { issue } = closed;
    const { end } = settle(closed);
    expect(end.link.agreed.shownTicket).toMatch(/^resolved\//);

    const { resolution: _, ...reopened } = { ...(issue ?? closed.ticket), state: 'В работе', phase: 'open' as const };
    const after = settle({ ...end, issue: reopened });

    expect(movesOf(after.performed)).toEqual(['otrs: В работе']);
    expect(after.end.link.agreed.shownTicket).toMatch(/^open\//);
    expect(settle(after.end).performed).toEqual([]);
  });

  test('the issue is led through the statuses that a path names, where it is in one that the path begins in', () => {
    const paths = [{ to: 'В работе', from: ['Закрыто', 'решено'], through: ['Открыто'] }];
    const rules = { ...reopening, status: { ...reopening.status, paths } };
    const moveUnder = (each: Policy) => settle(takenBack, each).performed.find((action) => action.do === 'move');

    expect(moveUnder(rules)).toMatchObject({ to: 'В работе', via: ['Открыто'] });
    expect(moveUnder(reopening)).not.toHaveProperty('via');
  });

  test('both are in work then, and the resolution that JIRA clears is no news', () => {
    const { end } = settle(takenBack, reopening);

    expect(end.issue).not.toHaveProperty('resolution');
    expect(settle(end, reopening).performed).toEqual([]);
  });
});

describe('R20: «временное решение» that was given stands while line 3 goes on', () => {
  test.each(['Открыто', 'В работе'])('the ticket stays «Временное решение» when the issue becomes «%s»', (status) => {
    const { actions, because } = decide(inIssue(atRest('Временное решение', 'Иной'), status), policy, NOW);

    expect(movesOf(actions)).toEqual([]);
    expect(because).toContainEqual(
      expect.objectContaining({ rule: 'state-of-the-ticket-says-more', clause: expect.any(String) }),
    );
  });

  test('a question to the requester is asked all the same', () => {
    expect(movesOf(settle(inIssue(atRest('Временное решение', 'В работе'), 'Ожидает информации')).performed)).toEqual([
      'otrs: Ожидание информации',
    ]);
  });
});

describe('R41: the two sides never chase each other', () => {
  const states = policy.status.states.filter(({ phase }) => phase !== 'done').map(({ state }) => state);
  const statuses = ['Открыто', 'В работе', 'Ожидает информации', 'Неизвестный'];
  const changes = fc.array(
    fc.oneof(
      fc.constantFrom(...states).map((state) => ({ kind: 'state', state }) as const),
      fc.constantFrom(...statuses).map((state) => ({ kind: 'status', state }) as const),
      fc.constant({ kind: 'answer' } as const),
      fc.constant({ kind: 'look' } as const),
    ),
    { maxLength: 12 },
  );
  const rows = fc.record({
    rules: fc.uniqueArray(
      fc.record({
        issueStatus: fc.constantFrom(...statuses),
        ticketState: fc.constantFrom(...states),
        unlessTicketState: fc.subarray(states, { maxLength: 2 }),
        clause: fc.constant('R41'),
      }),
      { selector: ({ issueStatus }) => issueStatus },
    ),
    toIssue: fc.array(
      fc.record({
        ticketState: fc.constantFrom(...states),
        fromIssueStatus: fc.subarray(statuses, { minLength: 1 }),
        issueStatus: fc.constantFrom(...statuses),
        clause: fc.constant('R41'),
      }),
      { maxLength: 4 },
    ),
    onAnswer: fc.record({
      fromIssueStatus: fc.subarray(statuses, { minLength: 1 }),
      issueStatus: fc.constantFrom(...statuses),
      clause: fc.constant('R51a'),
    }),
  });

  test('whatever people do on both sides and whatever the rows say, rest comes within a move of each side', () => {
    fc.assert(
      fc.property(rows, changes, (own, sequence) => {
        const rules = { ...policy, status: { ...policy.status, ...own } };
        let facts = settle(atRest('В работе', 'В работе'), rules).end;
        let said = 120;
        for (const change of [...sequence, { kind: 'look' } as const]) {
          if (change.kind === 'state') {
            facts = inTicket(facts, { state: change.state });
          } else if (change.kind === 'status') {
            facts = inIssue(facts, change.state);
          } else if (change.kind === 'answer') {
            said += 1;
            facts = answered(facts, { id: String(said) });
          } else {
            const { end, performed } = settle(facts, rules);
            expect(movesOf(performed).length).toBeLessThanOrEqual(2);
            expect(settle(end, rules).performed).toEqual([]);
            facts = end;
          }
        }
      }),
    );
  });
});
