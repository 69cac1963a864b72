import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts, RelatedRecord } from '../../src/domain/facts.ts';
import type { Link } from '../../src/domain/link.ts';
import type { Comment, Snapshot } from '../../src/domain/ticket.ts';
import { policyWith } from '../support/changed-mappings.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, agreedFacts, aLink, aTicket, NOW } from '../support/records.ts';

const policy = quietPolicy;
const CHILD = { system: 'otrs', id: '901', key: '2026112310000901' };

/** The linked ticket as it is after its opening. */
function aChild(changes: Partial<Snapshot> = {}): Snapshot {
  return aTicket({
    ref: CHILD,
    url: 'http://otrs.example.test/otrs/index.pl?Action=AgentTicketZoom;TicketID=901',
    state: 'В работе',
    service: 'DWH: Техническая поддержка',
    ticketQueue: 'Смежные системы::DWH',
    fields: { parent_ticket: '2026112310000042 (В работе)' },
    comments: [aComment({ id: '9000', author: 'bridge', text: 'Обращение', marker: 'open:related:dwh' })],
    ...changes,
  });
}

/** A ticket and its linked ticket that agree but for the changes. */
function linkedFacts(ticket: Partial<Snapshot> = {}, child: Partial<Snapshot> = {}, link: Partial<Link> = {}): Facts {
  const record = aChild(child);
  const related: readonly RelatedRecord[] = [{ name: 'dwh', role: 'related', ref: CHILD, record }];
  return {
    ticket: aTicket({
      ...ticket,
      fields: { related_system: 'dwh', related_tickets: `DWH: ${CHILD.key} (${record.state})`, ...ticket.fields },
    }),
    link: aLink({
      related: [{ name: 'dwh', role: 'related', ref: CHILD }],
      ...link,
      done: { 'comment:note:related-opened:dwh': '150', ...link.done },
    }),
    related,
  };
}

const FIRST = aComment({ id: '100', by: 'requester', author: 'Анна Кузнецова' });
const words = (changes: Partial<Comment>) => aComment({ id: '101', ...changes });
const keysOf = (facts: Facts, by = policy) => decide(facts, by, NOW).actions.map(({ key }) => key);
const closed = { state: 'Закрыто', phase: 'done' } as const;
const stateChanges = (...states: readonly string[]): Snapshot['history'] =>
  states.map((to) => ({ at: NOW, by: '3', what: 'StateUpdate', detail: '', changes: [{ property: 'state', to }] }));

test('a ticket and its linked ticket that agree have nothing left to do', () => {
  expect(keysOf(linkedFacts())).toEqual([]);
});

