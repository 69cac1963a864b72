import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Link } from '../../src/domain/link.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy as policy } from '../support/policy.ts';
import { agreedFacts, NOW } from '../support/records.ts';

const linksOf = (facts: Facts) =>
  decide(facts, policy, NOW).actions.flatMap((action) => (action.do === 'relate' ? [action] : []));

/** The link back as these facts call for it, and the facts after it was written. */
function write(facts: Facts) {
  const [link, ...others] = linksOf(facts);
  expect(others).toEqual([]);
  return { link, after: link === undefined ? facts : evolve(facts, link, link.ref, NOW) };
}

const retitled = (facts: Facts, changes: Partial<Snapshot>): Facts => ({
  ...facts,
  ticket: { ...facts.ticket, ...changes },
});
const TITLE = 'OTRS 2026112310000042: Не создаётся заявка в ЕИП';
const fresh = agreedFacts({}, {}, { done: {} });

describe('the link from the issue to its ticket', () => {
  test('shows title and state, and is written once', () => {
    const { link, after } = write(fresh);

    expect(link).toMatchObject({ title: TITLE, isResolved: false, as: 'origin' });
    expect(after.link.agreed.shownTicket).toBe(`open/${TITLE}`);
    expect(linksOf(after)).toEqual([]);
  });

  test('follows the title, the closing and the reopening of the ticket, one call each', () => {
    const { after } = write(fresh);
    const named = write(retitled(after, { title: 'Другая тема' }));
    const closed = write(retitled(named.after, { state: 'Закрыто', phase: 'done' }));
    const reopened = write(retitled(closed.after, { state: 'В работе', phase: 'open' }));

    expect([named.link?.title, named.link?.isResolved]).toEqual(['OTRS 2026112310000042: Другая тема', false]);
    expect(closed.link).toMatchObject({ isResolved: true });
    expect(reopened.link).toMatchObject({ isResolved: false });
    expect(linksOf(reopened.after)).toEqual([]);
  });

  test.each<[string, Partial<Snapshot>, number]>([
    ['an open ticket needs no call', {}, 0],
    ['a closed one needs one', { state: 'Закрыто', phase: 'done' }, 1],
  ])('from before its state was remembered: %s', (_, ticket, calls) => {
    const links = linksOf(agreedFacts(ticket));

    expect(links).toHaveLength(calls);
    const [link] = links;
    expect(link === undefined ? [] : linksOf(evolve(agreedFacts(ticket), link, link.ref, NOW))).toEqual([]);
  });
});

describe('issues that an agent names in the ticket (R50)', () => {
  const relatedIssues = { field: 'related_issues', type: 'Связана', clause: 'R50' };
  const on = { ...policy, relatedIssues };
  const naming = (text: string, link: Partial<Link> = {}) => agreedFacts({ fields: shownWith(text) }, {}, link);
  const shownWith = (text: string) => ({ ...agreedFacts().ticket.fields, related_issues: text });
  const related = (facts: Facts) =>
    decide(facts, on, NOW).actions.flatMap((action) => (action.do === 'relate' ? [action.to.id] : []));
  const notable = (facts: Facts) => decide(facts, on, NOW).because.filter((reason) => reason.notable === true);

  test('are linked, whatever stands between them', () => {
    expect(related(naming(' osstTMB2B-7,ABC_1-12;\nhttps://jira.example.test/browse/OSSTTMB2B-9 OSSTTMB2B-7'))).toEqual(
      ['OSSTTMB2B-7', 'ABC_1-12', 'OSSTTMB2B-9'],
    );
  });

  test('are linked once each', () => {
    const facts = naming('OSSTTMB2B-7 OSSTTMB2B-8');
    const [first] = decide(facts, on, NOW).actions;
    if (first === undefined) {
      throw new Error('no action was decided');
    }

    expect(first).toMatchObject({ key: 'relate:issue:OSSTTMB2B-7', as: 'related', type: 'Связана' });
    expect(related(evolve(facts, first, first.do === 'open' ? facts.ticket.ref : first.ref, NOW))).toEqual([
      'OSSTTMB2B-8',
    ]);
  });

  test.each([
    ['no key', 'привет'],
    ['a key in Cyrillic', 'ОSSTTMB2B-7'],
    ['the issue itself', 'ossttmb2b-1'],
    ['number nought', 'ABC-0'],
  ])('%s is named in a notable reason, and nothing is done with it', (_, text) => {
    expect(related(naming(`${text} OSSTTMB2B-8`))).toEqual(['OSSTTMB2B-8']);
    expect(notable(naming(text))).toMatchObject([
      { rule: 'related-issue-cannot-be-linked', clause: 'R50', evidence: expect.stringContaining(`«${text}»`) },
    ]);
  });

  test('are twenty at most, however many are pasted', () => {
    const pasted = Array.from({ length: 10_000 }, (__, index) => `ABC-${index + 1}`).join('\n');

    expect(related(naming(pasted))).toHaveLength(20);
    expect(notable(naming(pasted))[0]?.evidence.length).toBeLessThan(3_000);
  });

  test('are nothing to a bridge whose mapping names no field', () => {
    expect(decide(naming('OSSTTMB2B-7'), policy, NOW).actions).toEqual([]);
  });
});
