import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Link } from '../../src/domain/link.ts';
import type { Comment, Snapshot } from '../../src/domain/ticket.ts';
import { policyWith } from '../support/changed-mappings.ts';
import { aChild, CHILD, linkedFacts } from '../support/linked.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, aTicket, NOW } from '../support/records.ts';

const policy = quietPolicy;
const FIRST = aComment({ id: '100', by: 'requester', author: 'Анна Кузнецова' });
const words = (changes: Partial<Comment>) => aComment({ id: '101', ...changes });
const keysOf = (facts: Facts, by = policy) => decide(facts, by, NOW).actions.map(({ key }) => key);
const closed = { state: 'Закрыто', phase: 'done' } as const;
const stateChanges = (...states: readonly string[]): Snapshot['history'] =>
  states.map((to) => ({ at: NOW, by: '3', what: 'StateUpdate', detail: '', changes: [{ property: 'state', to }] }));

describe('R71 the linked ticket is closed', () => {
  test('the ticket’s owner is told with the solution, and the ticket stays open', () => {
    const facts = linkedFacts(
      {},
      {
        ...closed,
        fields: { ...aChild().fields, solution: 'Перезапущена выгрузка.' },
        history: stateChanges('Закрыто'),
      },
    );
    const { actions } = decide(facts, policy, NOW);

    expect(actions).toEqual([
      {
        do: 'comment',
        key: 'comment:note:related-closed:dwh@1',
        ref: facts.ticket.ref,
        comment: {
          subject: `Связанная заявка ${CHILD.key} (DWH) закрыта`,
          text: expect.stringContaining('Перезапущена выгрузка.'),
          visibility: 'internal',
          notify: 'agents',
        },
      },
    ]);
  });

  test('without a solution the last public words of its team are shown', () => {
    const comments = [words({ id: '9001', text: 'Данные загружены.' }), words({ id: '9002', visibility: 'internal' })];
    const facts = linkedFacts({}, { ...closed, comments }, { done: { 'comment:from-dwh:9001': '160' } });

    expect(decide(facts, policy, NOW).actions).toMatchObject([
      { comment: { text: expect.stringContaining('Данные загружены.') } },
    ]);
  });

  test.each<[string, readonly string[], string | undefined]>([
    ['closed for the first time', ['Закрыто'], 'comment:note:related-closed:dwh@1'],
    ['closed anew after it was opened again', ['Закрыто', 'В работе', 'Закрыто'], 'comment:note:related-closed:dwh@2'],
    ['closed, as a system without a history tells', [], 'comment:note:related-closed:dwh@1'],
  ])('one that was %s is told once', (_what, states, key = '') => {
    const history = stateChanges(...states);

    expect(keysOf(linkedFacts({}, { ...closed, history }))).toEqual([key]);
    expect(keysOf(linkedFacts({}, { ...closed, history }, { done: { [key]: '170' } }))).toEqual([]);
    expect(
      keysOf(
        linkedFacts({ comments: [FIRST, words({ marker: key, visibility: 'internal' })] }, { ...closed, history }),
      ),
    ).toEqual([]);
  });
});

describe('R71 the ticket is closed first', () => {
  const ticket = { ...closed, history: stateChanges('Закрыто') };
  const child = { fields: { parent_ticket: '2026112310000042 (Закрыто)' } };
  const KEY = 'comment:note:ticket-closed:dwh@1';

  test('the team of the linked ticket is told in an internal note, and its ticket is not touched', () => {
    const facts = linkedFacts({ ...ticket, fields: { solution: 'Обошли.' } }, child);

    expect(decide(facts, policy, NOW).actions.filter(({ key }) => key.includes('dwh'))).toMatchObject([
      {
        do: 'comment',
        key: KEY,
        ref: CHILD,
        comment: { visibility: 'internal', text: expect.stringContaining('Обошли.') },
      },
    ]);
  });

  test.each<[string, Partial<Snapshot>, Partial<Snapshot>, Partial<Link>]>([
    ['it was told', {}, {}, { done: { [KEY]: '9100' } }],
    ['its ticket shows that', {}, { comments: [words({ id: '9100', marker: KEY, visibility: 'internal' })] }, {}],
    ['its ticket is closed too', {}, closed, { done: { 'comment:note:related-closed:dwh@1': '1' } }],
  ])('not where %s', (_what, changes, more, link) => {
    expect(keysOf(linkedFacts({ ...ticket, ...changes }, { ...child, ...more }, link))).not.toContain(KEY);
  });

  test('the mapping may leave it out', async () => {
    const silent = await policyWith({
      file: 'related-systems.yaml',
      from: /^ {2}ticket_closed:.*$/ms,
      to: '',
    });

    expect(keysOf(linkedFacts(ticket, child), silent)).not.toContain(KEY);
  });

  test('a closing by the bridge itself is told once, before and after the history tells of it', () => {
    const open = linkedFacts({ history: stateChanges('В работе') });
    const move = {
      do: 'move',
      key: 'move:ticket',
      ref: open.ticket.ref,
      to: 'Закрыто',
      phase: 'done',
      fields: {},
    } as const;
    const atOnce = evolve(open, move, open.ticket.ref, NOW);
    const later = { ...atOnce, ticket: { ...atOnce.ticket, history: stateChanges('В работе', 'Закрыто') } };

    expect(keysOf(atOnce)).toContain(KEY);
    expect(keysOf(later)).toContain(KEY);
  });
});

