import { describe, expect, test } from '@jest/globals';
import { decide, type Policy } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy, shippedPolicy } from '../support/policy.ts';
import { agreedFacts, aLink, aTicket, NOW } from '../support/records.ts';

const { owner } = shippedPolicy.assignments;
if (owner === undefined) {
  throw new Error('the shipped mappings show no owner');
}
const policy: Policy = { ...quietPolicy, assignments: { ...quietPolicy.assignments, owner } };

const factsOf = (ticket: Partial<Snapshot>, issue: Partial<Snapshot> = {}): Facts =>
  agreedFacts(ticket, issue, { agreed: { issueState: 'Открыто/', ticketState: 'Передано на 3ЛТП' } });
const actionsOf = (facts: Facts, rules: Policy = policy) => decide(facts, rules, NOW).actions;

describe('R40: «назначает себя в качестве исполнителя»: the issue shows who has the ticket', () => {
  test.each<[string, Partial<Snapshot>, Partial<Snapshot>, string]>([
    ['whom it did not show yet', { owner: 'petrova.2l' }, {}, 'petrova.2l'],
    ['who took it from another', { owner: 'sidorov.3l' }, { fields: { ticket_owner: 'petrova.2l' } }, 'sidorov.3l'],
    ['nobody, once it is given up', {}, { fields: { ticket_owner: 'petrova.2l' } }, ''],
  ])('%s', (_, ticket, issue, shown) => {
    const facts = factsOf(ticket, issue);
    const [action, ...others] = actionsOf(facts);

    expect(action).toMatchObject({ do: 'update', key: 'update:issue:owner', fields: { ticket_owner: shown } });
    expect(others).toEqual([]);
    expect(
      action === undefined
        ? [action]
        : actionsOf(evolve(facts, action, action.do === 'open' ? aTicket().ref : action.ref, NOW)),
    ).toEqual([]);
  });

  test.each<[string, Facts]>([
    ['the issue shows him', factsOf({ owner: 'petrova.2l' }, { fields: { ticket_owner: 'petrova.2l' } })],
    ['nobody owns it and none is shown', factsOf({})],
    ['the issue is done', factsOf({ owner: 'petrova.2l', state: 'Решено' }, { state: 'Решено', phase: 'done' })],
    ['the ticket is closed', factsOf({ owner: 'petrova.2l', state: 'Закрыто', phase: 'done' })],
  ])('no call is made where %s', (_, facts) => {
    expect(actionsOf(facts).filter(({ key }) => key === 'update:issue:owner')).toEqual([]);
  });

  test('he travels with the terms: one call', () => {
    const noisy = { ...policy, clock: { ...quietPolicy.clock, shown: shippedPolicy.clock.shown } };
    const updates = actionsOf(factsOf({ owner: 'petrova.2l' }), noisy).filter(
      (action) => action.do === 'update' && action.ref.system === 'jira',
    );

    expect(updates).toMatchObject([{ fields: { ticket_owner: 'petrova.2l', due_date: expect.any(String) } }]);
  });

  test('a new issue is opened with him, beside its terms', () => {
    const noisy = { ...policy, clock: { ...quietPolicy.clock, shown: shippedPolicy.clock.shown } };
    const ticket = aTicket({ owner: 'petrova.2l', ticketQueue: 'NTTM::3ЛТП' });
    const [open] = actionsOf({ ticket, link: aLink() }, noisy).filter((action) => action.do === 'open');

    expect(open?.draft.extras).toMatchObject({ ticket_owner: 'petrova.2l', due_date: expect.any(String) });
  });

  test('without the mapping nothing is shown', () => {
    expect(actionsOf(factsOf({ owner: 'petrova.2l' }), quietPolicy)).toEqual([]);
  });
});
