import { describe, expect, jest, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { decide, type Policy } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Comment } from '../../src/domain/ticket.ts';
import { faultsWith, policyWith } from '../support/changed-mappings.ts';
import { growth, NEARLY_LINEAR } from '../support/growth.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, agreedFacts, NOW } from '../support/records.ts';

const policy = quietPolicy;
const first = aComment({ id: '100', by: 'requester' });

const carriedFromTicket = (...comments: Comment[]) =>
  decide(agreedFacts({ comments: [first, ...comments] }), policy, NOW).actions;
const carriedFromIssue = (...comments: Comment[]) => decide(agreedFacts({}, { comments }), policy, NOW).actions;

/** The quiet policy with other words in comments.yaml. */
const readingOf = async (from: string, to: string): Promise<Policy> => ({
  ...policy,
  comments: (await policyWith({ file: 'comments.yaml', from, to })).comments,
});

const EDITED = NOW.plus({ minutes: 5 });
const VERSION = '2026-11-23T07:05:00.000Z';

describe('comments between ticket and issue', () => {
  test('a public article goes to the issue, with author and time', () => {
    expect(carriedFromTicket(aComment({ id: '101', text: 'Ошибка повторилась 😀' }))).toMatchObject([
      {
        do: 'comment',
        key: 'comment:jira:101',
        ref: { system: 'jira' },
        comment: { text: expect.stringMatching(/Мария Петрова, 23\.11\.2026 10:00[\s\S]*Ошибка повторилась 😀/) },
      },
    ]);
  });

  test('a public comment goes to the ticket', () => {
    expect(carriedFromIssue(aComment({ id: '7', author: 'Разработчик 3ЛТП' }))).toMatchObject([
      {
        do: 'comment',
        key: 'comment:otrs:7',
        ref: { system: 'otrs' },
        comment: { subject: expect.stringContaining('OSSTTMB2B-1') },
      },
    ]);
  });

  test('a comment without an author, as JIRA shows anonymous ones, says so', () => {
    expect(carriedFromIssue(aComment({ id: '7', author: '' }))).toMatchObject([
      { comment: { text: expect.stringMatching(/^—, 23\.11\.2026 10:00/) } },
    ]);
  });

  test('moments are written out once, however often a look decides about them', () => {
    const said = Array.from({ length: 100 }, (_, at) => aComment({ id: String(at), at: NOW.plus({ seconds: at }) }));
    const facts = agreedFacts({}, { comments: said });
    const writing = jest.spyOn(DateTime.prototype, 'toFormat');
    decide(facts, policy, NOW);
    const first = writing.mock.calls.length;
    decide(facts, policy, NOW);

    expect(first).toBeGreaterThanOrEqual(100);
    expect(writing.mock.calls.length - first).toBeLessThan(10);
    writing.mockRestore();
  });

  test('comments keep the order of writing', () => {
    const keys = carriedFromTicket(aComment({ id: '102' }), aComment({ id: '103' }), aComment({ id: '104' })).map(
      ({ key }) => key,
    );

    expect(keys).toEqual(['comment:jira:102', 'comment:jira:103', 'comment:jira:104']);
  });

  test.each<[string, Partial<Comment>]>([
    ['an internal note', { visibility: 'internal' }],
    ['an automatic letter', { by: 'system' }],
    ['a comment that the bridge wrote', { marker: 'comment:otrs:5' }],
    ['an edited comment that the bridge wrote', { marker: 'comment:otrs:5', editedAt: EDITED }],
  ])('%s stays where it is, on either side', (_, comment) => {
    expect(carriedFromTicket(aComment({ id: '101', ...comment }))).toEqual([]);
    expect(carriedFromIssue(aComment({ id: '7', ...comment }))).toEqual([]);
  });

  test('the article that became the description is not repeated as a comment', () => {
    expect(carriedFromTicket()).toEqual([]);
  });

  test('a comment that was carried is not carried again', () => {
    const facts = agreedFacts({}, { comments: [aComment({ id: '7' })] });
    const link = { ...facts.link, done: { ...facts.link.done, 'comment:otrs:7': '200' } };

    expect(decide({ ...facts, link }, policy, NOW).actions).toEqual([]);
  });

  test('a comment that the other side shows is not carried again, even if the bridge has lost its memory', () => {
    const copy = aComment({ id: '200', marker: 'comment:jira:101' });
    const facts = agreedFacts({ comments: [first, aComment({ id: '101' })] }, { comments: [copy] });

    expect(decide(facts, policy, NOW).actions).toEqual([]);
  });
});