describe('R71 the linked ticket is gone', () => {
  const gone = (link: Partial<Link> = {}): Facts => ({
    ...linkedFacts({ fields: { related_tickets: `DWH: ${CHILD.key} (не видна)` } }, {}, link),
    related: [{ name: 'dwh', role: 'related', ref: CHILD, isGone: true }],
  });

  test('is told once, and none is opened in its place (I1)', () => {
    const NOTE = 'comment:note:related-gone:dwh';

    expect(keysOf(gone())).toEqual([NOTE]);
    expect(keysOf(gone({ done: { [NOTE]: '170' } }))).toEqual([]);
  });

  test('the ticket shows that it is not seen any more', () => {
    const facts = { ...gone(), ticket: aTicket({ fields: { related_tickets: `DWH: ${CHILD.key} (В работе)` } }) };

    expect(decide(facts, policy, NOW).actions).toContainEqual(
      expect.objectContaining({ fields: { related_tickets: `DWH: ${CHILD.key} (не видна)` } }),
    );
  });

  test('a linked ticket that was not looked at changes nothing', () => {
    const facts: Facts = { ...linkedFacts(), related: [{ name: 'dwh', role: 'related', ref: CHILD }] };

    expect(keysOf(facts)).toEqual([]);
  });
});

describe('R26 waiting for an adjacent system pauses no term', () => {
  const asked = (changes: Partial<Comment>) => {
    const comment = words({ at: NOW.plus({ minutes: 1 }), ...changes });
    const history = [
      { at: NOW, by: '3', what: 'NewTicket', detail: '', changes: [{ property: 'state', to: 'В работе' }] },
      { at: comment.at, by: '2', what: 'AddNote', detail: '', commentId: comment.id },
      {
        at: NOW.plus({ minutes: 2 }),
        by: '3',
        what: 'StateUpdate',
        detail: '',
        changes: [{ property: 'state', from: 'В работе', to: 'Ожидание информации' }],
      },
    ] as const;
    const ticket = { state: 'Ожидание информации', phase: 'pending', createdAt: NOW, history } as const;
    return decide(linkedFacts({ ...ticket, comments: [FIRST, comment] }), policy, NOW.plus({ hours: 1 })).clock.status;
  };

  test('the question of its team is no request to the requester, although he can read it', () => {
    expect(asked({ marker: 'comment:from-dwh:9001' })).not.toBe('paused');
    expect(asked({ marker: 'attach:from-dwh:9001/1' })).not.toBe('paused');
    expect(asked({})).toBe('paused');
  });
});

describe('the link between the two tickets', () => {
  test('is made once where the mapping wants one, from the ticket to the linked one', async () => {
    const linking = await policyWith({
      file: 'related-systems.yaml',
      from: /^ {4}mandatory: \[\]$/m,
      to: '    mandatory: []\n    link: ParentChild',
    });
    const [relate] = decide(linkedFacts(), linking, NOW).actions.filter((action) => action.do === 'relate');

    expect(relate).toMatchObject({
      key: 'relate:related:dwh',
      ref: { id: '42' },
      to: CHILD,
      as: 'related',
      type: 'ParentChild',
    });
    expect(keysOf(linkedFacts({}, {}, { done: { 'relate:related:dwh': '42' } }), linking)).not.toContain(
      'relate:related:dwh',
    );
  });
});
