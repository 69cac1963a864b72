import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Action, isOnceOnly } from '../../src/domain/action.ts';
import { decide } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Comment, Phase, Ref, Snapshot } from '../../src/domain/ticket.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { aComment, agreedFacts, aLink, anIssue, aTicket, NOW } from '../support/records.ts';

const policy = await loadPolicy('mappings');

const comments = fc
  .array(
    fc.record({
      visibility: fc.constantFrom('public', 'internal'),
      by: fc.constantFrom('requester', 'agent', 'system'),
      text: fc.string(),
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
    title: fc.string(),
    state: fc.constantFrom('Назначено', 'В работе', 'Передано на 3ЛТП', 'Решено', 'Ожидание информации', 'Закрыто'),
    priority: fc.constantFrom('1 Критичный', '2 Высокий', '3 Средний', '4 Низкий', 'неизвестный'),
    type: fc.constantFrom('Инцидент', 'Запрос на обслуживание'),
    service: fc.constantFrom('NTTM: Техническая поддержка', 'DWH: Техническая поддержка'),
    ticketQueue: fc.constantFrom('NTTM::2ЛТП', 'NTTM::3ЛТП'),
    fields: fc.dictionary(
      fc.constantFrom(
        'need_development',
        'solution',
        'configuration_item',
        'closure_code',
        'issue_key',
        'related_system',
        'external_number',
      ),
      fc.constantFrom('1', 'db', 'fixed', 'eip'),
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
    resolution: fc.option(fc.constantFrom('Исправлено', 'Дубликат', 'Иная'), { nil: undefined }),
    fields: fc.dictionary(
      fc.constantFrom('solution', 'configuration_item'),
      fc.constantFrom('БД', 'Исправлено в коде', ''),
    ),
    attachments,
    comments,
  })
  .map(({ status: [state, phase], resolution, ...issue }) =>
    anIssue({ ...issue, state, phase, ...(resolution === undefined ? {} : { resolution }) }),
  );

const facts: fc.Arbitrary<Facts> = fc.oneof(
  tickets.map((ticket) => ({ ticket, link: aLink() })),
  fc
    .record({
      ticket: tickets,
      issue: issues,
      agreed: fc.constantFrom({}, { issueState: 'В работе/' }, { issueState: 'Решено/Исправлено' }),
    })
    .map(({ ticket, issue, agreed }) => ({ ticket, issue, link: aLink({ issue: issue.ref, agreed }) })),
);

/** The world after an action: what evolve says, with a new issue as JIRA would show it. */
function after(state: Facts, action: Action): Facts {
  const effect: Ref =
    action.do === 'open' ? { system: 'jira', id: '10001', key: 'OSSTTMB2B-1' } : { system: 'any', id: 'effect' };
  const evolved = evolve(state, action, effect);
  return action.do === 'open' ? { ...evolved, issue: anIssue() } : evolved;
}

function settle(start: Facts): { readonly end: Facts; readonly performed: readonly Action[] } {
  let end = start;
  const performed: Action[] = [];
  for (let step = 0; step < 50; step += 1) {
    const [action] = decide(end, policy, NOW).actions;
    if (action === undefined) {
      return { end, performed };
    }
    performed.push(action);
    end = after(end, action);
  }
  throw new Error(`never settles: ${performed.map(({ key }) => key).join(', ')}`);
}

describe('decide', () => {
  test('has nothing left once its actions have taken effect, whatever the facts', () => {
    fc.assert(
      fc.property(facts, (start) => {
        const { end } = settle(start);
        expect(decide(end, policy, NOW).actions).toEqual([]);
      }),
    );
  });

  test('never sends a once-only action twice', () => {
    fc.assert(
      fc.property(facts, (start) => {
        const keys = settle(start)
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
          if (action.do === 'move' && action.to === 'Закрыто') {
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
    const [action] = decide(shown, policy, NOW).actions;
    if (action === undefined) {
      throw new Error('no action was decided');
    }
    const refused = {
      ...shown,
      link: { ...shown.link, refused: { [action.key]: { action, code: 'REFUSED', at: NOW } } },
    };

    expect(decide(refused, policy, NOW).actions).toEqual([]);
    expect(decide(refused, policy, NOW).agreed).toEqual(shown.link.agreed);
  });
});
