import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import type { Comment } from '../../src/domain/ticket.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, agreedFacts, NOW } from '../support/records.ts';

const policy = quietPolicy;
const first = aComment({ id: '100', by: 'requester' });

const carriedFromTicket = (...comments: Comment[]) =>
  decide(agreedFacts({ comments: [first, ...comments] }), policy, NOW).actions;
const carriedFromIssue = (...comments: Comment[]) => decide(agreedFacts({}, { comments }), policy, NOW).actions;

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
