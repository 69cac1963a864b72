import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Action, isOnceOnly } from '../../src/domain/action.ts';
import { decide } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Comment, Phase, Ref, Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy, shippedPolicy } from '../support/policy.ts';
import { randomHistories } from '../support/random-history.ts';
import { aComment, agreedFacts, aLink, anIssue, aTicket, NOW } from '../support/records.ts';

const note = {
  subject: 'Расхождение',
  text: '{criteria.priority}: {criteria.quotes}',
  wording: shippedPolicy.comments.wording,
};
/** The shipped rules, with a note wherever agent and criteria differ: it is an action more that has to settle. */
const policy = { ...shippedPolicy, priority: { ...shippedPolicy.priority, note } };
/** As shipped, but letters are sent: the shipped ones are drafts only, which move no ticket. */
const sending = {
  ...policy,
  completeness: {
    ...policy.completeness,
    rules: policy.completeness.rules.map((rule) => ({ ...rule, letter: 'send' as const })),
    letter: { ...policy.completeness.letter, sendFor: ['3 Средний', '4 Низкий'] },
  },
};

const comments = fc
  .array(
    fc.record({
      visibility: fc.constantFrom('public', 'internal'),
      by: fc.constantFrom('requester', 'agent', 'system'),
      text: fc.oneof(fc.string(), fc.constantFrom('Шаги: открыть заявку.', 'Ожидаю: она открыта.', '> Шаги: открыть.')),
      subject: fc.constantFrom('', 'Звонок'),
    }),
    { maxLength: 4 },
  )
  .map((rows) => rows.map((row, index) => aComment({ id: String(101 + index), ...row } as Partial<Comment>)));

const attachments = fc.array(
  fc.record({
    id: fc.constantFrom('1/1', '1/2'),
    name: fc.oneof(fc.string(), fc.constantFrom('экран.png', 'отчёт.pdf.exe', 'server.log', 'отчёт\u202Efdp.exe')),
    contentType: fc.constant('application/octet-stream'),
    size: fc.constantFrom(0, 1000, 10 ** 9),
  }),
  { maxLength: 3 },
);

const tickets = fc
  .record({
    title: fc.oneof(fc.string(), fc.constantFrom('Не уходит в ЕИП', 'Подскажите', 'NTTM недоступна')),
    text: fc.oneof(fc.string(), fc.constantFrom('Шаги: открыть заявку. Ожидаю: она открыта.', 'Шаги: открыть заявку.')),
    state: fc.constantFrom(
      'Назначено',
      'В работе',
      'Передано на 3ЛТП',
      'Решено',
      'Ожидание информации',
      'Временное решение',
      'Ожидает установки обновления',
      'Закрыто',
    ),
    priority: fc.constantFrom('1 Критичный', '2 Высокий', '3 Средний', '4 Низкий', 'неизвестный'),
    type: fc.constantFrom('Инцидент', 'Запрос на обслуживание'),
    service: fc.constantFrom(
      'NTTM: Техническая поддержка',
      'NTTM: Решение проблем с доступом',
      'NTTM: Предоставление доступа к системе',
      'DWH: Техническая поддержка',
    ),
    ticketQueue: fc.constantFrom('NTTM::2ЛТП', 'NTTM::3ЛТП'),
    fields: fc.dictionary(
      fc.constantFrom(
        'need_development',
        'solution',
        'configuration_item',
        'closure_code',
        'issue_key',
        'information',
        'related_system',
        'external_number',
        'update_installed',
      ),
      fc.constantFrom('1', 'db', 'fixed', 'complete', 'incomplete', 'eip', 'Исправлено в коде обмена.'),
    ),
    requester: fc.constantFrom('MRF-VOLGA', 'MRF-MARS', undefined).map((branch) => ({
      name: 'Инициатор',
      ...(branch === undefined ? {} : { branch }),
    })),
    attachments,
    comments,
  })
  .map((ticket) => aTicket({ ...ticket, phase: ticket.state === 'Закрыто' ? 'done' : 'open' }));

const issues = fc
  .record({
    status: fc.constantFrom<[string, Phase]>(
      ['Открыто', 'new'],
      ['В работе', 'open'],
      ['Ожидает информации', 'open'],
      ['Решено', 'done'],
      ['Неизвестный', 'open'],
    ),
    resolution: fc.option(fc.constantFrom('Исправлено', 'Дубликат', 'Не будет исправлено', 'Иная'), { nil: undefined }),
    fields: fc.dictionary(
      fc.constantFrom('solution', 'configuration_item', 'fix_versions', 'released_versions'),
      fc.constantFrom('БД', 'Исправлено в коде', 'Готово', ''),
    ),
    attachments,
    comments,
  })
  .map(({ status: [state, phase], resolution, ...issue }) =>
    anIssue({ ...issue, state, phase, ...(resolution === undefined ? {} : { resolution }) }),
  );

/** Tickets whose terms run over a history, looked at when it ends. */
const withHistory = randomHistories.map(({ ticket }) => ({
  ...ticket,
  createdAt: ticket.createdAt.plus(NOW.diff(ticket.changedAt)),
  changedAt: NOW,
  comments: ticket.comments.map((comment) => ({ ...comment, at: comment.at.plus(NOW.diff(ticket.changedAt)) })),
  history: ticket.history.map((entry) => ({ ...entry, at: entry.at.plus(NOW.diff(ticket.changedAt)) })),
}));