describe('comments that not everyone may read', () => {
  const note = aComment({ id: '101', visibility: 'internal', text: 'Пароль инициатора сброшен' });
  const restricted = aComment({ id: '7', visibility: 'internal', text: 'Только для разработчиков' });

  test('an internal note becomes an internal comment where the mapping lets it', async () => {
    const facts = agreedFacts({ comments: [first, note] });

    expect(
      decide(facts, await readingOf('internal_notes: stay', 'internal_notes: carried'), NOW).actions,
    ).toMatchObject([{ key: 'comment:jira:101', comment: { visibility: 'internal' } }]);
  });

  test('a restricted comment becomes an internal note where the mapping lets it, and is never public', async () => {
    const facts = agreedFacts({}, { comments: [restricted] });
    const reading = await readingOf('restricted_comments: stay', 'restricted_comments: carried');

    expect(reading.comments.toTicket.visibility).toBe('public');
    expect(decide(facts, reading, NOW).actions).toMatchObject([
      { key: 'comment:otrs:7', comment: { visibility: 'internal' } },
    ]);
  });

  test('one that becomes public is carried then', () => {
    expect(carriedFromIssue(restricted)).toEqual([]);
    expect(carriedFromIssue({ ...restricted, visibility: 'public' })).toMatchObject([{ key: 'comment:otrs:7' }]);
  });

  test('one that was public and carried stays, and its new text does not follow', () => {
    const copy = aComment({ id: '200', marker: 'comment:otrs:7' });
    const facts = agreedFacts({ comments: [first, copy] }, { comments: [{ ...restricted, editedAt: EDITED }] });

    expect(decide(facts, policy, NOW).actions).toEqual([]);
  });

  test('what was restricted after it had been public is told internally, where restricted comments are carried', async () => {
    const copy = aComment({ id: '200', marker: 'comment:otrs:7' });
    const facts = agreedFacts({ comments: [first, copy] }, { comments: [{ ...restricted, editedAt: EDITED }] });
    const reading = await readingOf('restricted_comments: stay', 'restricted_comments: carried');

    expect(decide(facts, reading, NOW).actions).toMatchObject([
      { key: `comment:otrs:7@${VERSION}`, comment: { visibility: 'internal' } },
    ]);
  });
});

