import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import type { Facts, MainTicket } from '../../src/domain/facts.ts';
import { inheritanceOf } from '../../src/domain/inheritance.ts';
import type { HistoryEntry, Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy, shippedPolicy } from '../support/policy.ts';
import { aLink, anIssue, aTicket, NOW } from '../support/records.ts';

const MAIN = { system: 'otrs', id: '43', key: '2026112310000043' };
const OWN = anIssue().ref;
const OTHER = { system: 'jira', id: '10002', key: 'OSSTTMB2B-2' };

const merged = (issue: Partial<Snapshot> | undefined, main: Omit<MainTicket, 'ref'> = {}): Facts => ({
  ticket: aTicket({ state: 'merged', phase: 'done', mergedInto: MAIN }),
  main: { ref: MAIN, ...main },
  ...(issue === undefined ? {} : { issue: anIssue(issue) }),
  link: aLink(issue === undefined ? {} : { issue: OWN }),
});

const keysOf = (facts: Facts) => decide(facts, quietPolicy, NOW).actions.map(({ key }) => key);
const rulesOf = (facts: Facts) => decide(facts, quietPolicy, NOW).because.map(({ rule }) => rule);

describe('a ticket that was merged into another one (R50)', () => {
  test.each([
    ['has no issue', merged(undefined), [], 'merged-ticket-rests'],
    [
      'has an issue that is done',
      merged({ phase: 'done', state: 'Закрыто' }),
      ['relate:issue:origin'],
      'merged-ticket-rests',
    ],
    ['has an issue, the main ticket none', merged({}), ['relate:issue:origin'], 'issue-goes-to-the-main-ticket'],
    [
      'has an issue, the main ticket another one',
      merged({}, { issue: OTHER }),
      ['relate:issue:origin', 'comment:note:merged:43', 'relate:issue:OSSTTMB2B-2'],
      'main-ticket-has-an-issue',
    ],
    [
      'has an issue, and the main ticket is not seen',
      merged({}, { isHidden: true }),
      ['relate:issue:origin', 'comment:note:merged:43'],
      'main-ticket-is-not-seen',
    ],
  ])('that %s is never written to', (_, facts, keys, rule) => {
    expect(keysOf(facts)).toEqual(keys);
    expect(rulesOf(facts)).toContain(rule);
    expect(decide(facts, quietPolicy, NOW).actions.every((action) => 'ref' in action && action.ref.id === OWN.id)).toBe(
      true,
    );
  });
});

describe('the clock of a merged ticket', () => {
  const end = NOW.minus({ minutes: 30 });
  const entry = (change: NonNullable<HistoryEntry['changes']>[number]): HistoryEntry => ({
    at: end,
    by: '3',
    what: 'StateUpdate',
    detail: '',
    changes: [change],
  });
  const history = [entry({ property: 'state', from: 'В работе', to: 'merged' })];
  const shown = entry({ property: 'fields.sla_status', to: 'Идёт диагностика' });
  const termsOf = (changes: Partial<Snapshot>) => {
    const facts = merged(undefined);
    const { actions, clock } = decide(
      { ...facts, ticket: { ...facts.ticket, history, ...changes } },
      shippedPolicy,
      NOW,
    );
    return { clock, fields: actions.flatMap((action) => (action.do === 'update' ? [action.fields] : [])) };
  };

  test('stands from the merge, with the main ticket for its reason, and is not closed', () => {
    expect(termsOf({}).clock).toMatchObject({ status: 'stopped', standstill: 'merged', mergedInto: MAIN.key });
    expect(termsOf({}).clock.suspensions).toMatchObject([{ why: 'merged', from: end.toMillis() }]);
    expect(termsOf({}).clock.milestones).not.toHaveProperty('resolution');
  });

  test.each([
    ['that shows its terms', { fields: { sla_status: 'Идёт диагностика' } }, 1],
    ['whose history tells of them although the field looks empty', { history: [shown, ...history] }, 1],
    ['that never showed any', {}, 0],
  ])('is shown in a ticket %s', (_, changes, times) => {
    const { fields } = termsOf(changes);
    expect(fields).toHaveLength(times);
    expect(fields.every(({ sla_status }) => String(sla_status).endsWith(`объединено с ${MAIN.key}`))).toBe(true);
  });
});

describe('what a main ticket takes over', () => {
  const heir = { ticket: aTicket({ ref: MAIN, textCommentId: '300' }), link: aLink({ ticket: MAIN }) };
  const from = aLink({ issue: OWN, agreed: { described: ['100'] }, done: { 'comment:jira:17': '9001' } });

  test.each([
    ['carried comments', 'comment:jira:17', true],
    ['their edits', 'edit:jira:17@2026-11-23T07:00:00.000Z', true],
    ['files', 'attach:jira:17/1', true],
    ['tickets of adjacent systems', 'open:related:eip', true],
    ['notes about the merged ticket', 'comment:note:issue-gone:10001', false],
    ['letters about the merged ticket', 'comment:letter:closing', false],
    ['what it said of a leaving', 'comment:misrouted:2026-11-23T07:00:00Z', false],
    ['the opening of its issue', 'open:issue', false],
    ['changes of the merged ticket', 'update:ticket:terms', false],
    ['links of an issue that stays', 'relate:issue:OSSTTMB2B-9', false],
  ])('of %s: %s is %s', (_, key, isCarried) => {
    expect(inheritanceOf(heir, from, undefined)?.carries(key)).toBe(isCarried);
  });

  test('is the issue with its links and its assignment, if it has none and the work is not done', () => {
    const taken = inheritanceOf(heir, from, anIssue());
    expect(taken).toMatchObject({ issue: OWN, agreed: { issueFrom: '42', described: ['100'] } });
    expect(
      ['assign:issue', 'relate:issue:OSSTTMB2B-9', 'relate:issue:origin'].map((key) => taken?.carries(key)),
    ).toEqual([true, true, false]);
  });

  test.each([
    ['is done', heir, anIssue({ phase: 'done' })],
    ['is not shown', heir, undefined],
    ['comes second', { ...heir, link: aLink({ ticket: MAIN, issue: OTHER }) }, anIssue()],
  ])('is no issue that %s', (_, facts, issue) => {
    expect(inheritanceOf(facts, from, issue)).not.toHaveProperty('issue');
  });

  test('knows afterwards what stands in both descriptions', () => {
    const facts = { ...heir, link: aLink({ ticket: MAIN, issue: OTHER }) };
    expect(inheritanceOf(facts, from, undefined)?.agreed.described).toEqual(['300', '100']);
  });

  test('is nothing where all of it is known, unless something is in doubt', () => {
    const link = aLink({ ticket: MAIN, issue: OTHER, agreed: { described: ['300', '100'] }, done: from.done });
    expect(inheritanceOf({ ...heir, link }, from, undefined)).toBeUndefined();
    expect(inheritanceOf({ ...heir, link }, from, undefined, ['comment:jira:18'])).toBeDefined();
  });
});