const facts: fc.Arbitrary<Facts> = fc.oneof(
  fc
    .record({ ticket: tickets, agreed: fc.constantFrom({}, { ticketState: 'В работе' }) })
    .map(({ ticket, agreed }) => ({ ticket, link: aLink({ agreed }) })),
  fc
    .record({ ticket: withHistory, issue: fc.option(issues, { nil: undefined }) })
    .map(({ ticket, issue }) =>
      issue === undefined
        ? { ticket, link: aLink() }
        : { ticket, issue, link: aLink({ issue: issue.ref, agreed: { issueState: 'В работе/' } }) },
    ),
  fc
    .record({
      ticket: tickets,
      issue: issues,
      agreed: fc.record(
        {
          issueState: fc.constantFrom('В работе/', 'Ожидает информации/', 'Решено/Исправлено'),
          ticketState: fc.constantFrom('В работе', 'Ожидание информации', 'Закрыто'),
          noted: fc.constant('a1'),
          answer: fc.constantFrom('100', '102'),
        },
        { requiredKeys: [] },
      ),
    })
    .map(({ ticket, issue, agreed }) => ({ ticket, issue, link: aLink({ issue: issue.ref, agreed }) })),
);

/** The world after an action: what evolve says, with a new issue as JIRA would show it. */
function after(state: Facts, action: Action): Facts {
  const effect: Ref =
    action.do === 'open' ? { system: 'jira', id: '10001', key: 'OSSTTMB2B-1' } : { system: 'any', id: 'effect' };
  const evolved = evolve(state, action, effect, NOW);
  return action.do === 'open' ? { ...evolved, issue: anIssue() } : evolved;
}

function settle(start: Facts, by = policy): { readonly end: Facts; readonly performed: readonly Action[] } {
  let end = start;
  const performed: Action[] = [];
  for (let step = 0; step < 50; step += 1) {
    const [action] = decide(end, by, NOW).actions;
    if (action === undefined) {
      return { end, performed };
    }
    performed.push(action);
    end = after(end, action);
  }
  throw new Error(`never settles: ${performed.map(({ key }) => key).join(', ')}`);
}

describe('decide', () => {
  test.each([
    ['as shipped', policy],
    ['with letters that are sent', sending],
  ])('has nothing left once its actions have taken effect, whatever the facts, %s', (_, by) => {
    fc.assert(
      fc.property(facts, (start) => {
        const { end } = settle(start, by);
        expect(decide(end, by, NOW).actions).toEqual([]);
      }),
    );
  });

  test.each([
    ['as shipped', policy],
    ['with letters that are sent', sending],
  ])('never sends a once-only action twice, %s', (_, by) => {
    fc.assert(
      fc.property(facts, (start) => {
        const keys = settle(start, by)
          .performed.filter(isOnceOnly)
          .map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test('never lets internal words out and never closes without the three fields (I3, I4)', () => {
    fc.assert(
      fc.property(facts, (start) => {
        const internal = (record?: Snapshot) =>
          (record?.comments ?? []).filter(({ visibility }) => visibility === 'internal');
        const secret = [
          ...internal(start.ticket).map(({ id }) => `comment:jira:${id}`),
          ...internal(start.issue).map(({ id }) => `comment:otrs:${id}`),
        ];
        for (const action of settle(start).performed) {
          if (action.do === 'comment' && action.comment.visibility === 'public') {
            expect(secret).not.toContain(action.key);
          }
          if (action.do === 'move' && action.ref.system === 'otrs' && action.to === 'Закрыто') {
            const block = ['closure_code', 'solution', 'configuration_item'].map((name) => action.fields[name]);
            expect(block.filter((value) => typeof value === 'string' && value.trim() !== '')).toHaveLength(3);
          }
        }
      }),
    );
  });

  test('gives every action a reason with rule and clause', () => {
    fc.assert(
      fc.property(facts, (start) => {
        const { actions, because } = decide(start, policy, NOW);
        for (const { key } of actions) {
          expect(
            because.filter((reason) => reason.action === key && reason.rule !== '' && reason.clause !== ''),
          ).not.toEqual([]);
        }
      }),
    );
  });

  test('is the same for the same facts', () => {
    fc.assert(fc.property(facts, (start) => expect(decide(start, policy, NOW)).toEqual(decide(start, policy, NOW))));
  });

  test('a refused move is offered again only when it asks for something else', () => {
    const before = agreedFacts({}, { state: 'В работе', phase: 'open' });
    const shown = {
      ...before,
      ticket: { ...before.ticket, fields: { ...before.ticket.fields, issue_status: 'В работе' } },
    };
    const [action] = decide(shown, quietPolicy, NOW).actions;
    if (action === undefined) {
      throw new Error('no action was decided');
    }
    const refused = {
      ...shown,
      link: { ...shown.link, refused: { [action.key]: { action, code: 'REFUSED', at: NOW } } },
    };

    expect(decide(refused, quietPolicy, NOW).actions).toEqual([]);
    expect(decide(refused, quietPolicy, NOW).agreed).toEqual(shown.link.agreed);
  });
});
