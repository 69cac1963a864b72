import { describe, expect, test } from '@jest/globals';
import { judgeCompleteness } from '../../src/domain/clarification.ts';
import type { CompletenessPolicy } from '../../src/domain/completeness.ts';
import { decide } from '../../src/domain/decide.ts';
import { evolve, evolveRefused } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy, shippedPolicy } from '../support/policy.ts';
import { aComment, agreedFacts, aLink, aTicket, NOW } from '../support/records.ts';

const { completeness: policy } = shippedPolicy;
const sending: CompletenessPolicy = {
  ...policy,
  rules: policy.rules.map((rule) => ({ ...rule, letter: 'send' })),
  letter: { ...policy.letter, sendFor: ['3 Средний'] },
};

const VAGUE = { title: 'Сбой', text: 'Что-то не так.' };
const DRAFT = 'comment:letter:draft:actions,expected-result';
const SENT = 'comment:letter:sent:actions,expected-result';

const factsOf = (ticket: Partial<Snapshot>, done: Record<string, string> = {}): Facts => ({
  ticket: aTicket({ ...VAGUE, ...ticket }),
  link: aLink({ done }),
});
const judge = (facts: Facts, by = policy) => judgeCompleteness(facts, by, NOW);
const keysOf = (facts: Facts, by = policy) => judge(facts, by).actions.map(({ key }) => key);

