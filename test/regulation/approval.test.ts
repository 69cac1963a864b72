import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { decide, type Policy } from '../../src/domain/decide.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Comment, HistoryEntry, Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy as policy } from '../support/policy.ts';
import { aComment, aLink, aTicket } from '../support/records.ts';

const moscow = (text: string) => DateTime.fromISO(`${text}+03:00`, { setZone: true });
const REGISTERED = moscow('2026-11-23T10:00:00');
const FIRST = 'curator.siberia@example.test';
const SECOND = 'curator.siberia.2@example.test';
const SERVICE = 'NTTM: Предоставление доступа к системе';

/** A complete request for access of somebody of the branch with two curators. */
function request(changes: Partial<Snapshot> = {}): Facts {
  const ticket = aTicket({
    title: 'Доступ к NTTM',
    text: 'ФИО: Смирнов Иван Петрович\nЛогин: smirnov\nРоль: диспетчер\nЭлектронная почта: smirnov@rt.ru',
    type: 'Запрос на обслуживание',
    service: SERVICE,
    ticketQueue: 'NTTM::1ЛТП',
    priority: '4 Низкий',
    requester: { name: 'Иван Смирнов', login: 'user.siberia', email: 'smirnov@rt.ru', branch: 'MRF-SIBERIA' },
    comments: [aComment({ id: '100', by: 'requester', author: 'Иван Смирнов', at: REGISTERED })],
    createdAt: REGISTERED,
    changedAt: REGISTERED,
    ...changes,
  });
  return { ticket: { ...ticket, fields: { information: 'complete', ...ticket.fields } }, link: aLink() };
}

function recorded(at: DateTime, from: string, to: string): HistoryEntry {
  const change = { property: 'fields.approved_by', from, to } as const;
  return { at, by: '21', what: 'TicketDynamicFieldUpdate', detail: '', changes: [change] };
}

function letter(id: string, email: string, text: string, changes: Partial<Comment> = {}): Comment {
  return aComment({
    id,
    by: 'requester',
    author: 'Куратор',
    email,
    text,
    at: REGISTERED.plus({ hours: 1 }),
    ...changes,
  });
}

function judged(facts: Facts, now = REGISTERED.plus({ hours: 2 }), rules: Policy = policy) {
  const { actions, because, lookAgainAt } = decide(facts, rules, now);
  const shown = actions.flatMap((action) =>
    action.do === 'update' || action.do === 'move' ? [action.fields.approval_status ?? []].flat() : [],
  );
  const notes = actions.flatMap((action) =>
    action.do === 'comment' && action.key.startsWith('comment:note:approval') ? [action] : [],
  );
  return { shown: shown.at(-1), notes, because, lookAgainAt };
}

const countingLetters: Policy = {
  ...policy,
  access: {
    ...policy.access,
    ...(policy.access.approval === undefined ? {} : { approval: { ...policy.access.approval, letters: 'counted' } }),
  },
};

describe('R62 «обращение проходит цепочку согласования, список согласующих отличается в зависимости от принадлежности к МРФ»', () => {
  test('a new request shows whom it waits for: the curators of its branch', () => {
    expect(judged(request()).shown).toBe(
      'На согласовании: 0 из 1, ждём: Куратор МРФ «Сибирь», Второй куратор МРФ «Сибирь»',
    );
    const volga = { name: 'Анна', login: 'user.volga', branch: 'MRF-VOLGA' };
    expect(judged(request({ requester: volga })).shown).toBe('На согласовании: 0 из 1, ждём: Куратор МРФ «Волга»');
  });

  test.each([
    [FIRST, 'На согласовании: 0 из 1, ждём: Второй куратор МРФ «Сибирь»'],
    [`${SECOND.toUpperCase()};`, 'На согласовании: 0 из 1, ждём: Куратор МРФ «Сибирь»'],
    [`${FIRST}, ${SECOND}`, 'Согласовано: Куратор МРФ «Сибирь», Второй куратор МРФ «Сибирь»'],
    [`<${FIRST}>\n<${SECOND}>`, 'Согласовано: Куратор МРФ «Сибирь», Второй куратор МРФ «Сибирь»'],
    ['somebody@example.test', 'На согласовании: 0 из 1, ждём: Куратор МРФ «Сибирь», Второй куратор МРФ «Сибирь»'],
    [`x${FIRST}`, 'На согласовании: 0 из 1, ждём: Куратор МРФ «Сибирь», Второй куратор МРФ «Сибирь»'],
  ])('the addresses that an agent wrote down count: «%s»', (value, shown) => {
    expect(judged(request({ fields: { approved_by: value } })).shown).toBe(shown);
  });

  test('who approved and when comes from the history', () => {
    const history = [
      recorded(REGISTERED.plus({ hours: 1 }), '', FIRST),
      recorded(REGISTERED.plus({ hours: 3 }), FIRST, `${FIRST}, ${SECOND}`),
    ];
    const facts = request({ fields: { approved_by: `${FIRST}, ${SECOND}` }, history });

    expect(judged(facts, REGISTERED.plus({ hours: 4 })).because).toContainEqual(
      expect.objectContaining({
        rule: 'approval-step-is-done',
        evidence: expect.stringMatching(
          /curator\.siberia@example\.test was written into approved_by by user 21 \(2026-11-23T08:00:00Z\).*siberia\.2.*T10:00:00Z/,
        ),
      }),
    );
  });

  test('an address that was taken out again counts no more', () => {
    const history = [
      recorded(REGISTERED.plus({ hours: 1 }), '', FIRST),
      recorded(REGISTERED.plus({ hours: 2 }), FIRST, ''),
    ];

    expect(judged(request({ history })).shown).toContain('На согласовании: 0 из 1');
  });

  test('a refusal ends the chain and shows its reason', () => {
    const facts = request({ fields: { approved_by: FIRST, approval_refused: 'Нет основания' } });

    expect(judged(facts).shown).toBe('Отказано: Нет основания');
  });

  test('of an unknown branch nobody can approve, and the ticket says so', () => {
    const facts = request({ requester: { name: 'Иван Смирнов', branch: 'ELSEWHERE' } });

    expect(judged(facts)).toMatchObject({ shown: 'Некому согласовать: МРФ инициатора не найден', notes: [] });
  });

  test('other services need no approval', () => {
    const { shown, because } = judged(request({ service: 'NTTM: Техническая поддержка', type: 'Инцидент' }));

    expect(shown).toBeUndefined();
    expect(because.filter(({ rule }) => rule.startsWith('approval'))).toEqual([]);
  });
});