describe('R71 «в рамках инцидента … создается связанная заявка»: public words go both ways', () => {
  test('an article of the ticket goes to the linked ticket, with its author and the number of the ticket', () => {
    const { actions, because } = decide(linkedFacts({ comments: [FIRST, words({ subject: 'Лог' })] }), policy, NOW);

    expect(actions).toEqual([
      {
        do: 'comment',
        key: 'comment:to-dwh:101',
        ref: CHILD,
        comment: {
          subject: 'Из обращения 2026112310000042: Лог',
          text: 'Мария Петрова, 23.11.2026 10:00 (2026112310000042):\n\nПроверьте ещё раз.',
          visibility: 'public',
        },
      },
    ]);
    expect(because).toContainEqual(
      expect.objectContaining({ rule: 'public-article-goes-to-the-related-ticket', clause: 'R71' }),
    );
  });

  test('an article of the linked ticket comes into the ticket, with system and number', () => {
    const [action] = decide(
      linkedFacts({}, { comments: [words({ id: '9001', author: 'Олег Дубов', subject: 'Вопрос' })] }),
      policy,
      NOW,
    ).actions;

    expect(action).toMatchObject({
      key: 'comment:from-dwh:9001',
      ref: { id: '42' },
      comment: {
        subject: `DWH, заявка ${CHILD.key}: Вопрос`,
        text: `Олег Дубов, 23.11.2026 10:00 (DWH, ${CHILD.key}):\n\nПроверьте ещё раз.`,
        visibility: 'public',
      },
    });
  });

  test('the mapping may keep what comes from there from the requester', async () => {
    const quiet = await policyWith({
      file: 'related-systems.yaml',
      from: /^to_ticket:\n {2}visibility: public/m,
      to: 'to_ticket:\n  visibility: internal',
    });
    const [action] = decide(linkedFacts({}, { comments: [words({ id: '9001' })] }), quiet, NOW).actions.filter(
      ({ key }) => key.startsWith('comment:from'),
    );

    expect(action).toMatchObject({ comment: { visibility: 'internal' } });
  });

  test.each<[string, Partial<Comment>]>([
    ['an internal note (I3)', { visibility: 'internal' }],
    ['a comment of the issue that the bridge brought', { marker: 'comment:otrs:20001' }],
    ['a note of the bridge', { marker: 'comment:note:related-opened:dwh' }],
    ['an automatic letter', { by: 'system' }],
    ['a file of another linked ticket', { marker: 'attach:from-eip:9/1' }],
  ])('%s stays in the ticket', (_what, comment) => {
    expect(keysOf(linkedFacts({ comments: [FIRST, words(comment)] }))).toEqual([]);
  });

  test.each<[string, Partial<Comment>]>([
    ['an internal note (I3)', { visibility: 'internal' }],
    ['words that the bridge brought there', { marker: 'comment:to-dwh:101' }],
    ['an automatic letter', { by: 'system' }],
  ])('%s stays in the linked ticket', (_what, comment) => {
    expect(keysOf(linkedFacts({}, { comments: [words({ id: '9001', ...comment })] }))).toEqual([]);
  });

  test('words of one linked ticket reach neither the other one nor the issue', () => {
    const { ticket, issue, link } = agreedFacts();
    const eip = { name: 'eip', role: 'related', ref: { system: 'otrs', id: '902', key: '902' } } as const;
    const dwh = { name: 'dwh', role: 'related', ref: CHILD } as const;
    const spoken = words({ id: '101', marker: 'comment:from-dwh:9001' });
    const keys = keysOf({
      ...linkedFacts(),
      ...(issue === undefined ? {} : { issue }),
      ticket: { ...ticket, comments: [FIRST, spoken] },
      link: { ...link, related: [dwh, eip] },
      related: [
        { ...dwh, record: aChild({ comments: [words({ id: '9001' })] }) },
        { ...eip, record: aChild({ ref: eip.ref, fields: {} }) },
      ],
    });

    expect(keys.filter((key) => /^comment:(to|from|jira)/.test(key))).toEqual([]);
  });

  test('what is remembered or shown is not carried again', () => {
    const comments = [FIRST, words({})];

    expect(keysOf(linkedFacts({ comments }, {}, { done: { 'comment:to-dwh:101': '9001' } }))).toEqual([]);
    expect(
      keysOf(linkedFacts({ comments }, { comments: [words({ id: '9001', marker: 'comment:to-dwh:101' })] })),
    ).toEqual([]);
  });

  test('the words of both sides keep their order', () => {
    const comments = [FIRST, words({ id: '101' }), words({ id: '103' })];

    expect(keysOf(linkedFacts({ comments }, { comments: [words({ id: '9001' }), words({ id: '9002' })] }))).toEqual([
      'comment:to-dwh:101',
      'comment:to-dwh:103',
      'comment:from-dwh:9001',
      'comment:from-dwh:9002',
    ]);
  });

  test('a closed linked ticket is told nothing, and everything when it is open again', () => {
    const comments = [FIRST, words({})];
    const told = { done: { 'comment:note:related-closed:dwh@1': '151' } };

    expect(keysOf(linkedFacts({ comments }, closed, told))).toEqual([]);
    expect(keysOf(linkedFacts({ comments }, {}, told))).toEqual(['comment:to-dwh:101']);
  });

  test('an edit in a system that has edits is told as a note', () => {
    const edited = words({ id: '9001', editedAt: NOW.plus({ minutes: 5 }), text: 'Теперь верно.' });
    const [action] = decide(
      linkedFacts({}, { comments: [edited] }, { done: { 'comment:from-dwh:9001': '160' } }),
      policy,
      NOW,
    ).actions;

    expect(action).toMatchObject({
      key: 'comment:from-dwh:9001@2026-11-23T07:05:00.000Z',
      comment: { text: expect.stringMatching(/изменено 23.11.2026 10:05:\n\nТеперь верно\.$/) },
    });
  });
});

describe('R10 «Допускаются файлы …»: permitted files go both ways', () => {
  const file = (name: string, commentId: string) => ({
    id: `${commentId}/1`,
    name,
    contentType: 'application/pdf',
    size: 100,
    commentId,
  });

  test('a file of public words goes along, one of an internal note stays', () => {
    const comments = [FIRST, words({ id: '101', visibility: 'internal' })];
    const attachments = [file('лог.txt', '100'), file('пароли.txt', '101')];
    const [action, ...others] = decide(linkedFacts({ comments, attachments }), policy, NOW).actions;

    expect(others).toEqual([]);
    expect(action).toMatchObject({
      do: 'attach',
      key: 'attach:to-dwh:100/1',
      ref: CHILD,
      source: { from: { id: '42' } },
      note: {
        subject: 'Файл из обращения 2026112310000042',
        text: expect.stringContaining('«лог.txt»'),
        visibility: 'public',
      },
    });
  });

  test('a file of the linked ticket comes back by the same list', () => {
    const comments = [words({ id: '9001', marker: 'x' }), words({ id: '9002' })];
    const done = { 'comment:from-dwh:9002': '160' };
    const attachments = [file('ответ.pdf', '9002'), file('копия.txt', '9001')];
    const actions = decide(linkedFacts({}, { comments, attachments }, { done }), policy, NOW).actions;

    expect(actions).toMatchObject([
      { do: 'attach', key: 'attach:from-dwh:9002/1', ref: { id: '42' }, source: { from: CHILD } },
    ]);
  });

  test('a refused file is named in the ticket, once, whoever lacks it', () => {
    const attachments = [file('вирус.exe', '100')];
    const facts = linkedFacts(
      { attachments },
      { attachments: [file('макрос.docm', '9002')], comments: [words({ id: '9002' })] },
      { done: { 'comment:from-dwh:9002': '160' } },
    );
    const [note, ...others] = decide(facts, policy, NOW).actions;

    expect(others).toEqual([]);
    expect(note).toMatchObject({
      ref: { id: '42' },
      comment: { visibility: 'internal', text: expect.stringMatching(/вирус\.exe.*\n.*макрос\.docm/) },
    });
  });
});

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
