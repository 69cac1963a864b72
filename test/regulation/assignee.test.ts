import { describe, expect, test } from '@jest/globals';
import { ASSIGN_ISSUE } from '../../src/domain/assignee.ts';
import { decide } from '../../src/domain/decide.ts';
import { evolve, evolveRefused } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Link } from '../../src/domain/link.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy } from '../support/policy.ts';
import { agreedFacts, NOW } from '../support/records.ts';

const accounts = [{ agent: 'petrova.3l', user: 'a.petrova' }];
const policy = { ...quietPolicy, assignees: { ...quietPolicy.assignees, accounts } };

const lead: Partial<Snapshot> = { owner: 'Иван Главный', ownerLogin: 'lead' };
const factsOf = (ticket: Partial<Snapshot>, issue: Partial<Snapshot> = {}, agreed: Link['agreed'] = {}): Facts =>
  agreedFacts({ owner: 'petrova.3l', ...ticket }, issue, {
    agreed: { issueState: 'Открыто/', ticketState: 'Передано на 3ЛТП', ...agreed },
  });
/** The issue was opened by this look: nothing is agreed yet. */
const opened = (issue: Partial<Snapshot> = {}): Facts => agreedFacts({ owner: 'petrova.3l' }, issue, { agreed: {} });
const assigned = (facts: Facts) =>
  decide(facts, policy, NOW).actions.flatMap((action) => (action.do === 'assign' ? [action.user] : []));
const reasons = (facts: Facts) => decide(facts, policy, NOW).because.map(({ rule }) => rule);

describe('R40: «самостоятельно берет инцидент из очереди в работу», R39: «назначает исполнителя»', () => {
  test.each<[string, Facts]>([
    ['that nobody has', factsOf({})],
    ['that was just opened, whomever JIRA chose', opened(lead)],
    ['that still has whom JIRA chose', factsOf({}, lead, { firstAssignee: 'lead' })],
  ])('the owner of the ticket gets an issue %s', (_, facts) => {
    expect(assigned(facts)).toEqual(['a.petrova']);
  });

  test.each<[string, Facts]>([
    ['a person assigned since', factsOf({}, { owner: 'Другой', ownerLogin: 'other' }, { firstAssignee: 'lead' })],
    ['a person assigned since, for at first nobody had it', factsOf({}, lead)],
    ['was found after a lost memory and has changed', opened({ ...lead, changedAt: NOW.plus({ minutes: 5 }) })],
  ])('an issue that %s keeps its assignee, and the decision says so', (_, facts) => {
    expect(assigned(facts)).toEqual([]);
    expect(reasons(facts)).toContain('somebody-assigned-the-issue');
  });

  test.each<[string, Facts]>([
    ['an owner whom people.yaml does not know', factsOf({ owner: 'ivanov.2l' })],
    ['a ticket without owner', agreedFacts()],
    ['an issue that he has already', factsOf({}, { owner: 'Анна Петрова', ownerLogin: 'A.Petrova' })],
    ['an issue that is done', factsOf({}, { phase: 'done', state: 'Решено' }, { issueState: 'Решено/' })],
  ])('nothing is assigned for %s', (_, facts) => {
    expect(assigned(facts)).toEqual([]);
    expect(reasons(facts)).not.toContain('somebody-assigned-the-issue');
  });

  test('an issue is assigned once, and the next owner is left to people', () => {
    const facts = factsOf({});
    const [action] = decide(facts, policy, NOW).actions;
    if (action?.do !== 'assign') {
      throw new Error('nothing was assigned');
    }
    const after = evolve(facts, action, action.ref, NOW);

    expect(after.issue).toMatchObject({ ownerLogin: 'a.petrova' });
    expect(assigned({ ...after, issue: facts.issue ?? after.ticket })).toEqual([]);
  });

  test('whom JIRA chose is remembered when the issue is first seen', () => {
    expect(decide(opened(lead), quietPolicy, NOW).agreed.firstAssignee).toBe('lead');
    expect(decide(factsOf({}, lead), quietPolicy, NOW).agreed.firstAssignee).toBeUndefined();
  });

  test('an assignee whom JIRA refuses is named in one internal note, and the issue keeps its own', () => {
    const facts = factsOf({});
    const [action] = decide(facts, policy, NOW).actions;
    if (action?.do !== 'assign') {
      throw new Error('nothing was assigned');
    }
    const refused = evolveRefused(facts, action, { code: 'REFUSED', message: '', details: {} }, NOW);
    const [note, ...others] = decide(refused, policy, NOW).actions;
    if (note?.do !== 'comment') {
      throw new Error('no note was decided');
    }

    expect(others).toEqual([]);
    expect(note).toMatchObject({ ref: { system: 'otrs' }, comment: { visibility: 'internal' } });
    expect(note.comment.text).toContain('a.petrova');
    const told = evolve(refused, note, { system: 'otrs', id: '500' }, NOW);
    expect(decide(told, policy, NOW).actions).toEqual([]);
    expect(decide(told, policy, NOW.plus({ hours: 1 })).actions).toMatchObject([{ key: ASSIGN_ISSUE }]);
  });

  test('the create call names no assignee: whom JIRA refuses would cost the issue', () => {
    const { ticket, link } = factsOf({ ticketQueue: 'NTTM::3ЛТП' });
    const { issue: _, ...unlinked } = link;
    const [open] = decide({ ticket, link: { ...unlinked, done: {} } }, policy, NOW).actions;

    expect(open).toMatchObject({ do: 'open' });
    expect(JSON.stringify(open)).not.toContain('petrova');
  });
});