describe('R8: the address of a sender is no proof', () => {
  test.each([
    ['Согласовано', 'approved'],
    ['Добрый день! Не возражаю.', 'approved'],
    ['Согласовываю предоставление доступа.', 'approved'],
    ['Не согласовано, нет служебной записки', 'refused'],
    ['Отказано: сотрудник уволен', 'refused'],
  ])('«%s» is shown to the agent as %s and counts for nothing', (text, verdict) => {
    const facts = request({ comments: [letter('101', FIRST, text)] });
    const { shown, notes, because } = judged(facts);

    expect(shown).toContain('На согласовании: 0 из 1');
    expect(notes).toMatchObject([{ key: 'comment:note:approval:letter:101', comment: { visibility: 'internal' } }]);
    expect(because).toContainEqual(expect.objectContaining({ rule: `letter-seems-to-have-${verdict}` }));
  });

  test.each([
    ['of somebody else', letter('101', 'boss@example.test', 'Согласовано')],
    ['of an agent under that address', letter('101', FIRST, 'Согласовано', { by: 'agent' })],
    ['that only quotes the word', letter('101', FIRST, 'Что это?\n> Согласовано')],
    ['that says both', letter('101', FIRST, 'Согласовано для чтения. Отказано в правах администратора.')],
    ['that says neither', letter('101', FIRST, 'Вернусь на следующей неделе.')],
  ])('a letter %s tells nothing', (_, comment) => {
    expect(judged(request({ comments: [comment] })).notes).toEqual([]);
  });

  test('a letter that the agent has written down is not shown any more', () => {
    const facts = request({ comments: [letter('101', FIRST, 'Согласовано')], fields: { approved_by: FIRST } });

    expect(judged(facts).notes).toEqual([]);
  });

  test('where the mapping says so letters count, and the last word of each counts', () => {
    const yes = letter('101', FIRST, 'Согласовано');
    const no = letter('102', SECOND, 'Отказано', { at: REGISTERED.plus({ hours: 2 }) });
    const after = letter('103', SECOND, 'Согласовано', { at: REGISTERED.plus({ hours: 3 }) });
    const shownFor = (...comments: Comment[]) =>
      judged(request({ comments }), REGISTERED.plus({ hours: 4 }), countingLetters).shown;

    expect(shownFor(yes)).toBe('На согласовании: 0 из 1, ждём: Второй куратор МРФ «Сибирь»');
    expect(shownFor(yes, no)).toBe('Отказано: Второй куратор МРФ «Сибирь»: «Отказано»');
    expect(shownFor(yes, no, after)).toBe('Согласовано: Куратор МРФ «Сибирь», Второй куратор МРФ «Сибирь»');
  });
});

