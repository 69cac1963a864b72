import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { evolve, evolveRefused } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import {
  closedByAgent,
  done,
  factsOf,
  filled,
  notesOf,
  policy,
  seenOpen,
  settle,
  withClosure,
} from '../support/closing.ts';
import { aComment, NOW } from '../support/records.ts';

describe('R63: «отправляется уведомление о решении заявки и текст решения»; R3: «Подтверждает решение»', () => {
  const access = { service: 'NTTM: Предоставление доступа к системе' };

  test('the requester of an access is told the solution once, and asked to confirm it', () => {
    const { end, performed } = settle(closedByAgent(filled, seenOpen, access));

    expect(performed).toMatchObject([
      {
        do: 'comment',
        key: 'comment:letter:closing',
        comment: {
          visibility: 'public',
          text: expect.stringMatching(/Показано, где кнопка выгрузки\.\n\nПожалуйста, подтвердите/),
        },
      },
    ]);
    expect(settle(end).performed).toEqual([]);
  });

  test('where the bridge closes, the letter never goes out before the solution is recorded', () => {
    const start = factsOf(access, done);
    const [first] = decide(start, policy, NOW).actions;

    expect(first).toMatchObject({ do: 'move', owes: 'comment:letter:closing' });
    expect(settle(start).performed.map(({ key }) => key)).toEqual([
      'move:ticket',
      'relate:issue:origin',
      'comment:letter:closing',
    ]);
    expect(settle(settle(start).end).performed).toEqual([]);
  });

  test('a closing that is refused is told to nobody', () => {
    const start = factsOf(access, done);
    const [move] = decide(start, policy, NOW).actions;
    const error = { code: 'REFUSED', message: 'no such closure code', details: {} };
    const refused = move === undefined ? start : evolveRefused(start, move, error, NOW);

    expect(notesOf(settle(refused).performed)).toEqual([]);
    expect(settle({ ...refused, link: { ...refused.link, refused: {} } }).performed.map(({ key }) => key)).toContain(
      'comment:letter:closing',
    );
  });

  test('a letter that is still owed is written by the next look, unless the ticket was opened again', () => {
    const start = factsOf(access, done);
    const [move] = decide(start, policy, NOW).actions;
    const closed = move === undefined ? start : evolve(start, move, start.ticket.ref, NOW);
    const reopened = { ...closed, ticket: { ...closed.ticket, state: 'В работе', phase: 'open' } as const };

    expect(closed.link.agreed.owesLetter).toBe(true);
    expect(notesOf(settle(closed).performed)).toHaveLength(1);
    expect(notesOf(settle(reopened).performed)).toEqual([]);
    expect(settle(reopened).end.link.agreed.owesLetter).toBeUndefined();
  });

  test('a lost memory brings no second letter: the ticket shows the first one', () => {
    const letter = aComment({ id: '150', marker: 'comment:letter:closing' });

    expect(settle(closedByAgent(filled, seenOpen, { ...access, comments: [letter] })).performed).toEqual([]);
  });

  test.each<[string, Facts]>([
    ['of another service', closedByAgent(filled, seenOpen)],
    ['that was closed before the bridge saw it', closedByAgent(filled, {}, access)],
    ['without a solution', closedByAgent({ ...filled, solution: 'Ок' }, seenOpen, access)],
  ])('there is no letter for a ticket %s', (_, facts) => {
    expect(settle(facts).performed).toEqual([]);
  });

  test('nobody is asked to confirm where that is off', async () => {
    const { letter } = policy.closure;
    const { request: _, ...quiet } = letter ?? { services: [], subject: '', text: '', clause: 'R63' };
    const [note] = notesOf(settle(closedByAgent(filled, seenOpen, access), withClosure({ letter: quiet })).performed);

    expect(note?.text).not.toContain('подтвердите');
  });
});
