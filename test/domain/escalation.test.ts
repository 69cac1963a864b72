import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy } from '../support/policy.ts';
import { agreedFacts, aLink, aTicket, NOW } from '../support/records.ts';

const policy = quietPolicy;

const decideFor = (ticket: Partial<Snapshot>) => decide({ link: aLink(), ticket: aTicket(ticket) }, policy, NOW);

describe('escalation to line 3 (R50)', () => {
  test.each<[string, Partial<Snapshot>, string]>([
    [
      'the ticket was moved to the ticket queue of line 3',
      { ticketQueue: 'NTTM::3ЛТП' },
      'handed-over-by-ticket-queue',
    ],
    ['line 2 set the field for escalation', { fields: { need_development: '1' } }, 'handed-over-by-field'],
    ['the incident is critical', { priority: '1 Критичный' }, 'critical-incident'],
    ['names differ only in case and ё', { priority: '1 КРИТИЧНЫЙ' }, 'critical-incident'],
  ])('an issue is opened when %s', (_, ticket, rule) => {
    const { actions, because } = decideFor(ticket);

    expect(actions).toMatchObject([
      { do: 'open', key: 'open:issue', system: 'jira', draft: { project: 'OSSTTMB2B', type: 'Дефект' } },
    ]);
    expect(because).toContainEqual(expect.objectContaining({ rule, clause: 'R50', action: 'open:issue' }));
  });

  test.each<[string, Partial<Snapshot>, string]>([
    ['nobody handed it over', {}, 'no-escalation-rule-is-met'],
    [
      'it is closed',
      { ticketQueue: 'NTTM::3ЛТП', state: 'Закрыто', phase: 'done' },
      'closed-tickets-are-not-escalated',
    ],
    [
      'it is another system’s ticket',
      { service: 'DWH: Техническая поддержка', ticketQueue: 'NTTM::3ЛТП' },
      'not-our-service',
    ],
    [
      'a critical request is no incident',
      { priority: '1 Критичный', type: 'Запрос на обслуживание' },
      'no-escalation-rule-is-met',
    ],
  ])('no issue is opened when %s', (_, ticket, rule) => {
    const { actions, because } = decideFor(ticket);

    expect(actions).toEqual([]);
    expect(because).toContainEqual(expect.objectContaining({ rule }));
  });

  test('the evidence of a refusal names the value that failed each rule', () => {
    const { because } = decideFor({});

    expect(because[0]?.evidence).toContain('ticket_queue is «NTTM::2ЛТП»');
  });

  test('the issue says who asks, what for and where the ticket is (R2, R51)', () => {
    const { actions } = decideFor({ ticketQueue: 'NTTM::3ЛТП', priority: '2 Высокий' });

    expect(actions[0]).toMatchObject({
      draft: {
        title: 'Не создаётся заявка в ЕИП',
        priority: 'Высокий',
        text: expect.stringContaining('Анна Кузнецова'),
        labels: ['otrs'],
      },
    });
    expect(JSON.stringify(actions[0])).toContain('2026112310000042');
    expect(JSON.stringify(actions[0])).toContain('Телефон: —');
  });

  test('words of a requester that look like placeholders are not filled', () => {
    const { actions } = decideFor({ ticketQueue: 'NTTM::3ЛТП', title: 'Ошибка {requester.email}' });

    expect(actions[0]).toMatchObject({ draft: { title: 'Ошибка {requester.email}' } });
  });

  test('a ticket never gets a second issue, even while its issue cannot be read', () => {
    const { issue: _, ...facts } = agreedFacts();

    expect(decide(facts, policy, NOW).actions).toEqual([]);
  });

  describe('a refused issue', () => {
    const ticket = aTicket({ ticketQueue: 'NTTM::3ЛТП' });
    const [action] = decide({ link: aLink(), ticket }, policy, NOW).actions;
    const decideAfter = (code: string, changes: Partial<Snapshot>, minutes: number) => {
      if (action === undefined) {
        throw new Error('no action was decided');
      }
      const link = aLink({ refused: { 'open:issue': { action, code, at: NOW } } });
      return decide({ link, ticket: { ...ticket, ...changes } }, policy, NOW.plus({ minutes })).actions;
    };

    test('rests for a while if nothing has changed', () => {
      expect(decideAfter('REFUSED', {}, 14)).toEqual([]);
      expect(decideAfter('REFUSED', {}, 15)).toMatchObject([{ do: 'open' }]);
    });

    test('is offered again at once when its content changes', () => {
      expect(decideAfter('REFUSED', { priority: '4 Низкий' }, 0)).toMatchObject([{ do: 'open' }]);
    });

    test('is never offered again while it is in doubt', () => {
      expect(decideAfter('STILL_IN_DOUBT', { priority: '4 Низкий' }, 10_000)).toEqual([]);
    });
  });
});

describe('the draft of an issue', () => {
  test('fills the further fields of its template, and leaves out those that come out empty', () => {
    const fields = { contour: 'Промышленный', reporter_phone: '{requester.phone}', source: 'OTRS {ticket.key}' };
    const rules = policy.escalation.rules.map((rule) => ({ ...rule, draft: { ...rule.draft, fields } }));
    const ticket = aTicket({ ticketQueue: 'NTTM::3ЛТП', requester: { name: 'Анна' } });

    const { actions } = decide(
      { link: aLink(), ticket },
      { ...policy, escalation: { ...policy.escalation, rules } },
      NOW,
    );

    expect(actions[0]).toMatchObject({ do: 'open' });
    expect(actions[0]?.do === 'open' ? actions[0].draft.fields : undefined).toEqual({
      contour: 'Промышленный',
      source: `OTRS ${ticket.ref.key}`,
    });
  });
});