describe('reminders of a slow approval', () => {
  /** 13 hours of work from Monday 10:00 end on Tuesday at 10:00: the window is 05:00-18:00. */
  const due = [moscow('2026-11-24T10:00:00'), moscow('2026-11-25T10:00:00'), moscow('2026-11-26T10:00:00')] as const;

  test('the next look is at the first reminder, and then at the next one', () => {
    expect(judged(request(), REGISTERED.plus({ hours: 2 })).lookAgainAt?.toMillis()).toBeLessThanOrEqual(
      due[0].toMillis(),
    );
    expect(judged(request(), due[0].minus({ seconds: 1 })).notes).toEqual([]);
    expect(judged(request(), due[0]).notes.map(({ key }) => key)).toEqual(['comment:note:approval:curators:1']);
  });

  test('each is written once, the last of several that are due', () => {
    expect(judged(request(), due[2]).notes.map(({ key }) => key)).toEqual(['comment:note:approval:curators:3']);
    const reminded = aComment({ id: '200', marker: 'comment:note:approval:curators:1', visibility: 'internal' });
    expect(judged(request({ comments: [reminded] }), due[0]).notes).toEqual([]);
  });

  test('its owner hears of it, and the requester does not', () => {
    expect(judged(request(), due[0]).notes[0]?.comment).toMatchObject({ visibility: 'internal', notify: 'agents' });
  });

  test('it names who has not answered', () => {
    const facts = request({ fields: { approved_by: FIRST } });

    expect(judged(facts, due[0]).notes[0]?.comment.text).toContain('Не ответили: Второй куратор МРФ «Сибирь».');
  });

  test('nobody is reminded of what is approved, refused, incomplete or long past', () => {
    const incomplete = request({ title: 'Доступ', text: 'Доступ', fields: { information: 'incomplete' } });
    const facts = [
      request({ fields: { approved_by: `${FIRST} ${SECOND}` } }),
      request({ fields: { approval_refused: 'Нет' } }),
      incomplete,
    ];

    expect(facts.map((each) => judged(each, due[1]).notes)).toEqual([[], [], []]);
    expect(judged(request(), due[2].plus({ days: 30 })).notes).toEqual([]);
  });
});

describe('R62 «Права … назначаются согласно заполненной и согласованной заявке»', () => {
  const closed = (fields: Snapshot['fields']) => ({
    ...request({
      state: 'Закрыто',
      phase: 'done',
      fields: {
        closure_code: 'fixed',
        solution: 'Доступ предоставлен, роль диспетчер',
        configuration_item: 'ui',
        ...fields,
      },
    }),
    link: aLink({ agreed: { ticketState: 'В работе' } }),
  });
  const rulesOf = (facts: Facts) =>
    decide(facts, policy, REGISTERED.plus({ hours: 5 })).because.map(({ rule }) => rule);

  test('a request that an agent closed without its approvals is reported, and its requester is not told of a solution', () => {
    const { actions, because } = decide(closed({ approved_by: FIRST }), policy, REGISTERED.plus({ hours: 5 }));

    expect(because).toContainEqual(
      expect.objectContaining({
        rule: 'closed-without-its-closing-block',
        clause: 'R62',
        evidence: expect.stringContaining('«Согласование»'),
      }),
    );
    expect(actions.map(({ key }) => key)).not.toContain('comment:letter:closing');
  });

  test('an approved one, or one that was refused, may be closed', () => {
    expect(rulesOf(closed({ approved_by: `${FIRST} ${SECOND}` }))).not.toContain('closed-without-its-closing-block');
    expect(rulesOf(closed({ approval_refused: 'Нет основания' }))).not.toContain('closed-without-its-closing-block');
  });

  test('R63: the letter follows when what was missing is written down after the closing', () => {
    const first = decide(closed({ approved_by: FIRST }), policy, REGISTERED.plus({ hours: 5 }));
    const later = { ...closed({ approved_by: `${FIRST} ${SECOND}` }), link: aLink({ agreed: first.agreed }) };

    expect(first.agreed).toMatchObject({ ticketState: 'Закрыто', owesLetter: true });
    const second = decide(later, policy, REGISTERED.plus({ hours: 6 }));
    expect(second.actions.map(({ key }) => key)).toContain('comment:letter:closing');
    expect(second.agreed).not.toHaveProperty('owesLetter');
  });
});

describe('R66: the checklist of line 1', () => {
  const problem = (changes: Partial<Snapshot> = {}) =>
    request({ service: 'NTTM: Решение проблем с доступом', type: 'Инцидент', ...changes });
  const keysOf = (facts: Facts, now = REGISTERED.plus({ minutes: 1 })) =>
    decide(facts, policy, now).actions.map(({ key }) => key);

  test('a new access problem gets it once, as an internal note', () => {
    expect(keysOf(problem())).toContain('comment:note:checklist');
    const written = aComment({ id: '200', marker: 'comment:note:checklist', visibility: 'internal' });
    expect(keysOf(problem({ comments: [written] }))).not.toContain('comment:note:checklist');
  });

  test('old tickets and other services get none', () => {
    expect(keysOf(problem(), REGISTERED.plus({ days: 10 }))).not.toContain('comment:note:checklist');
    expect(keysOf(request())).not.toContain('comment:note:checklist');
  });
});