describe('edits', () => {
  const article = aComment({ id: '101', text: 'Было' });
  const edited = { ...article, text: 'Стало', editedAt: EDITED };
  const copyInIssue = aComment({ id: '300', marker: 'comment:jira:101', text: 'Было' });
  const copyInTicket = aComment({ id: '200', marker: 'comment:otrs:7', text: 'Было' });

  /** Lets the decided actions take effect and decides again. */
  const leftAfter = (facts: Facts, rules = policy) => {
    const evolved = decide(facts, rules, NOW).actions.reduce(
      (known, action, index) => evolve(known, action, { system: 'x', id: String(900 + index) }, NOW),
      facts,
    );
    return decide(evolved, rules, NOW).actions;
  };

  test('a comment that was edited before it was carried is carried once, as it is now', () => {
    const facts = agreedFacts({}, { comments: [aComment({ id: '7', text: 'Стало', editedAt: EDITED })] });

    expect(decide(facts, policy, NOW).actions).toMatchObject([
      { key: `comment:otrs:7@${VERSION}`, comment: { text: expect.stringContaining('Стало') } },
    ]);
    expect(leftAfter(facts)).toEqual([]);
  });

  test('a comment of the issue that is edited later is told in a note, with both times', () => {
    const facts = agreedFacts(
      { comments: [first, copyInTicket] },
      { comments: [aComment({ id: '7', text: 'Стало', editedAt: EDITED })] },
    );

    expect(decide(facts, policy, NOW).actions).toMatchObject([
      {
        do: 'comment',
        key: `comment:otrs:7@${VERSION}`,
        comment: {
          visibility: 'public',
          text: expect.stringMatching(/Мария Петрова от 23\.11\.2026 10:00 .* изменён 23\.11\.2026 10:05:[\s\S]*Стало/),
        },
      },
    ]);
    expect(leftAfter(facts)).toEqual([]);
  });

  test('the note is for those who see the copy', () => {
    const facts = agreedFacts(
      { comments: [first, { ...copyInTicket, visibility: 'internal' }] },
      { comments: [aComment({ id: '7', editedAt: EDITED })] },
    );

    expect(decide(facts, policy, NOW).actions).toMatchObject([{ comment: { visibility: 'internal' } }]);
  });

  test('a second edit is told once more', () => {
    const told = aComment({ id: '201', marker: `comment:otrs:7@${VERSION}` });
    const facts = agreedFacts(
      { comments: [first, copyInTicket, told] },
      { comments: [aComment({ id: '7', editedAt: EDITED.plus({ minutes: 1 }) })] },
    );

    expect(decide(facts, policy, NOW).actions).toMatchObject([{ key: 'comment:otrs:7@2026-11-23T07:06:00.000Z' }]);
    expect(leftAfter(facts)).toEqual([]);
  });

  test('an article that is edited later changes its copy', () => {
    const facts = agreedFacts({ comments: [first, edited] }, { comments: [copyInIssue] });

    expect(decide(facts, policy, NOW).actions).toMatchObject([
      {
        do: 'edit',
        key: `edit:jira:101@${VERSION}`,
        ref: { system: 'jira' },
        commentId: '300',
        text: expect.stringContaining('Стало'),
      },
    ]);
    expect(leftAfter(facts)).toEqual([]);
  });

  test('the copy is found by what is remembered where the issue shows no marks', () => {
    const { marker: _, ...unmarked } = copyInIssue;
    const facts = agreedFacts({ comments: [first, edited] }, { comments: [unmarked] });
    const done = { ...facts.link.done, 'comment:jira:101': '300', 'comment:otrs:300': '101' };

    expect(decide({ ...facts, link: { ...facts.link, done } }, policy, NOW).actions).toMatchObject([
      { do: 'edit', commentId: '300' },
    ]);
  });

  test('a copy that people have deleted is neither edited nor written again', () => {
    const facts = agreedFacts({ comments: [first, edited] });
    const done = { ...facts.link.done, 'comment:jira:101': '300' };

    expect(decide({ ...facts, link: { ...facts.link, done } }, policy, NOW).actions).toEqual([]);
  });

  test.each([
    ['to_issue: as_edit', 'to_issue: as_note', [{ do: 'comment', key: `comment:jira:101@${VERSION}` }]],
    ['to_issue: as_edit', 'to_issue: ignored', []],
  ])('an edited article: %s -> %s', async (from, to, actions) => {
    const facts = agreedFacts({ comments: [first, edited] }, { comments: [copyInIssue] });

    expect(decide(facts, await readingOf(from, to), NOW).actions).toMatchObject(actions);
  });

  test('an edited comment is passed over where the mapping ignores edits', async () => {
    const facts = agreedFacts(
      { comments: [first, copyInTicket] },
      { comments: [aComment({ id: '7', editedAt: EDITED })] },
    );

    expect(decide(facts, await readingOf('to_ticket: as_note', 'to_ticket: ignored'), NOW).actions).toEqual([]);
  });

  test('an article that became internal never changes a copy that everyone sees', async () => {
    const facts = agreedFacts(
      { comments: [first, { ...edited, visibility: 'internal' }] },
      { comments: [copyInIssue] },
    );

    expect(decide(facts, policy, NOW).actions).toEqual([]);
    expect(
      decide(facts, await readingOf('internal_notes: stay', 'internal_notes: carried'), NOW).actions,
    ).toMatchObject([{ do: 'comment', comment: { visibility: 'internal' } }]);
  });

  test('an edit by the bridge itself is none', () => {
    const facts = agreedFacts({ comments: [first, article] }, { comments: [{ ...copyInIssue, editedAt: EDITED }] });

    expect(decide(facts, policy, NOW).actions).toEqual([]);
  });

  test('a comment whose carrying is in doubt for good is not sent under the name of a later version', () => {
    const facts = agreedFacts({}, { comments: [aComment({ id: '7' })] });
    const [action] = decide(facts, policy, NOW).actions;
    if (action === undefined) {
      throw new Error('nothing to refuse');
    }
    const refused = { [action.key]: { action, code: 'STILL_IN_DOUBT', at: NOW } };
    const later = agreedFacts({}, { comments: [aComment({ id: '7', editedAt: EDITED })] }, { refused });

    expect(decide(later, policy, NOW.plus({ days: 1 })).actions).toEqual([]);
  });

  /** What is to be done where, of so many carried comments, the last one was edited. */
  const editedLast = (count: number) => {
    const comments = Array.from({ length: count }, (_, index) => aComment({ id: String(index + 1) }));
    const copies = comments.map(({ id }) => aComment({ id: `1${id}`, marker: `comment:otrs:${id}` }));
    const [last] = comments.splice(-1);
    const facts = agreedFacts(
      { comments: [first, ...copies] },
      { comments: [...comments, { ...(last ?? first), editedAt: EDITED }] },
    );
    return decide(facts, policy, NOW).actions;
  };

  test('of ten thousand carried comments one edit is found', () => {
    expect(editedLast(10_000)).toMatchObject([{ key: `comment:otrs:10000@${VERSION}` }]);
  });

  test('of many carried comments an edit is found in as much longer as there are more of them', () => {
    expect(growth(editedLast, 8_000)).toBeLessThan(NEARLY_LINEAR);
  });
});

test.each([
  ['{comment.edited}:', '{comment.changed}:', /edits\.note\.to_ticket: unknown placeholder \{comment\.changed\}/],
  ['to_ticket: as_note', 'to_ticket: as_edit', /edits\.to_ticket/],
  ['internal_notes: stay', 'internal_notes: public', /to_issue\.internal_notes/],
  ['restricted_comments: stay', 'restricted_comments: public', /to_ticket\.restricted_comments/],
])('%s -> %s in comments.yaml is a fault with its line', async (from, to, fault) => {
  const faults = await faultsWith({ file: 'comments.yaml', from, to });

  expect(faults).toMatch(fault);
  expect(faults).toMatch(/comments\.yaml:\d+:\d+/);
});
