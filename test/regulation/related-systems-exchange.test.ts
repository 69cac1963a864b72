import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Comment } from '../../src/domain/ticket.ts';
import { policyWith } from '../support/changed-mappings.ts';
import { aChild, CHILD, linkedFacts } from '../support/linked.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, agreedFacts, NOW } from '../support/records.ts';

const policy = quietPolicy;
const FIRST = aComment({ id: '100', by: 'requester', author: 'Анна Кузнецова' });
const words = (changes: Partial<Comment>) => aComment({ id: '101', ...changes });
const keysOf = (facts: Facts, by = policy) => decide(facts, by, NOW).actions.map(({ key }) => key);
const closed = { state: 'Закрыто', phase: 'done' } as const;

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

  test('the text of the ticket comes as a comment where the opening broke off before it', () => {
    const ticket = { comments: [FIRST, words({})], textCommentId: FIRST.id };

    expect(keysOf(linkedFacts(ticket, { text: '', comments: [] }))).toEqual([
      'comment:to-dwh:100',
      'comment:to-dwh:101',
    ]);
    expect(keysOf(linkedFacts(ticket, { text: '' }))).toEqual(['comment:to-dwh:101']);
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
