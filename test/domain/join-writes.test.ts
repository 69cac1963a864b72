import { describe, expect, test } from '@jest/globals';
import { type Action, type ActionKey, type MoveAction, partsOf, type UpdateAction } from '../../src/domain/action.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { leftUndone, nextCall } from '../../src/domain/join-writes.ts';
import type { Link } from '../../src/domain/link.ts';
import type { Ref } from '../../src/domain/ticket.ts';
import { agreedFacts, NOW } from '../support/records.ts';

const TICKET: Ref = { system: 'otrs', id: '42' };
const LINKED: Ref = { system: 'otrs', id: '43' };
const ISSUE: Ref = { system: 'jira', id: '10001' };
const facts = agreedFacts();

type Words = Extract<Action, { do: 'comment' }>;
const words = (key: ActionKey, ref = TICKET): Words => ({
  do: 'comment',
  key,
  ref,
  comment: { subject: 'Ответ', text: 'Проверьте.', visibility: 'public' },
});
const move = (changes: Partial<MoveAction> = {}): MoveAction => ({
  do: 'move',
  key: 'move:ticket',
  ref: TICKET,
  to: 'Закрыто',
  phase: 'done',
  fields: { closure_code: 'fixed' },
  ...changes,
});
const update = (key: ActionKey = 'update:ticket:terms', ref = TICKET): UpdateAction => ({
  do: 'update',
  key,
  ref,
  fields: { sla_status: 'в срок' },
});
const file: Action = {
  do: 'attach',
  key: 'attach:jira:100/1',
  ref: ISSUE,
  file: { name: 'экран.png', contentType: 'image/png', size: 1 },
  source: { text: 'x' },
  note: { subject: '', text: '', visibility: 'internal' },
  besides: [],
};

/** The keys of the first call, a change before its words. */
function firstOf(actions: readonly Action[], link: Partial<Link> = {}, apart: readonly ActionKey[] = []) {
  const call = nextCall(actions, { ...facts, link: { ...facts.link, ...link } }, new Set(apart));
  return call === undefined ? [] : partsOf(call).map(({ key }) => key);
}

describe('a call to the system of the ticket', () => {
  const letter = words('letter');
  test.each<[string, readonly Action[], readonly ActionKey[]]>([
    ['nothing is left', [], []],
    ['words alone', [words('c1')], ['c1']],
    ['a change alone', [move()], ['move:ticket']],
    ['words take the move that follows them', [words('c1'), move()], ['move:ticket', 'c1']],
    ['words take the fields that follow them', [words('c1'), update()], ['update:ticket:terms', 'c1']],
    ['a change takes the words behind it', [update(), words('c1')], ['update:ticket:terms', 'c1']],
    ['the order of words stays: the first go alone', [words('c1'), words('c2'), move()], ['c1']],
    ['the last before the change take it', [words('c2'), move(), words('c3')], ['move:ticket', 'c2']],
    ['calls to another system between them do not matter', [words('c1'), file, move()], ['c1']],
    [
      'a change does not take words about files that are still under way',
      [update(), file, words('note')],
      ['update:ticket:terms'],
    ],
    ['words of another record stay there', [move(), words('c1', LINKED)], ['move:ticket']],
    ['a linked record of the same system is no exception', [words('c1', LINKED), update('u', LINKED)], ['u', 'c1']],
    ['another system takes one thing at a time', [words('c1', ISSUE), update('u', ISSUE)], ['c1']],
    ['a letter goes with the move that owes it', [move({ owes: 'letter' }), letter], ['move:ticket', 'letter']],
    ['earlier words do not take that move', [words('c1'), move({ owes: 'letter' }), letter], ['c1']],
    ['later words do not take that move', [move({ owes: 'letter' }), words('c1')], ['move:ticket']],
    ['a letter goes with no other change', [update(), move({ owes: 'letter' }), letter], ['update:ticket:terms']],
  ])('%s', (_, actions, first) => {
    expect(firstOf(actions)).toEqual(first);
  });

  test.each<[string, readonly Action[], ActionKey]>([
    ['words', [words('c1'), move()], 'c1'],
    ['a move behind words', [words('c1'), move()], 'move:ticket'],
    ['a move before its letter', [move({ owes: 'letter' }), letter], 'move:ticket'],
    ['a letter behind its move', [move({ owes: 'letter' }), letter], 'letter'],
  ])('what was refused before travels alone: %s', (_, actions, key) => {
    const [first] = actions;
    const refused = { [key]: { action: move(), code: 'REFUSED', at: NOW } };

    expect(firstOf(actions, { refused })).toEqual([first?.key]);
    expect(firstOf(actions, {}, [key])).toEqual([first?.key]);
  });
});

describe('words and the change that was made with them', () => {
  const pair: Action = { ...words('c1'), along: move() };

  test('leave the facts as the change and then the words would', () => {
    const effect = { system: 'otrs', id: '120' };
    const apart = evolve(evolve(facts, move(), TICKET, NOW), words('c1'), effect, NOW);

    expect(evolve(facts, pair, effect, NOW)).toEqual(apart);
    expect(apart).toMatchObject({
      ticket: { state: 'Закрыто', phase: 'done', fields: { closure_code: 'fixed' } },
      link: { agreed: { ticketState: 'Закрыто' }, done: { c1: '120' } },
    });
  });

  const closed = (fields: Record<string, string>) => ({
    ...facts,
    ticket: { ...facts.ticket, state: 'Закрыто', phase: 'done' as const, fields },
  });

  test('found by their mark: the fields of an end that broke off half-way are set again', () => {
    expect(leftUndone(pair, closed({ solution: 'Исправлено' }))).toEqual({
      do: 'update',
      key: 'update:rest:move:ticket',
      ref: TICKET,
      fields: { closure_code: 'fixed' },
    });
  });

  test.each<[string, Action, typeof facts]>([
    ['a call that did everything', pair, closed({ closure_code: 'fixed' })],
    ['a field that a person has set otherwise since', pair, closed({ closure_code: 'duplicate' })],
    ['a ticket that a person has moved on since', pair, facts],
    ['words alone', words('c1'), closed({})],
    [
      'a ticket that goes on: the next decision sees what it lacks',
      { ...pair, along: move({ phase: 'open' }) },
      closed({}),
    ],
  ])('found by their mark: nothing is left undone by %s', (_, action, found) => {
    expect(leftUndone(action, found)).toBeUndefined();
  });
});