describe('R49 «2ЛТП может запросить дополнительную информацию у инициатора обращения»', () => {
  test('the bridge drafts the letter in an internal note, with what is missing and nothing else', () => {
    const { actions, because } = judge(factsOf({ text: 'Шаги: открыть заявку.' }));

    expect(actions).toMatchObject([
      { do: 'comment', key: 'comment:letter:draft:expected-result', comment: { visibility: 'internal' } },
    ]);
    const [note] = actions;
    const text = note?.do === 'comment' ? note.comment.text : '';
    expect(text).toContain('- Ожидаемый результат: что должно было получиться');
    expect(text).toContain('Чтобы взять в работу обращение 2026112310000042 «Сбой», не хватает сведений');
    expect(text).not.toMatch(/Последовательность|Снимок экрана|Фактический|\{/);
    expect(because).toContainEqual(
      expect.objectContaining({ rule: 'letter-is-drafted', clause: 'R49, R46, R47', action: note?.key }),
    );
  });

  test('several missing items are a list with one line each', () => {
    const [note] = judge(factsOf({})).actions;

    expect(note?.do === 'comment' ? note.comment.text.match(/^- .*$/gm) : []).toEqual([
      '- Последовательность действий, после которых возникает ошибка',
      '- Ожидаемый результат: что должно было получиться',
    ]);
  });

  test.each<[string, Partial<Snapshot>]>([
    ['is complete', { text: 'Шаги: открыть. Ожидаю: открыта.' }],
    ['is done', { phase: 'done', state: 'Закрыто' }],
    ['is called complete by an agent', { fields: { information: 'complete' } }],
    ['is a question', { text: 'Подскажите, как найти отчёт?', title: 'Вопрос' }],
    ['asks for access', { service: 'NTTM: Предоставление доступа к системе', text: '' }],
    ['is a service request', { type: 'Запрос на обслуживание' }],
    ['lacks only what would help', { text: 'Шаги: открыть. Ожидаю: открыта.', attachments: [] }],
  ])('none for a ticket that %s', (_, ticket) => {
    expect(keysOf(factsOf(ticket))).toEqual([]);
  });

  test('none while an agent is already talking to the requester; one again after his answer', () => {
    const first = aComment({ id: '100', by: 'requester' });
    const asked = aComment({ id: '101', by: 'agent', text: 'Что вы нажимали?' });
    const answered = aComment({ id: '102', by: 'requester', text: 'Ничего.' });

    expect(keysOf(factsOf({ comments: [first, asked] }))).toEqual([]);
    expect(judge(factsOf({ comments: [first, asked] })).because).toContainEqual(
      expect.objectContaining({ rule: 'agent-has-answered' }),
    );
    expect(keysOf(factsOf({ comments: [first, asked, answered] }))).toEqual([DRAFT]);
  });

  test('an internal note is no answer, and neither is the first letter of a ticket that an agent registered', () => {
    const first = aComment({ id: '100', by: 'agent' });

    expect(keysOf(factsOf({ comments: [first, aComment({ id: '101', visibility: 'internal' })] }))).toEqual([DRAFT]);
  });

  test('once per set of missing items: remembered, or shown by the ticket after a lost memory', () => {
    const shown = aComment({ id: '101', visibility: 'internal', marker: DRAFT });

    expect(keysOf(factsOf({}, { [DRAFT]: '101' }))).toEqual([]);
    expect(keysOf(factsOf({ comments: [shown] }))).toEqual([]);
    expect(keysOf(factsOf({ text: 'Шаги: открыть.', comments: [shown] }))).toEqual([
      'comment:letter:draft:expected-result',
    ]);
  });

  test('an agent who calls it incomplete gets the draft too, and no empty one where nothing is missing', () => {
    expect(keysOf(factsOf({ fields: { information: 'incomplete' } }))).toEqual([DRAFT]);
    expect(keysOf({ ticket: aTicket({ fields: { information: 'incomplete' } }), link: aLink() })).toEqual([]);
  });

  test('the draft is never carried into JIRA', () => {
    const draft = aComment({ id: '101', visibility: 'internal', marker: DRAFT });
    const letter = aComment({ id: '102', visibility: 'public', marker: SENT });
    const facts = agreedFacts({ ...VAGUE, comments: [draft, letter] });

    expect(decide(facts, { ...quietPolicy, completeness: policy }, NOW).actions).toEqual([]);
  });
});

describe('a letter that the bridge sends', () => {
  test('is public, and the ticket then waits for the requester (R26)', () => {
    const start = factsOf({});
    const [letter] = judge(start, sending).actions;
    if (letter === undefined) {
      throw new Error('no letter was sent');
    }
    expect(letter).toMatchObject({ do: 'comment', key: SENT, comment: { visibility: 'public' } });
    const sent = evolve(start, letter, { system: 'otrs', id: '101' }, NOW);
    const [pause] = judge(sent, sending).actions;

    expect(pause).toMatchObject({ do: 'move', to: 'Ожидание информации', phase: 'pending' });
    expect(pause === undefined ? [] : keysOf(evolve(sent, pause, start.ticket.ref, NOW), sending)).toEqual([]);
  });

  test('is decided together with the waiting, and the ticket does not wait for a letter that is refused', () => {
    const start = factsOf({});
    const [letter] = judge(start, sending).actions;
    const error = { code: 'REFUSED', message: 'no permission', details: {} };

    expect(keysOf(start, sending)).toEqual([SENT, 'move:ticket']);
    expect(letter && keysOf(evolveRefused(start, letter, error, NOW), sending)).toEqual([SENT]);
  });

  test('tells nothing of internal notes, calls and reasons', () => {
    const call = aComment({
      id: '101',
      visibility: 'internal',
      subject: 'Звонок',
      text: 'Шаги: открыть секретную заявку.',
    });
    const [letter] = judge(factsOf({ comments: [call] }), sending).actions;

    expect(JSON.stringify(letter)).toContain('Ожидаемый результат');
    expect(JSON.stringify(letter)).not.toMatch(/секретную|Мария|R47|draft|черновик/i);
  });

  test.each(['1 Критичный', '4 Низкий'])('stays a draft for priority %s, which is not listed', (priority) => {
    expect(keysOf(factsOf({ priority }), sending)).toEqual([DRAFT]);
  });

  test('stays a draft while line 3 has the issue: the state is not the letter’s to change', () => {
    expect(keysOf(agreedFacts(VAGUE), sending)).toEqual([DRAFT]);
  });

  const letter = aComment({ id: '101', by: 'agent', marker: SENT, at: NOW });
  const written = { at: NOW, by: '12', what: 'AddNote', detail: '', commentId: '101' };
  const moved = {
    at: NOW,
    by: '21',
    what: 'StateUpdate',
    detail: '',
    changes: [{ property: 'state', from: 'Ожидание информации', to: 'В работе' }],
  } as const;

  test('killed between letter and state, the next look moves the ticket', () => {
    expect(keysOf(factsOf({ comments: [letter], history: [written] }), sending)).toEqual(['move:ticket']);
  });

  test.each<[string, Partial<Snapshot>]>([
    ['an agent takes the ticket out of the state', { comments: [letter], history: [written, moved] }],
    ['nobody knows when the letter was written, so a person may have moved it', { comments: [letter], history: [] }],
    ['the requester answers', { comments: [letter, aComment({ id: '102', by: 'requester' })], history: [written] }],
    ['it waits already', { comments: [letter], history: [written], state: 'Ожидание информации' }],
  ])('moves the ticket no second time when %s', (_, ticket) => {
    expect(keysOf(factsOf(ticket), sending)).toEqual([]);
  });
});

describe('reasons', () => {
  test('say what is there with its evidence, what is missing, and what would help', () => {
    const { because } = judge(factsOf({ text: 'Шаги: открыть заявку.' }));

    expect(because[0]).toMatchObject({
      rule: 'information-is-missing',
      evidence: expect.stringMatching(
        /«Последовательность действий[^»]*» is there \(text: «Шаги: открыть заявку\.»\); «Ожидаемый результат[^»]*» is missing/,
      ),
    });
    expect(because.filter(({ rule }) => rule === 'would-help').map(({ clause }) => clause)).toEqual([
      'R36',
      'R11, R48',
    ]);
  });

  test.each(['complete', 'incomplete'])('say that an agent called it %s (R17)', (information) => {
    expect(judge(factsOf({ fields: { information } })).because[0]).toMatchObject({
      rule: `agent-says-${information}`,
      clause: 'R17',
    });
  });
});

test('R49: an old ticket that is seen for the first time gets no letter', () => {
  const old = NOW.minus({ days: 30 });
  const facts = factsOf({ createdAt: old, comments: [aComment({ id: '100', by: 'requester', at: old })] });

  expect(keysOf(facts)).toEqual([]);
  expect(judge(facts).because).toContainEqual(expect.objectContaining({ rule: 'old-tickets-get-no-letter' }));
});
